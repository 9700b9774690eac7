#include "tests/emulator/certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <stdexcept>

namespace emulator {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Certificate = std::unique_ptr<X509, void (*)(X509*)>;

constexpr long kDaySeconds = 24L * 60 * 60;

Key NewKey() {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), &EVP_PKEY_free);
  if (key == nullptr) throw std::runtime_error("no key for the certificate can be made");
  return key;
}

/// Positive and of its own, so that clients never take a new server's certificate for an old one.
void Number(X509* certificate) {
  std::array<unsigned char, 8> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error("no random number for the certificate");
  }
  std::uint64_t number = 0;
  for (const unsigned char byte : bytes) number = number << 8U | byte;
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), (number >> 1U) | 1U);
}

void Extend(X509* certificate, X509* issuer, int which, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, which, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate Blank(EVP_PKEY* key, const std::string& name) {
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  Number(certificate.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 30 * kDaySeconds);
  X509_set_pubkey(certificate.get(), key);
  const auto* bytes = static_cast<const unsigned char*>(static_cast<const void*>(name.c_str()));
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC, bytes,
                             -1, -1, 0);
  return certificate;
}

Certificate NewAuthority(EVP_PKEY* key) {
  Certificate root = Blank(key, "batch-emulator authority");
  X509_set_issuer_name(root.get(), X509_get_subject_name(root.get()));
  Extend(root.get(), root.get(), NID_basic_constraints, "critical,CA:TRUE");
  Extend(root.get(), root.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  Extend(root.get(), root.get(), NID_subject_key_identifier, "hash");
  X509_sign(root.get(), key, EVP_sha256());
  return root;
}

Certificate NewServer(EVP_PKEY* key, X509* root, EVP_PKEY* root_key, std::string_view fault,
                      const std::string& names) {
  Certificate own = Blank(key, "batch-emulator");
  if (fault == "expired") {
    X509_gmtime_adj(X509_getm_notBefore(own.get()), -2 * kDaySeconds);
    X509_gmtime_adj(X509_getm_notAfter(own.get()), -kDaySeconds);
  }
  if (fault == "selfSigned") {
    root = own.get();
    root_key = key;
  }
  X509_set_issuer_name(own.get(), X509_get_subject_name(root));
  Extend(own.get(), root, NID_basic_constraints, "critical,CA:FALSE");
  Extend(own.get(), root, NID_key_usage, "critical,digitalSignature");
  Extend(own.get(), root, NID_ext_key_usage, "serverAuth");
  Extend(own.get(), root, NID_subject_key_identifier, "hash");
  Extend(own.get(), root, NID_authority_key_identifier, "keyid:always");
  const bool wrong = fault == "wrongName";
  Extend(own.get(), root, NID_subject_alt_name, wrong ? "DNS:other.example" : names.c_str());
  X509_sign(own.get(), root_key, EVP_sha256());
  return own;
}

std::string PemOf(X509* certificate) {
  const std::unique_ptr<BIO, int (*)(BIO*)> out(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_X509(out.get(), certificate);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(out.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

void LimitVersions(SSL_CTX* context, std::string_view fault) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  if (fault == "tls11") {
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
  }
  if (fault == "ends") {
    SSL_CTX_set_cert_cb(
        context, [](SSL*, void*) { return 0; }, nullptr);
  }
}

}  // namespace

const std::vector<std::string>& TlsFaults() {
  static const std::vector<std::string> kFaults{
      "expired", "wrongName", "selfSigned", "unknownAuthority", "tls11", "stalls", "ends"};
  return kFaults;
}

// Clients take no wildcard right below a top-level domain.
CertificateAuthority::CertificateAuthority(const std::vector<std::string>& accounts)
    : key_(NewKey()), root_(NewAuthority(key_.get())), names_("DNS:localhost,IP:127.0.0.1,IP:::1") {
  for (const std::string& account : accounts) names_ += ",DNS:" + account + ".localhost";
}

std::string CertificateAuthority::Pem() const { return PemOf(root_.get()); }

ServerContext CertificateAuthority::Issue(std::string_view fault) const {
  // Of an authority that was made for this one certificate, so that nobody trusts it.
  if (fault == "unknownAuthority") return CertificateAuthority{}.Issue();
  const Key key = NewKey();
  const Certificate own = NewServer(key.get(), root_.get(), key_.get(), fault, names_);
  ServerContext context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  LimitVersions(context.get(), fault);
  if (SSL_CTX_use_certificate(context.get(), own.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    throw std::runtime_error("OpenSSL refuses the certificate that was made");
  }
  return context;
}

}  // namespace emulator
