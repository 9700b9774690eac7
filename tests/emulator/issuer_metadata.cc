#include "tests/emulator/issuer_metadata.h"

#include <fmt/format.h>

#include "tests/emulator/http_text.h"
#include "tests/emulator/json.h"

namespace emulator {

std::optional<std::string> MetadataTenant(const Request& request) {
  constexpr std::string_view kEnd = "/v2.0/.well-known/openid-configuration";
  const std::string path = ParseTarget(request.target).path;
  if (path.size() <= kEnd.size() + 1 || path.substr(path.size() - kEnd.size()) != kEnd) {
    return std::nullopt;
  }
  const std::string tenant = path.substr(1, path.size() - kEnd.size() - 1);
  if (tenant.find('/') != std::string::npos) return std::nullopt;
  return PercentDecode(tenant, false);
}

std::string MetadataBody(const std::string& authority) {
  const auto texts = [](std::initializer_list<const char*> items) {
    Json::List list;
    for (const char* const item : items) list.emplace_back(std::string{item});
    return Json{std::move(list)};
  };
  Json body{Json::Object{}};
  body.Set("token_endpoint", Json{authority + "/oauth2/v2.0/token"});
  body.Set("token_endpoint_auth_methods_supported",
           texts({"client_secret_post", "private_key_jwt"}));
  body.Set("jwks_uri", Json{authority + "/discovery/v2.0/keys"});
  body.Set("issuer", Json{authority + "/v2.0"});
  body.Set("authorization_endpoint", Json{authority + "/oauth2/v2.0/authorize"});
  return JsonText(body);
}

std::optional<std::string> DiscoveryBody(const Request& request, const std::string& endpoint,
                                         const std::string& tenant) {
  const std::string path = ParseTarget(request.target).path;
  if (path == fmt::format("/{}/discovery/v2.0/keys", tenant)) return R"({"keys":[]})";
  if (path != "/common/discovery/instance") return std::nullopt;
  const std::string host = endpoint.substr(endpoint.find("://") + 3);
  Json authority{Json::Object{}};
  authority.Set("preferred_network", Json{host});
  authority.Set("preferred_cache", Json{host});
  authority.Set("aliases", Json{Json::List{Json{host}}});
  Json body{Json::Object{}};
  body.Set("tenant_discovery_endpoint",
           Json{fmt::format("{}/{}/v2.0/.well-known/openid-configuration", endpoint, tenant)});
  body.Set("api-version", Json{std::string{"1.1"}});
  body.Set("metadata", Json{Json::List{std::move(authority)}});
  return JsonText(body);
}

}  // namespace emulator
