#include "tests/emulator/issuer.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "tests/emulator/client_assertion.h"
#include "tests/emulator/issuer_metadata.h"
#include "tests/emulator/json.h"
#include "tests/emulator/managed_identity.h"

namespace emulator {

namespace {

constexpr std::string_view kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

bool Same(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::optional<IssuerError> BrokenSecret(const TokenRequest& call,
                                        const EntraApplication& application) {
  const std::string* const secret = call.Field("client_secret");
  if (secret == nullptr) {
    return InvalidClient(7000218,
                         "The request body must contain the following parameter: "
                         "'client_assertion' or 'client_secret'.");
  }
  if (!application.secret.empty() && Same(application.secret, *secret)) return std::nullopt;
  return InvalidClient(
      7000215,
      fmt::format("Invalid client secret provided. Ensure the secret being sent in the request is "
                  "the client secret value, not the client secret ID, for a secret added to app "
                  "'{}'.",
                  application.client_id));
}

std::string TokenBody(const std::string& token, bool v2, const AccessClaims& claims,
                      std::int64_t refresh_in) {
  const auto number = [v2](std::int64_t value) {
    return v2 ? Json{value} : Json{std::to_string(value)};
  };
  const std::int64_t lifetime = EpochSeconds(claims.expires) - EpochSeconds(claims.issued);
  Json body{Json::Object{}};
  body.Set("token_type", Json{std::string{"Bearer"}});
  body.Set("expires_in", number(lifetime));
  body.Set("ext_expires_in", number(lifetime));
  if (refresh_in > 0) body.Set("refresh_in", number(refresh_in));
  if (!v2) {
    body.Set("expires_on", number(EpochSeconds(claims.expires)));
    body.Set("not_before", number(EpochSeconds(claims.issued)));
    body.Set("resource", Json{claims.audience});
  }
  body.Set("access_token", Json{token});
  return JsonText(body);
}

std::int64_t WholeSeconds(std::chrono::milliseconds time) {
  return std::chrono::floor<std::chrono::seconds>(time).count();
}

}  // namespace

Issuer::Issuer(const IssuerConfig& config, std::uint64_t seed)
    : config_(config), mint_(seed), random_(seed ^ 0x697373756572U) {}

std::string Issuer::Authority(const std::string& endpoint) const {
  return fmt::format("{}/{}", endpoint, config_.tenant);
}

std::optional<Response> Issuer::Answer(const Request& request, const std::string& endpoint,
                                       Instant now) {
  if (const Target target = ParseTarget(request.target); target.path == kIdentityPath) {
    return AnswerIdentity(request, target, endpoint, now);
  }
  if (const auto tenant = MetadataTenant(request)) {
    if (auto unknown = UnknownTenant(*tenant, config_.tenant)) {
      return ErrorResponse(*unknown, request, random_, now);
    }
    return IssuerResponse(200, MetadataBody(Authority(endpoint)), now);
  }
  if (auto body = DiscoveryBody(request, endpoint, config_.tenant)) {
    return IssuerResponse(200, *std::move(body), now);
  }
  const auto call = ReadTokenRequest(request);
  if (!call) return std::nullopt;
  const auto judged = Judge(*call, request, now);
  if (const auto* error = std::get_if<IssuerError>(&judged)) {
    return ErrorResponse(*error, request, random_, now);
  }
  const Granted& granted = std::get<Granted>(judged);
  const AccessClaims claims = Claims(granted.resource, granted.application->client_id, now);
  const std::string token = mint_.Make(claims, Authority(endpoint), random_.Guid());
  return IssuerResponse(200, TokenBody(token, call->v2, claims, WholeSeconds(config_.refresh_in)),
                        now);
}

Response Issuer::AnswerIdentity(const Request& request, const Target& target,
                                const std::string& endpoint, Instant now) {
  if (identity_calls_ < config_.identity_failures.size()) {
    return IdentityErrorResponse(
        {config_.identity_failures[identity_calls_++], "failed", "As configured"}, now);
  }
  const auto read = ReadIdentityRequest(request, target, config_.identities);
  if (const auto* error = std::get_if<IdentityError>(&read)) {
    return IdentityErrorResponse(*error, now);
  }
  const auto& [identity, resource] = std::get<IdentityRequest>(read);
  const AccessClaims claims = Claims(resource, identity->client_id, now);
  const std::string token = mint_.Make(claims, Authority(endpoint), random_.Guid());
  Json body = *ParseJson(TokenBody(token, false, claims, WholeSeconds(config_.refresh_in)));
  body.Set("client_id", Json{identity->client_id});
  return IssuerResponse(200, JsonText(body), now);
}

std::variant<Issuer::Granted, IssuerError> Issuer::Judge(const TokenRequest& call,
                                                         const Request& request, Instant now) {
  if (auto broken = BrokenRequest(call, request.method, config_.tenant)) return *broken;
  auto resource = ResourceOf(call);
  if (const auto* error = std::get_if<IssuerError>(&resource)) return *error;
  const std::string& client_id = *call.Field("client_id");
  const EntraApplication* const application = FindApplication(client_id);
  if (application == nullptr) {
    return IssuerError{
        400, "unauthorized_client", 700016,
        fmt::format("Application with identifier '{}' was not found in the directory '{}'.",
                    client_id, config_.tenant)};
  }
  if (auto broken = BrokenCredential(call, *application, request, now)) return *broken;
  return Granted{application, std::get<std::string>(std::move(resource))};
}

std::optional<IssuerError> Issuer::BrokenCredential(const TokenRequest& call,
                                                    const EntraApplication& application,
                                                    const Request& request, Instant now) {
  const std::string* const type = call.Field("client_assertion_type");
  const std::string* const assertion = call.Field("client_assertion");
  if (assertion == nullptr || type == nullptr || *type != kAssertionType) {
    return BrokenSecret(call, application);
  }
  const std::string* const host = FindHeader(request.headers, "Host");
  const auto judged =
      JudgeAssertion(*assertion, application,
                     {config_.tenant, host == nullptr ? std::string{"localhost"} : *host, now});
  if (const auto* error = std::get_if<IssuerError>(&judged)) return *error;
  const auto& accepted = std::get<AcceptedAssertion>(judged);
  return Replayed(application.client_id, accepted.id, accepted.expires, now);
}

std::optional<IssuerError> Issuer::Replayed(const std::string& client_id, const std::string& id,
                                            Instant expires, Instant now) {
  if (!config_.reject_replayed_assertions || id.empty()) return std::nullopt;
  std::erase_if(seen_assertions_, [now](const auto& seen) { return seen.second <= now; });
  if (seen_assertions_.emplace(client_id + ' ' + id, expires).second) return std::nullopt;
  return InvalidClient(
      700027, fmt::format("Client assertion with the identifier '{}' was used before.", id));
}

const EntraApplication* Issuer::FindApplication(std::string_view client_id) const {
  for (const EntraApplication& application : config_.applications) {
    if (EqualsIgnoringCase(application.client_id, client_id)) return &application;
  }
  return nullptr;
}

AccessClaims Issuer::Claims(const std::string& resource, const std::string& client_id,
                            Instant now) const {
  const Instant issued = FromEpochSeconds(EpochSeconds(now));
  return {resource, client_id, config_.tenant, issued,
          issued + std::chrono::floor<std::chrono::seconds>(config_.token_lifetime)};
}

std::variant<const Grant*, std::string> Issuer::Check(std::string_view token, Instant now) const {
  const auto claims = mint_.Read(token);
  if (!claims) return "The token was not issued here or was changed";
  if (!IsBatchResource(claims->audience)) {
    return fmt::format("The audience '{}' is not the one of Batch", claims->audience);
  }
  if (claims->tenant != config_.tenant) {
    return fmt::format("The tenant '{}' is not the one of the account", claims->tenant);
  }
  if (now >= claims->expires) {
    return fmt::format("The token expired at {}", FormatHttpDate(claims->expires));
  }
  if (const Grant* const grant = FindGrant(claims->client_id)) return grant;
  return "The caller is not known in the tenant";
}

const Grant* Issuer::FindGrant(std::string_view client_id) const {
  if (const EntraApplication* const found = FindApplication(client_id)) return &found->grant;
  for (const ManagedIdentity& identity : config_.identities) {
    if (EqualsIgnoringCase(identity.client_id, client_id)) return &identity.grant;
  }
  return nullptr;
}

}  // namespace emulator
