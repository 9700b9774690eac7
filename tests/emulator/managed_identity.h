// The endpoint of a machine's metadata service that gives tokens to its identities.
#pragma once

#include <variant>

#include "tests/emulator/http_text.h"
#include "tests/emulator/issuer_config.h"
#include "tests/emulator/service.h"

namespace emulator {

inline constexpr char kIdentityPath[] = "/metadata/identity/oauth2/token";

struct IdentityError {
  int status = 400;
  std::string error, description;
};

struct IdentityRequest {
  const ManagedIdentity* identity = nullptr;
  std::string resource;
};

/// Which identity asks for which resource.
/// Source: "How to use managed identities on an Azure VM to acquire an access token".
std::variant<IdentityRequest, IdentityError> ReadIdentityRequest(
    const Request& request, const Target& target, const std::vector<ManagedIdentity>& identities);

Response IdentityErrorResponse(const IdentityError& error, Instant now);

}  // namespace emulator
