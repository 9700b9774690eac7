#include "tests/entra/test_certificates.h"

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>

#include "reconciler/core/digest.h"

namespace reconciler::entra {
namespace {

std::string TextOf(BIO* bio) {
  const char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

X509* MakeCertificate(EVP_PKEY* key, Instant not_after) {
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>("poolkeeper test");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  const std::time_t end = std::chrono::system_clock::to_time_t(not_after);
  ASN1_TIME_set(X509_getm_notBefore(certificate), end - 86'400);
  ASN1_TIME_set(X509_getm_notAfter(certificate), end);
  X509_set_pubkey(certificate, key);
  REQUIRE(X509_sign(certificate, key, EVP_sha256()) > 0);
  return certificate;
}

}  // namespace

TestKey MakeRsaKey() {
  return TestKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
}
TestKey MakeEcKey() { return TestKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }

std::string PemOfKey(EVP_PKEY* key, const std::string& password) {
  BIO* bio = BIO_new(BIO_s_mem());
  const EVP_CIPHER* cipher = password.empty() ? nullptr : EVP_aes_256_cbc();
  const auto* bytes = reinterpret_cast<const unsigned char*>(password.data());
  REQUIRE(PEM_write_bio_PrivateKey(bio, key, cipher, password.empty() ? nullptr : bytes,
                                   static_cast<int>(password.size()), nullptr, nullptr) == 1);
  return TextOf(bio);
}

std::string PemOfCertificate(EVP_PKEY* key, Instant not_after) {
  X509* certificate = MakeCertificate(key, not_after);
  BIO* bio = BIO_new(BIO_s_mem());
  REQUIRE(PEM_write_bio_X509(bio, certificate) == 1);
  X509_free(certificate);
  return TextOf(bio);
}

std::string Pkcs12Of(EVP_PKEY* key, const std::string& certificate_pem,
                     const std::string& password) {
  BIO* pem = BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size()));
  X509* certificate = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
  BIO_free(pem);
  REQUIRE(certificate != nullptr);
  PKCS12* file = PKCS12_create(password.c_str(), "test", key, certificate, nullptr, 0, 0, 0, 0, 0);
  REQUIRE(file != nullptr);
  BIO* bio = BIO_new(BIO_s_mem());
  REQUIRE(i2d_PKCS12_bio(bio, file) == 1);
  PKCS12_free(file);
  X509_free(certificate);
  return TextOf(bio);
}

std::string FromBase64Url(std::string text) {
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text += '=';
  const auto bytes = Base64DecodeSecret(text);
  REQUIRE(bytes);
  return std::string(bytes->RevealText());
}

bool Verifies(EVP_PKEY* key, const std::string& text, const std::string& signature, bool pss) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* settings = nullptr;
  EVP_DigestVerifyInit(context, &settings, EVP_sha256(), nullptr, key);
  if (pss) {
    EVP_PKEY_CTX_set_rsa_padding(settings, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(settings, RSA_PSS_SALTLEN_DIGEST);
  }
  const std::string bytes = FromBase64Url(signature);
  const int good =
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                       reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MD_CTX_free(context);
  return good == 1;
}

}  // namespace reconciler::entra
