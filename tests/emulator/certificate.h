// Certificates of the server, and the authority that is made at its start to sign them.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

/// "expired", "wrongName", "selfSigned", "unknownAuthority" (the one that a client trusts is
/// another one), "tls11" (no newer version), "stalls" (the listener's part), "ends" (with an
/// alert).
const std::vector<std::string>& TlsFaults();

/// Of a server, TLS 1.2 or newer.
using ServerContext = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;

/// Its keys live in memory only, so no authority outlives its server.
class CertificateAuthority {
 public:
  /// `accounts`: its servers answer for ACCOUNT.localhost, too. Throws std::runtime_error when
  /// OpenSSL has no randomness; so does Issue.
  explicit CertificateAuthority(const std::vector<std::string>& accounts = {});

  /// What a client has to trust.
  std::string Pem() const;
  /// With a new key and certificate for localhost, 127.0.0.1 and ::1, and the accounts, valid for
  /// 30 days. `fault`: one of TlsFaults(), or none.
  ServerContext Issue(std::string_view fault = "") const;

 private:
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
  std::unique_ptr<X509, void (*)(X509*)> root_;
  std::string names_;  // of servers, as OpenSSL's configuration has them
};

}  // namespace emulator
