// A certificate made at the start of the server, signed by an authority made with it.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

struct ServerCertificate {
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context;  // of a server, TLS 1.2 or newer
  std::string authority_pem;                             // what a client has to trust
};

/// "expired", "wrongName", "selfSigned", "unknownAuthority" (the one that a client trusts is
/// another one), "tls11" (no newer version), "stalls" (the listener's part), "ends" (with an
/// alert).
const std::vector<std::string>& TlsFaults();

/// For localhost, 127.0.0.1 and ::1, valid for 30 days. Both keys live in memory only, so no
/// authority outlives its server. `fault`: one of TlsFaults(), or none. Throws std::runtime_error
/// when OpenSSL has no randomness.
ServerCertificate MakeServerCertificate(std::string_view fault = "");

}  // namespace emulator
