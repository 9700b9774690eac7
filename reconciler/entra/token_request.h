// How a token is asked for.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/core/ports.h"
#include "reconciler/core/secret.h"
#include "reconciler/entra/identity.h"

namespace reconciler::entra {

/// "/contoso.com/oauth2/v2.0/token"
std::string TokenPath(const Identity& identity);

/// `proof`: the client secret, or the assertion of the flows that have one; not for managed
/// identities. The body holds it, so nobody logs it. `id`: of the request, for the logs of both.
HttpRequest TokenRequest(const Identity& identity, std::string_view proof, const std::string& id);

}  // namespace reconciler::entra
