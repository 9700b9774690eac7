// A server on loopback with a certificate of its own making.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

namespace reconciler::batch {

struct TlsServerOptions {
  std::string address = "127.0.0.1";  // that the certificate is made out to
  int version_max = TLS1_3_VERSION;
  long valid_from_seconds = -3600;  // as seen from now
  long valid_until_seconds = 3600;
  bool by_authority = false;  // signed by a root of its own, which stands in certificate_file()
  std::string answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 6\r\n\r\nsecure";
};

/// Gives each request the same answer, one connection after the other.
class TlsServer {
 public:
  explicit TlsServer(const TlsServerOptions& options = {});
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::uint16_t port() const { return port_; }
  /// A PEM file with the certificate that a client has to trust; it goes with the server.
  const std::string& certificate_file() const { return certificate_file_; }
  int requests() const { return requests_; }
  /// Handshakes that took up a session of an earlier connection.
  int resumed() const { return resumed_; }

 private:
  void Main();
  void Serve(int fd);

  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::string certificate_file_;
  std::string answer_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> requests_{0};
  std::atomic<int> resumed_{0};
  std::thread thread_;
};

}  // namespace reconciler::batch
