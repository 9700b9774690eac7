#include "tests/batch/tls_server.h"

#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace reconciler::batch {
namespace {

using Certificate = std::unique_ptr<X509, void (*)(X509*)>;
using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

void NameIt(X509_NAME* name, const char* text) {
  const auto* bytes = static_cast<const unsigned char*>(static_cast<const void*>(text));
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, bytes, -1, -1, 0);
}

void Extend(X509* certificate, int which, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, which, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Unsigned, and without an issuer.
Certificate Blank(EVP_PKEY* key, long from_seconds, long until_seconds) {
  Certificate certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_seconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until_seconds);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

Certificate Authority(EVP_PKEY* key) {
  Certificate root = Blank(key, -3600, 3600);
  NameIt(X509_get_subject_name(root.get()), "test authority");
  X509_set_issuer_name(root.get(), X509_get_subject_name(root.get()));
  Extend(root.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(root.get(), key, EVP_sha256());
  return root;
}

/// Signed by `root`, or by itself if there is none.
Certificate ForServer(const TlsServerOptions& options, EVP_PKEY* key, X509* root,
                      EVP_PKEY* root_key) {
  Certificate own = Blank(key, options.valid_from_seconds, options.valid_until_seconds);
  NameIt(X509_get_subject_name(own.get()), "test");
  X509_set_issuer_name(own.get(), X509_get_subject_name(root != nullptr ? root : own.get()));
  Extend(own.get(), NID_subject_alt_name, "IP:" + options.address);
  X509_sign(own.get(), root != nullptr ? root_key : key, EVP_sha256());
  return own;
}

std::string WriteTemporary(X509* certificate) {
  std::string path = "/tmp/poolkeeper-test-XXXXXX";
  const int fd = mkstemp(path.data());
  std::FILE* file = fd < 0 ? nullptr : fdopen(fd, "w");
  if (file == nullptr) throw std::runtime_error("the test server can write no file");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  return path;
}

}  // namespace

TlsServer::TlsServer(const TlsServerOptions& options)
    : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free), answer_(options.answer) {
  const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const Key root_key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const Certificate root = Authority(root_key.get());
  const Certificate certificate =
      ForServer(options, key.get(), options.by_authority ? root.get() : nullptr, root_key.get());
  SSL_CTX_use_certificate(context_.get(), certificate.get());
  SSL_CTX_use_PrivateKey(context_.get(), key.get());
  SSL_CTX_set_cipher_list(context_.get(), "DEFAULT:@SECLEVEL=0");  // else no old version at all
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_.get(), options.version_max);
  certificate_file_ = WriteTemporary(options.by_authority ? root.get() : certificate.get());
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
  if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("the test server got no port");
  }
  port_ = ntohs(address.sin_port);
  std::signal(SIGPIPE, SIG_IGN);
  thread_ = std::thread([this] { Main(); });
}

TlsServer::~TlsServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  unlink(certificate_file_.c_str());
}

void TlsServer::Main() {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    Serve(fd);
    close(fd);
  }
}

/// One request, then the end of the connection.
void TlsServer::Serve(int fd) {
  const std::unique_ptr<SSL, void (*)(SSL*)> tls(SSL_new(context_.get()), &SSL_free);
  SSL_set_fd(tls.get(), fd);
  if (SSL_accept(tls.get()) != 1) return;
  if (SSL_session_reused(tls.get()) == 1) ++resumed_;
  std::array<char, 4096> buffer{};
  if (SSL_read(tls.get(), buffer.data(), static_cast<int>(buffer.size())) <= 0) return;
  ++requests_;
  SSL_write(tls.get(), answer_.data(), static_cast<int>(answer_.size()));
  SSL_shutdown(tls.get());
}

}  // namespace reconciler::batch
