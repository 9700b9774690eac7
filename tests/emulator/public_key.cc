#include "tests/emulator/public_key.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>

#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

using Input = std::unique_ptr<BIO, int (*)(BIO*)>;

Input Open(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

std::string Thumbprint(const X509* certificate, const EVP_MD* digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  X509_digest(certificate, digest, bytes.data(), &size);
  return Base64UrlEncode({reinterpret_cast<const char*>(bytes.data()), size});
}

std::optional<Instant> TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return Instant{std::chrono::seconds{timegm(&parts)}};
}

void AddRsa(std::vector<PublicKey>& keys, PublicKey key) {
  if (key.key != nullptr && EVP_PKEY_is_a(key.key.get(), "RSA") == 1) {
    keys.push_back(std::move(key));
  }
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::vector<PublicKey> ReadPublicKeys(const std::string& pem) {
  std::vector<PublicKey> keys;
  const Input certificates = Open(pem);
  while (X509* const read = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr)) {
    const std::unique_ptr<X509, void (*)(X509*)> certificate(read, &X509_free);
    AddRsa(keys, {{X509_get_pubkey(read), &EVP_PKEY_free},
                  Thumbprint(read, EVP_sha1()),
                  Thumbprint(read, EVP_sha256()),
                  TimeOf(X509_get0_notBefore(read)),
                  TimeOf(X509_get0_notAfter(read))});
  }
  const Input bare = Open(pem);
  while (EVP_PKEY* const read = PEM_read_bio_PUBKEY(bare.get(), nullptr, nullptr, nullptr)) {
    AddRsa(keys, {{read, &EVP_PKEY_free}, {}, {}, {}, {}});
  }
  ERR_clear_error();  // the end of each text is one
  return keys;
}

bool Verifies(const PublicKey& key, std::string_view algorithm, std::string_view text,
              std::string_view signature) {
  if (algorithm != "RS256" && algorithm != "PS256") return false;
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free);
  EVP_PKEY_CTX* options = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &options, EVP_sha256(), nullptr, key.key.get()) != 1) {
    return false;
  }
  if (algorithm == "PS256") {
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
  }
  const bool good = EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(text),
                                     text.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace emulator
