// The public key that a person logs in with.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/core/result.h"

namespace reconciler::daemon {

/// The one public key of an OpenSSH file (`id_ed25519.pub`), as one line. Errors: kInvalidSpec,
/// names the file: not there, no key, several keys, or a private key, which is never sent.
Result<std::string> ReadPublicKey(const std::string& file);

/// The same of its text; `name` is for messages.
Result<std::string> ParsePublicKey(std::string_view text, const std::string& name);

}  // namespace reconciler::daemon
