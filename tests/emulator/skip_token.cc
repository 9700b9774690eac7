#include "tests/emulator/skip_token.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <map>

#include "tests/emulator/random.h"

namespace emulator {

namespace {

constexpr std::size_t kMarkBytes = 16;

void Append(std::string& out, std::string_view text) {
  out += fmt::format("{}:{}", text.size(), text);
}

/// As a next link carries them: the first of each name, none without value.
std::map<std::string, std::string_view> Bound(const Target& target) {
  std::map<std::string, std::string_view> bound;
  for (const QueryParameter& parameter : target.query) {
    if (!parameter.value.empty()) bound.emplace(Lower(parameter.name), parameter.value);
  }
  for (const char* const free : {"api-version", "timeout", "$skiptoken"}) bound.erase(free);
  return bound;
}

std::string Mark(const SkipScope& scope, std::string_view after) {
  std::string text;
  Append(text, Lower(scope.account));
  Append(text, Lower(PercentDecode(scope.target.path, false)));
  for (const auto& [name, value] : Bound(scope.target)) {
    Append(text, name);
    Append(text, value);
  }
  Append(text, after);
  const std::string secret = Random(scope.seed ^ 0x736b6970U).Hex64();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), kMarkBytes};
}

}  // namespace

std::string MakeSkipToken(const SkipScope& scope, std::string_view after) {
  // Some clients decode a query twice: nothing but letters, digits, hyphens and underscores.
  return Base64UrlEncode(Mark(scope, after).append(after));
}

std::optional<std::string> ReadSkipToken(const SkipScope& scope, std::string_view token) {
  auto key = KeyInSkipToken(token);
  if (!key || MakeSkipToken(scope, *key) != token) return std::nullopt;
  return key;
}

std::optional<std::string> KeyInSkipToken(std::string_view token) {
  const auto bytes = Base64UrlDecode(token);
  if (!bytes || bytes->size() < kMarkBytes) return std::nullopt;
  return bytes->substr(kMarkBytes);
}

}  // namespace emulator
