#include "tests/emulator/test/signer.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>

#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

template <class Write>
std::string PemOf(Write write) {
  const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), &BIO_free);
  write(out.get());
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

}  // namespace

Signer::Signer()
    : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}), &EVP_PKEY_free),
      certificate_(X509_new(), &X509_free) {
  X509_set_version(certificate_.get(), X509_VERSION_3);
  ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate_.get()), "20250101000000Z");
  ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate_.get()), "20260101000000Z");
  X509_set_pubkey(certificate_.get(), key_.get());
  X509_sign(certificate_.get(), key_.get(), EVP_sha256());
}

std::string Signer::certificate_pem() const {
  return PemOf([&](BIO* out) { PEM_write_bio_X509(out, certificate_.get()); });
}

std::string Signer::public_key_pem() const {
  return PemOf([&](BIO* out) { PEM_write_bio_PUBKEY(out, key_.get()); });
}

std::string Signer::Thumbprint(const char* digest) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  X509_digest(certificate_.get(), EVP_get_digestbyname(digest), bytes.data(), &size);
  return Base64UrlEncode({reinterpret_cast<const char*>(bytes.data()), size});
}

std::string Signer::Sign(const std::string& header, const std::string& claims, bool pss) const {
  const std::string text = Base64UrlEncode(header) + '.' + Base64UrlEncode(claims);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free);
  EVP_PKEY_CTX* options = nullptr;
  EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, key_.get());
  if (pss) {
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                 text.size());
  signature.resize(size);
  return text + '.' + Base64UrlEncode(signature);
}

}  // namespace emulator
