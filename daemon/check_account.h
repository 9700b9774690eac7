// From what one account answered to the lines of `check`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/check.h"
#include "daemon/name_lookup.h"
#include "daemon/secret_source.h"
#include "daemon/service_reach.h"
#include "reconciler/batch/probe.h"
#include "reconciler/core/ports.h"

namespace reconciler::daemon {

/// All that was looked at. What came later than a failure may be left out.
struct AccountLook {
  std::string account{};
  Endpoint endpoint{};
  std::string api_version{};
  SecretLocation key_location{};
  std::string key_problem{};      // empty: the key was read, or what proves the identity
  std::string identity{};         // as whom, and where, one signs in to Entra ID; empty: by a key
  std::string sign_in_problem{};  // of Entra ID; empty: there is a token
  std::optional<ServiceTrouble> key_service{};
  std::string proxy{};  // "http://proxy.corp:3128"; empty: none, names are looked up here
  std::optional<NameLookup> name{};
  std::optional<batch::Probe> probe{};
};

/// One line per subject from the key to the api-version, whatever was found.
std::vector<CheckLine> LinesOf(const AccountLook& look);

/// Where a secret lies, never what it is: "/etc/poolkeeper/contoso.key", "credential 'contoso'".
std::string PlaceOf(const SecretLocation& location);
/// What makes a secret readable. `problem`: why it is not; `what`: "the key of the account, as the
/// portal shows it,".
std::string SecretFix(const SecretLocation& location, std::string_view problem,
                      std::string_view what);

}  // namespace reconciler::daemon
