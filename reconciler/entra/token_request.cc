#include "reconciler/entra/token_request.h"

#include <utility>
#include <vector>

#include "reconciler/core/text.h"

namespace reconciler::entra {
namespace {

constexpr std::chrono::seconds kPatience{20};
constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

std::string Form(const Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) {
    if (!text.empty()) text += '&';
    text += PercentEncode(name) + "=" + PercentEncode(value);
  }
  return text;
}

/// The parameter that chooses a user-assigned identity.
Pairs Selector(const Identity& identity) {
  if (!identity.client_id.empty()) return {{"client_id", identity.client_id}};
  if (!identity.object_id.empty()) return {{"object_id", identity.object_id}};
  if (!identity.resource_id.empty()) return {{"msi_res_id", identity.resource_id}};
  return {};
}

HttpRequest MachineRequest(const Identity& identity) {
  Pairs pairs = {{"api-version", "2018-02-01"}, {"resource", identity.resource}};
  for (const auto& pair : Selector(identity)) pairs.push_back(pair);
  HttpRequest request{"GET", "/metadata/identity/oauth2/token?" + Form(pairs)};
  request.headers = {{"Metadata", "true"}};
  return request;
}

}  // namespace

std::string TokenPath(const Identity& identity) {
  return "/" + PercentEncode(identity.tenant) + "/oauth2/v2.0/token";
}

HttpRequest TokenRequest(const Identity& identity, std::string_view proof, const std::string& id) {
  HttpRequest request;
  if (identity.flow == Flow::kManagedIdentity) {
    request = MachineRequest(identity);
  } else {
    // The resource ends with a slash of its own, so there are two.
    const std::string scope = identity.resource + "/.default";
    Pairs pairs = {
        {"grant_type", "client_credentials"}, {"client_id", identity.client_id}, {"scope", scope}};
    if (identity.flow == Flow::kClientSecret) {
      pairs.push_back({"client_secret", proof});
    } else {
      pairs.push_back({"client_assertion_type", kAssertionType});
      pairs.push_back({"client_assertion", proof});
    }
    request = {"POST", TokenPath(identity), Form(pairs)};
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  }
  request.headers.emplace_back("Accept", "application/json");
  request.headers.emplace_back("client-request-id", id);
  request.timeout = kPatience;
  return request;
}

}  // namespace reconciler::entra
