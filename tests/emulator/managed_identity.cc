#include "tests/emulator/managed_identity.h"

#include <algorithm>

#include "tests/emulator/issuer_error.h"
#include "tests/emulator/json.h"
#include "tests/emulator/token_request.h"

namespace emulator {

namespace {

IdentityError Invalid(std::string description) {
  return {400, "invalid_request", std::move(description)};
}

bool IsUserAssigned(const ManagedIdentity& identity) { return !identity.resource_id.empty(); }

/// Without a selector: the one of the system, else the only one.
std::variant<const ManagedIdentity*, IdentityError> DefaultIdentity(
    const std::vector<ManagedIdentity>& identities) {
  const auto system = std::find_if_not(identities.begin(), identities.end(), IsUserAssigned);
  if (system != identities.end()) return &*system;
  if (identities.empty()) return Invalid("Identity not found");
  if (identities.size() == 1) return &identities.front();
  return Invalid(
      "Multiple user assigned identities exist, please specify the clientId / resourceId of the "
      "identity in the token request");
}

std::variant<const ManagedIdentity*, IdentityError> Select(
    const Target& target, const std::vector<ManagedIdentity>& identities) {
  struct Selector {
    const char* name;
    std::string ManagedIdentity::*member;
  };
  bool selected = false;
  for (const Selector selector : {Selector{"client_id", &ManagedIdentity::client_id},
                                  Selector{"object_id", &ManagedIdentity::object_id},
                                  Selector{"msi_res_id", &ManagedIdentity::resource_id},
                                  Selector{"mi_res_id", &ManagedIdentity::resource_id}}) {
    const std::string* const value = target.Find(selector.name);
    if (value == nullptr || value->empty()) continue;
    selected = true;
    for (const ManagedIdentity& identity : identities) {
      if (EqualsIgnoringCase(identity.*selector.member, *value)) return &identity;
    }
  }
  if (selected) return Invalid("Identity not found");
  return DefaultIdentity(identities);
}

}  // namespace

std::variant<IdentityRequest, IdentityError> ReadIdentityRequest(
    const Request& request, const Target& target, const std::vector<ManagedIdentity>& identities) {
  if (request.method != "GET") return IdentityError{405, "method_not_allowed", "Use GET"};
  const std::string* const metadata = FindHeader(request.headers, "Metadata");
  if (metadata == nullptr || !EqualsIgnoringCase(*metadata, "true")) {
    return Invalid("Required metadata header not specified");
  }
  if (FindHeader(request.headers, "X-Forwarded-For") != nullptr) {
    return Invalid("The request came through a proxy");
  }
  const std::string* const version = target.Find("api-version");
  if (version == nullptr || *version < "2018-02-01") {
    return Invalid("The api-version is missing or not supported");
  }
  const std::string* const resource = target.Find("resource");
  if (resource == nullptr || resource->empty()) {
    return Invalid("Required query variable 'resource' is missing");
  }
  const auto selected = Select(target, identities);
  if (const auto* error = std::get_if<IdentityError>(&selected)) return *error;
  if (const auto unknown = UnknownResource(*resource)) {
    return IdentityError{400, unknown->error, "AADSTS500011: " + unknown->sentence};
  }
  return IdentityRequest{std::get<const ManagedIdentity*>(selected), *resource};
}

Response IdentityErrorResponse(const IdentityError& error, Instant now) {
  Json body{Json::Object{}};
  body.Set("error", Json{error.error});
  body.Set("error_description", Json{error.description});
  return IssuerResponse(error.status, JsonText(body), now);
}

}  // namespace emulator
