// RSA keys of others, as PEM text, and what they signed.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/time_text.h"

namespace emulator {

struct PublicKey {
  std::shared_ptr<EVP_PKEY> key;
  /// Of a certificate, in base64url; empty for a bare key.
  std::string sha1, sha256;
  /// Of a certificate.
  std::optional<Instant> not_before, not_after;
};

/// The certificates and public keys in a text, others left out; only RSA.
std::vector<PublicKey> ReadPublicKeys(const std::string& pem);

/// `algorithm`: RS256 or PS256; any other verifies nothing.
bool Verifies(const PublicKey& key, std::string_view algorithm, std::string_view text,
              std::string_view signature);

}  // namespace emulator
