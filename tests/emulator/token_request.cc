#include "tests/emulator/token_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace emulator {

namespace {

constexpr std::array<std::string_view, 3> kBatchResources{"https://batch.core.windows.net/",
                                                          "https://batch.core.usgovcloudapi.net/",
                                                          "https://batch.chinacloudapi.cn/"};
/// Others that exist: their tokens open no Batch account. The first lacks the slash.
constexpr std::array<std::string_view, 4> kOtherResources{
    "https://batch.core.windows.net", "https://management.azure.com",
    "https://management.azure.com/", "https://graph.microsoft.com"};
constexpr std::string_view kScopeEnd = "/.default";

template <class List>
bool Has(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

IssuerError Missing(std::string_view field) {
  return InvalidRequest(
      900144, fmt::format("The request body must contain the following parameter: '{}'.", field));
}

/// An absent Content-Type counts as that of a form.
bool IsForm(const Request& request) {
  const std::string* const type = FindHeader(request.headers, "Content-Type");
  return type == nullptr || Lower(*type).rfind("application/x-www-form-urlencoded", 0) == 0;
}

}  // namespace

const std::string* TokenRequest::Field(std::string_view name) const {
  const std::string* const value = form.Find(name);
  return value == nullptr || value->empty() ? nullptr : value;
}

std::optional<TokenRequest> ReadTokenRequest(const Request& request) {
  const Target target = ParseTarget(request.target);
  const auto parts = Split(target.path, '/');  // the first is empty
  if (parts.size() < 4 || parts.size() > 5 || parts[2] != "oauth2" || parts.back() != "token") {
    return std::nullopt;
  }
  const bool v2 = parts.size() == 5;
  if (v2 && parts[3] != "v2.0") return std::nullopt;
  return TokenRequest{PercentDecode(parts[1], false), v2,
                      IsForm(request) ? ParseTarget("?" + request.body) : Target{}};
}

std::optional<IssuerError> UnknownTenant(const std::string& asked, const std::string& tenant) {
  if (EqualsIgnoringCase(asked, tenant)) return std::nullopt;
  return InvalidRequest(
      90002, fmt::format("Tenant '{}' not found. Check to make sure you have the correct tenant "
                         "ID and are signing into the correct cloud.",
                         asked));
}

std::optional<IssuerError> BrokenRequest(const TokenRequest& call, const std::string& method,
                                         const std::string& tenant) {
  if (method != "POST") {
    return InvalidRequest(
        900561,
        fmt::format("The endpoint only accepts POST requests. Received a {} request.", method));
  }
  if (auto unknown = UnknownTenant(call.tenant, tenant)) return unknown;
  const std::string* const grant = call.Field("grant_type");
  if (grant == nullptr) return Missing("grant_type");
  if (*grant != "client_credentials") {
    return IssuerError{400, "unsupported_grant_type", 70003,
                       fmt::format("The app requested an unsupported grant type '{}'.", *grant)};
  }
  if (call.Field("client_id") == nullptr) return Missing("client_id");
  return std::nullopt;
}

std::variant<std::string, IssuerError> ResourceOf(const TokenRequest& call) {
  const std::string* const sent = call.Field(call.v2 ? "scope" : "resource");
  if (sent == nullptr) return Missing(call.v2 ? "scope" : "resource");
  std::string resource = *sent;
  if (call.v2) {
    const bool formed = resource.size() > kScopeEnd.size() &&
                        resource.find(' ') == std::string::npos &&
                        resource.substr(resource.size() - kScopeEnd.size()) == kScopeEnd;
    if (!formed) {
      return IssuerError{400, "invalid_scope", 70011,
                         fmt::format("The provided value for the input parameter 'scope' is not "
                                     "valid. The scope {} is not valid.",
                                     resource)};
    }
    resource.resize(resource.size() - kScopeEnd.size());
  }
  if (auto unknown = UnknownResource(resource)) return *unknown;
  return resource;
}

std::optional<IssuerError> UnknownResource(const std::string& resource) {
  if (IsBatchResource(resource) || Has(kOtherResources, resource)) return std::nullopt;
  return IssuerError{
      400, "invalid_resource", 500011,
      fmt::format("The resource principal named {} was not found in the tenant.", resource)};
}

bool IsBatchResource(std::string_view resource) { return Has(kBatchResources, resource); }

}  // namespace emulator
