// The signed statement by which an application proves itself with its certificate.
// Source: Microsoft identity platform, "Application authentication certificate credentials".
#pragma once

#include <string>

#include "reconciler/core/result.h"
#include "reconciler/core/time_text.h"
#include "reconciler/entra/client_certificate.h"
#include "reconciler/entra/identity.h"

namespace reconciler::entra {

/// A JWT in its compact form. PS256 names the certificate by x5t#S256, RS256 by x5t. Valid from
/// `now` for ten minutes. `id`: a GUID that is never used again. Errors: kTerminal, no signature.
Result<std::string> MakeAssertion(const Identity& identity, const ClientCertificate& certificate,
                                  const std::string& id, Instant now);

/// "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token"
std::string TokenUrl(const Identity& identity);

}  // namespace reconciler::entra
