// Somebody with an RSA key who signs assertions.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "tests/emulator/time_text.h"

namespace emulator {

class Signer {
 public:
  /// The certificate is valid for a year from 2025-01-01 on.
  Signer();

  std::string certificate_pem() const;
  std::string public_key_pem() const;
  /// base64url of the digest (SHA1, SHA256) over the certificate.
  std::string Thumbprint(const char* digest) const;
  /// The compact form; `header` and `claims` are JSON texts.
  std::string Sign(const std::string& header, const std::string& claims, bool pss) const;

 private:
  std::shared_ptr<EVP_PKEY> key_;
  std::shared_ptr<X509> certificate_;
};

}  // namespace emulator
