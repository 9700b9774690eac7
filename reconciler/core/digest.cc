#include "reconciler/core/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <vector>

namespace reconciler {

namespace {

/// Looked up once: the look-up costs more than the hash of a short text.
const EVP_MD* Sha256Method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

}  // namespace

Sha256Bytes Sha256(std::string_view bytes) {
  Sha256Bytes digest{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, Sha256Method(), nullptr);
  return digest;
}

Sha256Bytes HmacSha256(std::span<const unsigned char> key, std::string_view bytes) {
  Sha256Bytes digest{};
  unsigned int length = 0;
  const auto* data = static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, bytes.size(), digest.data(),
       &length);
  return digest;
}

std::string Hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::string Base64(std::span<const unsigned char> bytes) {
  std::vector<unsigned char> text(4 * ((bytes.size() + 2) / 3) + 1);
  const int length = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  return {text.begin(), text.begin() + length};
}

std::string Base64Url(std::span<const unsigned char> bytes) {
  std::string text = Base64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

std::optional<Secret> Base64DecodeSecret(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(kBlank) - first + 1);
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::vector<unsigned char> bytes(text.size() / 4 * 3);
  const auto* data = static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
  const int length = EVP_DecodeBlock(bytes.data(), data, static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  Secret secret(std::string_view(static_cast<const char*>(static_cast<const void*>(bytes.data())),
                                 static_cast<std::size_t>(length) - padding));
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return secret;
}

std::string ShortDigest(std::string_view bytes, std::size_t characters) {
  return Base64Url(Sha256(bytes)).substr(0, characters);
}

}  // namespace reconciler
