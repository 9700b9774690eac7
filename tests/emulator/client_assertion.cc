#include "tests/emulator/client_assertion.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/emulator/access_token.h"
#include "tests/emulator/http_text.h"
#include "tests/emulator/json.h"
#include "tests/emulator/public_key.h"

namespace emulator {

namespace {

using Broken = std::optional<IssuerError>;

struct Assertion {
  Json header, claims;
  std::string signed_part, signature;
};

std::optional<Assertion> Read(std::string_view text) {
  const auto parts = Split(text, '.');
  if (parts.size() != 3) return std::nullopt;
  const auto header = Base64UrlDecode(parts[0]), claims = Base64UrlDecode(parts[1]),
             signature = Base64UrlDecode(parts[2]);
  if (!header || !claims || !signature) return std::nullopt;
  auto header_json = ParseJson(*header), claims_json = ParseJson(*claims);
  if (!header_json || !claims_json) return std::nullopt;
  return Assertion{*std::move(header_json), *std::move(claims_json),
                   std::string(text.substr(0, text.rfind('.'))), *signature};
}

std::optional<Instant> TimeClaim(const Assertion& assertion, std::string_view name) {
  const Json* const value = assertion.claims.Find(name);
  if (value == nullptr || value->AsInteger() == nullptr) return std::nullopt;
  return FromEpochSeconds(*value->AsInteger());
}

Broken OutOfTime(const Assertion& assertion, Instant now) {
  const auto begins = TimeClaim(assertion, "nbf"), ends = TimeClaim(assertion, "exp");
  if (ends && now < *ends && (!begins || now >= *begins)) return std::nullopt;
  const auto shown = [](std::optional<Instant> time) {
    return time ? FormatTime(*time) : std::string{"(none)"};
  };
  return InvalidClient(
      700024, fmt::format("Client assertion is not within its valid time range. Current time: {}, "
                          "assertion valid from {}, expiry time of assertion {}.",
                          FormatTime(now), shown(begins), shown(ends)));
}

/// `aud` is a text or a list of them.
bool HasAudience(const Assertion& assertion, const auto& accept) {
  const Json* const audience = assertion.claims.Find("aud");
  if (audience == nullptr) return false;
  if (const auto* text = audience->AsString()) return accept(*text);
  if (audience->AsList() == nullptr) return false;
  return std::any_of(audience->AsList()->begin(), audience->AsList()->end(), [&](const Json& one) {
    return one.AsString() != nullptr && accept(*one.AsString());
  });
}

IssuerError BadSignature(std::string_view reason, std::string_view thumbprint) {
  return InvalidClient(700027,
                       fmt::format("Client assertion contains an invalid signature. [Reason - {}, "
                                   "Thumbprint of key used by client: '{}'].",
                                   reason, thumbprint));
}

/// By the certificate that the header names.
Broken UnsignedByCertificate(const Assertion& assertion, const EntraApplication& application,
                             Instant now) {
  const std::string sha256 = assertion.header.Text("x5t#S256"), sha1 = assertion.header.Text("x5t");
  const std::string& shown = sha256.empty() ? sha1 : sha256;
  const auto keys = ReadPublicKeys(application.certificates);
  const auto named = std::find_if(keys.begin(), keys.end(), [&](const PublicKey& key) {
    if (key.sha1.empty() || shown.empty()) return false;
    return (sha256.empty() || sha256 == key.sha256) && (sha1.empty() || sha1 == key.sha1);
  });
  if (named == keys.end()) return BadSignature("The key was not found.", shown);
  if ((named->not_before && now < *named->not_before) ||
      (named->not_after && now > *named->not_after)) {
    return BadSignature("The key used is expired.", shown);
  }
  if (!Verifies(*named, assertion.header.Text("alg"), assertion.signed_part, assertion.signature)) {
    return BadSignature("The key was found, but use of the key to verify the signature failed.",
                        shown);
  }
  return std::nullopt;
}

Broken BrokenOwnAssertion(const Assertion& assertion, const EntraApplication& application,
                          const AssertionPlace& place) {
  if (!EqualsIgnoringCase(assertion.claims.Text("sub"), application.client_id)) {
    return InvalidClient(700021,
                         "Client assertion application identifier doesn't match 'client_id' "
                         "parameter.");
  }
  if (auto broken = UnsignedByCertificate(assertion, application, place.now)) return broken;
  if (!HasAudience(assertion, [&](const std::string& one) { return NamesEndpoint(one, place); })) {
    return InvalidClient(700023, "Client assertion audience claim does not match Realm issuer.");
  }
  return OutOfTime(assertion, place.now);
}

Broken BrokenFederated(const Assertion& assertion, const EntraApplication& application,
                       Instant now) {
  const std::string issuer = assertion.claims.Text("iss"), subject = assertion.claims.Text("sub");
  IssuerError nearest = InvalidClient(
      700211, fmt::format("No matching federated identity record found for presented assertion "
                          "issuer '{}'.",
                          issuer));
  for (const FederatedCredential& credential : application.federated) {
    if (credential.issuer.empty() || credential.issuer != issuer) continue;
    if (credential.subject != subject) {
      nearest = InvalidClient(700213, fmt::format("No matching federated identity record found "
                                                  "for presented assertion subject '{}'.",
                                                  subject));
      continue;
    }
    if (!HasAudience(assertion,
                     [&](const std::string& one) { return one == credential.audience; })) {
      nearest = InvalidClient(700212,
                              "No matching federated identity record found for presented "
                              "assertion audience.");
      continue;
    }
    const auto keys = ReadPublicKeys(credential.key);
    const bool good = std::any_of(keys.begin(), keys.end(), [&](const PublicKey& key) {
      return Verifies(key, assertion.header.Text("alg"), assertion.signed_part,
                      assertion.signature);
    });
    if (good) return OutOfTime(assertion, now);
    nearest = InvalidClient(50013, "Assertion failed signature validation.");
  }
  return nearest;
}

std::string HostName(std::string_view authority) {
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    authority = authority.substr(0, colon);
  }
  std::string name = Lower(authority);
  constexpr std::string_view kLocal = ".localhost";
  const bool local =
      name == "127.0.0.1" || name == "[::1]" ||
      (name.size() > kLocal.size() && name.substr(name.size() - kLocal.size()) == kLocal);
  return local ? "localhost" : name;
}

}  // namespace

