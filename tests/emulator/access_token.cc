#include "tests/emulator/access_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>

#include "tests/emulator/http_text.h"
#include "tests/emulator/json.h"

namespace emulator {

std::int64_t EpochSeconds(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

Instant FromEpochSeconds(std::int64_t seconds) {
  return Instant{
      std::chrono::seconds{std::clamp(seconds, EpochSeconds(kEarliest), EpochSeconds(kLatest))}};
}

std::string TokenMint::Signature(std::string_view signed_part) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
       reinterpret_cast<const unsigned char*>(signed_part.data()), signed_part.size(),
       digest.data(), &size);
  return Base64UrlEncode({reinterpret_cast<const char*>(digest.data()), size});
}

std::string TokenMint::Make(const AccessClaims& claims, const std::string& issuer,
                            const std::string& id) const {
  Json body{Json::Object{}};
  body.Set("aud", Json{claims.audience});
  body.Set("iss", Json{issuer});
  body.Set("iat", Json{EpochSeconds(claims.issued)});
  body.Set("nbf", Json{EpochSeconds(claims.issued)});
  body.Set("exp", Json{EpochSeconds(claims.expires)});
  body.Set("appid", Json{claims.client_id});
  body.Set("tid", Json{claims.tenant});
  body.Set("uti", Json{id});
  body.Set("ver", Json{std::string{"1.0"}});
  const std::string text =
      Base64UrlEncode(R"({"typ":"JWT","alg":"HS256"})") + '.' + Base64UrlEncode(JsonText(body));
  return text + '.' + Signature(text);
}

std::optional<AccessClaims> TokenMint::Read(std::string_view token) const {
  const auto parts = Split(token, '.');
  if (parts.size() != 3) return std::nullopt;
  const std::string expected = Signature(token.substr(0, parts[0].size() + 1 + parts[1].size()));
  if (expected.size() != parts[2].size() ||
      CRYPTO_memcmp(expected.data(), parts[2].data(), expected.size()) != 0) {
    return std::nullopt;
  }
  const auto text = Base64UrlDecode(parts[1]);
  const auto body = text ? ParseJson(*text) : std::nullopt;
  if (!body) return std::nullopt;
  const auto time = [&](const char* name) {
    return FromEpochSeconds(*body->Find(name)->AsInteger());
  };
  return AccessClaims{body->Text("aud"), body->Text("appid"), body->Text("tid"), time("iat"),
                      time("exp")};
}

}  // namespace emulator
