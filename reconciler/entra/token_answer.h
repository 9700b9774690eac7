// What came back for a request for a token.
#pragma once

#include <chrono>
#include <string>

#include "reconciler/core/ports.h"
#include "reconciler/core/result.h"
#include "reconciler/core/secret.h"
#include "reconciler/entra/identity.h"

namespace reconciler::entra {

struct Token {
  Secret text;
  std::chrono::seconds lifetime{};     // since the answer came
  std::chrono::seconds renew_after{};  // when another should be asked for
};

/// The token, or why there is none: kUnauthorized where a person has to act, kThrottled for 429
/// with the time that the answer names, else kTransient; kNotSent where nobody was reached. The
/// message begins with `Describe(identity)` and holds nothing of what was sent. `wall`: our time,
/// for a time that the answer names.
Result<Token> ReadToken(const HttpAnswer& answer, const Identity& identity, Instant wall);

/// Whether the same question may soon have another answer: no whole answer, 5xx, and of managed
/// identities also 404, 410 and 429, as their documentation says.
bool IsWorthAnotherTry(const HttpAnswer& answer, const Identity& identity);

}  // namespace reconciler::entra
