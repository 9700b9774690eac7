// The certificate of an application, with its private key.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "reconciler/core/result.h"
#include "reconciler/core/secret.h"
#include "reconciler/core/time_text.h"
#include "reconciler/entra/identity.h"

namespace reconciler::entra {

class ClientCertificate {
 public:
  /// PEM with an RSA key and its certificate, in any order and with others beside it, or PKCS#12.
  /// `password`: of the key or of the PKCS#12 file; empty: none. Errors: kInvalidSpec, says what
  /// the bytes are not, never what they hold.
  static Result<ClientCertificate> Parse(std::string_view bytes, std::string_view password);

  ClientCertificate(ClientCertificate&&) noexcept;
  ClientCertificate& operator=(ClientCertificate&&) noexcept;
  ~ClientCertificate();

  /// Thumbprints over the DER form, base64url.
  std::string ThumbprintSha1() const;
  std::string ThumbprintSha256() const;
  Instant NotAfter() const;
  /// The signature of `text`, base64url. Errors: kTerminal, the key cannot sign.
  Result<std::string> Sign(std::string_view text, AssertionAlgorithm algorithm) const;

 private:
  struct Parts;
  explicit ClientCertificate(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace reconciler::entra
