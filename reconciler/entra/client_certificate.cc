#include "reconciler/entra/client_certificate.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <utility>
#include <vector>

#include "reconciler/core/digest.h"

namespace reconciler::entra {
namespace {

template <auto kFree>
struct Freeing {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freeing<X509_free>>;
using Input = std::unique_ptr<BIO, Freeing<BIO_free>>;
using Pkcs12 = std::unique_ptr<PKCS12, Freeing<PKCS12_free>>;
using SignContext = std::unique_ptr<EVP_MD_CTX, Freeing<EVP_MD_CTX_free>>;

/// Longest first, as it stands in memory of OpenSSL alone.
constexpr std::size_t kBytesMax = 1U << 20U;

Error Unusable(std::string message) {
  ERR_clear_error();
  return Error{ErrorKind::kInvalidSpec, "the certificate " + std::move(message)};
}

Input InputOf(std::string_view bytes) {
  return Input(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

/// Called where a key is encrypted. Without a password it must not ask the terminal for one.
int GivePassword(char* buffer, int size, int, void* given) {
  const auto& password = *static_cast<const std::string_view*>(given);
  if (password.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(password.begin(), password.end(), buffer);
  return static_cast<int>(password.size());
}

Key ReadPemKey(std::string_view bytes, std::string_view password) {
  const Input input = InputOf(bytes);
  return Key(PEM_read_bio_PrivateKey(input.get(), nullptr, GivePassword, &password));
}

/// The certificate of `key` among those in the text; null: none.
Certificate ReadPemCertificate(std::string_view bytes, EVP_PKEY* key) {
  const Input input = InputOf(bytes);
  while (true) {
    Certificate found(PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr));
    if (found == nullptr || X509_check_private_key(found.get(), key) == 1) return found;
  }
}

struct Pair {
  Key key;
  Certificate certificate;
};

Result<Pair> FromPem(std::string_view bytes, std::string_view password) {
  Pair pair;
  pair.key = ReadPemKey(bytes, password);
  if (pair.key == nullptr) {
    const bool encrypted = bytes.find("ENCRYPTED") != std::string_view::npos;
    return Unusable(encrypted ? "has an encrypted key that the password does not open"
                              : "file has no private key: put the key and the certificate into "
                                "one PEM file");
  }
  pair.certificate = ReadPemCertificate(bytes, pair.key.get());
  if (pair.certificate == nullptr) {
    return Unusable("file has a private key and no certificate of it");
  }
  return pair;
}

Result<Pair> FromPkcs12(std::string_view bytes, std::string_view password) {
  const Input input = InputOf(bytes);
  const Pkcs12 file(d2i_PKCS12_bio(input.get(), nullptr));
  if (file == nullptr) return Unusable("file is neither PEM nor PKCS#12");
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  const std::string text(password);
  if (PKCS12_parse(file.get(), text.c_str(), &key, &certificate, nullptr) != 1) {
    return Unusable("file is PKCS#12 that the password does not open");
  }
  Pair pair{Key(key), Certificate(certificate)};
  if (pair.key == nullptr || pair.certificate == nullptr) {
    return Unusable("file is PKCS#12 without a private key and its certificate");
  }
  return pair;
}

std::string Thumbprint(X509* certificate, const EVP_MD* digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (X509_digest(certificate, digest, bytes.data(), &size) != 1) return {};
  return Base64Url({bytes.data(), size});
}

}  // namespace

struct ClientCertificate::Parts {
  Pair pair;
};

ClientCertificate::ClientCertificate(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ClientCertificate::ClientCertificate(ClientCertificate&&) noexcept = default;
ClientCertificate& ClientCertificate::operator=(ClientCertificate&&) noexcept = default;
ClientCertificate::~ClientCertificate() = default;

Result<ClientCertificate> ClientCertificate::Parse(std::string_view bytes,
                                                   std::string_view password) {
  if (bytes.size() > kBytesMax) return Unusable("file is larger than 1 MiB");
  const bool pem = bytes.find("-----BEGIN ") != std::string_view::npos;
  auto pair = pem ? FromPem(bytes, password) : FromPkcs12(bytes, password);
  if (!pair) return std::move(pair).error();
  if (EVP_PKEY_base_id(pair->key.get()) != EVP_PKEY_RSA) {
    return Unusable("has a key that is not RSA, which Entra ID does not take");
  }
  ERR_clear_error();
  return ClientCertificate(std::make_unique<Parts>(Parts{std::move(pair).value()}));
}

std::string ClientCertificate::ThumbprintSha1() const {
  return Thumbprint(parts_->pair.certificate.get(), EVP_sha1());
}

std::string ClientCertificate::ThumbprintSha256() const {
  return Thumbprint(parts_->pair.certificate.get(), EVP_sha256());
}

Instant ClientCertificate::NotAfter() const {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(parts_->pair.certificate.get()), &parts) != 1) return {};
  using std::chrono::day, std::chrono::month, std::chrono::year;
  const std::chrono::sys_days date = year(parts.tm_year + 1900) /
                                     month(static_cast<unsigned>(parts.tm_mon + 1)) /
                                     day(static_cast<unsigned>(parts.tm_mday));
  return Instant(date) + std::chrono::hours(parts.tm_hour) + std::chrono::minutes(parts.tm_min) +
         std::chrono::seconds(parts.tm_sec);
}

Result<std::string> ClientCertificate::Sign(std::string_view text,
                                            AssertionAlgorithm algorithm) const {
  const Error failed{ErrorKind::kTerminal, "the key of the certificate cannot sign"};
  const SignContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key = nullptr;  // belongs to the context
  if (EVP_DigestSignInit(context.get(), &key, EVP_sha256(), nullptr, parts_->pair.key.get()) != 1) {
    return failed;
  }
  if (algorithm == AssertionAlgorithm::kPs256 &&
      (EVP_PKEY_CTX_set_rsa_padding(key, RSA_PKCS1_PSS_PADDING) != 1 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(key, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return failed;
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) != 1) return failed;
  std::vector<unsigned char> signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, bytes, text.size()) != 1) {
    return failed;
  }
  return Base64Url({signature.data(), size});
}

}  // namespace reconciler::entra
