// Hashes, keyed hashes and their text forms.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reconciler/core/secret.h"

namespace reconciler {

using Sha256Bytes = std::array<unsigned char, 32>;

Sha256Bytes Sha256(std::string_view bytes);
Sha256Bytes HmacSha256(std::span<const unsigned char> key, std::string_view bytes);

std::string Hex(std::span<const unsigned char> bytes);  // lower case
std::string Base64(std::span<const unsigned char> bytes);
/// RFC 4648 "base64url" without padding.
std::string Base64Url(std::span<const unsigned char> bytes);
/// Decodes standard base64 with padding; nullopt if the text is anything else. White space around
/// is ignored, so that a key file may end with a line feed.
std::optional<Secret> Base64DecodeSecret(std::string_view text);

/// The first `characters` characters of base64url(SHA-256(bytes)).
std::string ShortDigest(std::string_view bytes, std::size_t characters = 8);

}  // namespace reconciler
