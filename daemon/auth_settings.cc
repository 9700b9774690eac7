#include "daemon/auth_settings.h"

#include <utility>

#include "reconciler/batch/shared_key.h"
#include "reconciler/entra/client_certificate.h"
#include "reconciler/entra/token_credential.h"

namespace reconciler::daemon {
namespace {

entra::ProofReader ReaderOf(const SecretLocation& location) {
  return [location] { return ReadSecret(location); };
}

}  // namespace

std::unique_ptr<Credential> MakeCredential(const std::string& account, AuthSettings auth,
                                           HttpTransport& transport, Clock& clock, Random& random) {
  if (!auth.identity) {
    return std::make_unique<batch::SharedKeyCredential>(account, std::move(auth.key));
  }
  return std::make_unique<entra::TokenCredential>(
      std::move(*auth.identity), ReaderOf(auth.secret),
      auth.password ? ReaderOf(*auth.password) : entra::ProofReader(), transport, clock, random);
}

Status CheckProof(const AuthSettings& auth) {
  if (!auth.identity || auth.identity->flow == entra::Flow::kManagedIdentity) return Ok{};
  const auto proof = ReadSecret(auth.secret);
  if (!proof) return proof.error();
  if (auth.identity->flow != entra::Flow::kClientCertificate) return Ok{};
  Secret password;
  if (auth.password) {
    auto read = ReadSecret(*auth.password);
    if (!read) return std::move(read).error();
    password = std::move(read).value();
  }
  const auto certificate =
      entra::ClientCertificate::Parse(proof->RevealText(), password.RevealText());
  if (!certificate) return certificate.error();
  return Ok{};
}

}  // namespace reconciler::daemon
