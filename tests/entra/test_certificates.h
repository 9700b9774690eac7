// Keys and certificates made in memory.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "reconciler/core/time_text.h"

namespace reconciler::entra {

struct KeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using TestKey = std::unique_ptr<EVP_PKEY, KeyDeleter>;

TestKey MakeRsaKey();
TestKey MakeEcKey();
std::string PemOfKey(EVP_PKEY* key, const std::string& password = "");
/// Self-signed; ends at `not_after`.
std::string PemOfCertificate(EVP_PKEY* key, Instant not_after);
/// Both as PKCS#12.
std::string Pkcs12Of(EVP_PKEY* key, const std::string& certificate_pem,
                     const std::string& password);

/// Whether `signature` (base64url) over `text` is that of `key`.
bool Verifies(EVP_PKEY* key, const std::string& text, const std::string& signature, bool pss);
std::string FromBase64Url(std::string text);

}  // namespace reconciler::entra
