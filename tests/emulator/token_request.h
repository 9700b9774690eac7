// A call of a token endpoint, before anybody's credentials are looked at.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tests/emulator/http_text.h"
#include "tests/emulator/issuer_error.h"

namespace emulator {

struct TokenRequest {
  std::string tenant;
  /// `/oauth2/v2.0/token` takes `scope`; `/oauth2/token` takes `resource` and spells its numbers as
  /// texts.
  bool v2 = true;
  Target form;

  /// Null when absent or empty.
  const std::string* Field(std::string_view name) const;
};

/// Nothing when the path is not the one of a token endpoint.
std::optional<TokenRequest> ReadTokenRequest(const Request& request);

/// The error when the issuer's tenant is another one than `asked`.
std::optional<IssuerError> UnknownTenant(const std::string& asked, const std::string& tenant);
/// A wrong method or tenant, a missing field.
std::optional<IssuerError> BrokenRequest(const TokenRequest& call, const std::string& method,
                                         const std::string& tenant);
/// The resource that is asked for: `https://batch.core.windows.net/`, with its slash.
std::variant<std::string, IssuerError> ResourceOf(const TokenRequest& call);
/// The error when nobody serves that resource.
std::optional<IssuerError> UnknownResource(const std::string& resource);
/// Whether a token for this resource opens Batch accounts.
bool IsBatchResource(std::string_view resource);

}  // namespace emulator
