#include "reconciler/entra/assertion.h"

#include <fmt/format.h>

#include <span>

#include "reconciler/core/digest.h"
#include "reconciler/core/json.h"
#include "reconciler/entra/token_request.h"

namespace reconciler::entra {
namespace {

constexpr std::chrono::minutes kValidFor{10};

std::string Encoded(const Value& value) {
  const std::string text = WriteJson(value);
  return Base64Url({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
}

std::int64_t Epoch(Instant time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

std::string TokenUrl(const Identity& identity) {
  const Endpoint& server = identity.server;
  const int usual = server.scheme == "https" ? 443 : 80;
  const std::string port = server.port == usual ? "" : fmt::format(":{}", server.port);
  return server.scheme + "://" + server.host + port + TokenPath(identity);
}

Result<std::string> MakeAssertion(const Identity& identity, const ClientCertificate& certificate,
                                  const std::string& id, Instant now) {
  const bool pss = identity.algorithm == AssertionAlgorithm::kPs256;
  Object header{{"alg", pss ? "PS256" : "RS256"}, {"typ", "JWT"}};
  if (pss) {
    header.push_back({"x5t#S256", Value(certificate.ThumbprintSha256())});
  } else {
    header.push_back({"x5t", Value(certificate.ThumbprintSha1())});
  }
  const Object claims{{"aud", TokenUrl(identity)}, {"exp", Epoch(now + kValidFor)},
                      {"iss", identity.client_id}, {"jti", id},
                      {"nbf", Epoch(now)},         {"sub", identity.client_id}};
  const std::string text = Encoded(header) + "." + Encoded(claims);
  auto signature = certificate.Sign(text, identity.algorithm);
  if (!signature) return std::move(signature).error();
  return text + "." + *signature;
}

}  // namespace reconciler::entra
