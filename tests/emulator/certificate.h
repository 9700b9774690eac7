// A certificate made at the start of the server, signed by an authority made with it.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace emulator {

struct ServerCertificate {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context;  // of a server, TLS 1.2 or newer
  std::string authority_pem;                             // what a client has to trust
};

/// For localhost, 127.0.0.1 and ::1, valid for 30 days. Both keys live in memory only, so no
/// authority outlives its server. Throws std::runtime_error when OpenSSL has no randomness.
ServerCertificate MakeServerCertificate();

}  // namespace emulator
