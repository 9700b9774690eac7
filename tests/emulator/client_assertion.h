// Assertions that sign an application in: by its certificate, or by a token of another issuer.
#pragma once

#include <string>
#include <variant>

#include "tests/emulator/issuer_config.h"
#include "tests/emulator/issuer_error.h"

namespace emulator {

/// Where and when an assertion came.
struct AssertionPlace {
  std::string tenant;
  /// Host as the caller spelled it.
  std::string host;
  Instant now{};
};

struct AcceptedAssertion {
  /// The `jti` of a certificate's assertion; empty when there is none.
  std::string id;
  Instant expires{};
};

/// Source: Microsoft identity platform, "Certificate credentials" and "Workload identity
/// federation"; numbers and words of the errors from their reference.
std::variant<AcceptedAssertion, IssuerError> JudgeAssertion(const std::string& text,
                                                            const EntraApplication& application,
                                                            const AssertionPlace& place);

/// Whether `audience` is a token endpoint of the tenant at that host. Port and scheme do not
/// matter, the names of this machine are all one.
bool NamesEndpoint(std::string_view audience, const AssertionPlace& place);

}  // namespace emulator
