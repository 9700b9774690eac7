// Public keys as OpenSSH writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace emulator {

/// What is wrong with the form of `type base64 comment`, or nothing. Source: Batch REST, Create
/// User: compatible with OpenSSH encoding, base64; how much the service looks at is not known.
std::optional<std::string> SshKeyProblem(std::string_view key);

}  // namespace emulator
