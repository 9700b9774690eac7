// Asks a person for a new password.
#pragma once

#include <stop_token>
#include <string>

#include "daemon/console.h"
#include "reconciler/core/result.h"
#include "reconciler/core/secret.h"

namespace reconciler::daemon {

/// Asks twice on the terminal of the console's input, without showing what is typed. Errors:
/// kInvalidSpec: no terminal, nothing typed, or not the same twice; kCancelled after a stop.
Result<Secret> AskForPassword(const Console& console, const std::string& whose,
                              std::stop_token stop);

}  // namespace reconciler::daemon