bool NamesEndpoint(std::string_view audience, const AssertionPlace& place) {
  const auto scheme = audience.find("://");
  if (scheme == std::string_view::npos) return false;
  audience.remove_prefix(scheme + 3);
  const auto slash = std::min(audience.find('/'), audience.size());
  if (HostName(audience.substr(0, slash)) != HostName(place.host)) return false;
  std::string path = Lower(audience.substr(slash));
  if (!path.empty() && path.back() == '/') path.pop_back();
  const std::string tenant = '/' + Lower(place.tenant);
  return path == tenant + "/oauth2/v2.0/token" || path == tenant + "/oauth2/token" ||
         path == tenant + "/v2.0";
}

std::variant<AcceptedAssertion, IssuerError> JudgeAssertion(const std::string& text,
                                                            const EntraApplication& application,
                                                            const AssertionPlace& place) {
  for (const FederatedCredential& credential : application.federated) {
    if (!credential.token.empty() && Trim(text) == Trim(credential.token)) {
      return AcceptedAssertion{};
    }
  }
  const auto assertion = Read(text);
  if (!assertion) {
    return InvalidClient(50027, "JWT token is invalid or malformed.");
  }
  const std::string algorithm = assertion->header.Text("alg");
  if (algorithm != "RS256" && algorithm != "PS256") {
    return InvalidClient(5002738, fmt::format("Invalid JWT token. '{}' is not a supported "
                                              "signature algorithm. Supported signing algorithms "
                                              "are: 'RS256, PS256'.",
                                              algorithm));
  }
  const bool own = EqualsIgnoringCase(assertion->claims.Text("iss"), application.client_id);
  const Broken broken = own ? BrokenOwnAssertion(*assertion, application, place)
                            : BrokenFederated(*assertion, application, place.now);
  if (broken) return *broken;
  return AcceptedAssertion{own ? assertion->claims.Text("jti") : std::string{},
                           *TimeClaim(*assertion, "exp")};
}

}  // namespace emulator
