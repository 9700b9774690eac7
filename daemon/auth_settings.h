// How one account is signed in to: what the configuration says under `auth`.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daemon/secret_source.h"
#include "reconciler/core/credential.h"
#include "reconciler/core/ports.h"
#include "reconciler/core/secret.h"
#include "reconciler/entra/identity.h"

namespace reconciler::daemon {

struct AuthSettings {
  /// Of the shared key, or of what proves an identity: the client secret, the certificate with its
  /// key, the token of another issuer. Managed identities have none.
  SecretLocation secret;
  Secret key;                               // decoded; of shared keys alone
  std::optional<entra::Identity> identity;  // nullopt: a shared key
  std::optional<SecretLocation> password;   // opens the key of the certificate
};

/// What `auth` says. References outlive it. Secrets but for the shared key are read again whenever
/// a token is asked for.
std::unique_ptr<Credential> MakeCredential(const std::string& account, AuthSettings auth,
                                           HttpTransport& transport, Clock& clock, Random& random);

/// Whether what proves the identity can be read and used, without asking anybody. Errors:
/// kInvalidSpec.
Status CheckProof(const AuthSettings& auth);

}  // namespace reconciler::daemon
