// What client libraries read about an issuer before they ask it for tokens.
#pragma once

#include <optional>
#include <string>

#include "tests/emulator/issuer_error.h"

namespace emulator {

/// The tenant as the path of a metadata document spells it; nothing when the path is none of one.
std::optional<std::string> MetadataTenant(const Request& request);

/// The members that clients with credentials of their own read.
/// Source: "OpenID Connect on the Microsoft identity platform", sample response.
std::string MetadataBody(const std::string& authority);

/// The keys of the tenant, which has none to tell (tokens are for this service alone), and the
/// discovery of instances, which names this host. Nothing when the path is another one.
std::optional<std::string> DiscoveryBody(const Request& request, const std::string& endpoint,
                                         const std::string& tenant);

}  // namespace emulator
