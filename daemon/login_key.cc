#include "daemon/login_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "daemon/posix.h"
#include "reconciler/core/digest.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kKeyBytesMax = std::size_t{64} << 10U;
// Source: sshd(8), AUTHORIZED_KEYS FILE FORMAT.
constexpr std::array<std::string_view, 7> kTypes{"ssh-ed25519",
                                                 "ssh-rsa",
                                                 "ecdsa-sha2-nistp256",
                                                 "ecdsa-sha2-nistp384",
                                                 "ecdsa-sha2-nistp521",
                                                 "sk-ssh-ed25519@openssh.com",
                                                 "sk-ecdsa-sha2-nistp256@openssh.com"};

Error Wrong(std::string message) { return Error{ErrorKind::kInvalidSpec, std::move(message)}; }

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// The blob begins with the length of the type, in four bytes, and the type again (RFC 4253, 6.6).
bool BlobIsOf(std::string_view type, std::string_view blob) {
  const auto bytes = Base64DecodeSecret(blob);
  if (!bytes || bytes->size() < 4 + type.size()) return false;
  const auto raw = bytes->Reveal();
  return raw[0] == 0 && raw[1] == 0 && raw[2] == 0 && raw[3] == type.size() &&
         bytes->RevealText().substr(4, type.size()) == type;
}

Status CheckLine(std::string_view line, const std::string& name) {
  const std::string_view type = line.substr(0, line.find_first_of(" \t"));
  if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) {
    return Wrong(
        fmt::format("{} is no public key of OpenSSH, expected a line such as "
                    "\"ssh-ed25519 AAAA... name\": give the .pub file of `ssh-keygen`",
                    name));
  }
  const std::string_view rest = Trim(line.substr(type.size()));
  if (!BlobIsOf(type, rest.substr(0, rest.find_first_of(" \t")))) {
    return Wrong(
        fmt::format("{}: the key behind '{}' is damaged: make the file again with "
                    "`ssh-keygen -y -f PRIVATE_KEY`",
                    name, type));
  }
  return Ok{};
}

}  // namespace

Result<std::string> ParsePublicKey(std::string_view text, const std::string& name) {
  if (text.find("PRIVATE KEY") != std::string_view::npos) {
    return Wrong(
        fmt::format("{} is a private key, which never leaves this host: give {}.pub", name, name));
  }
  std::vector<std::string_view> lines;
  for (const std::string_view raw : SplitText(text, '\n')) {
    const std::string_view line = Trim(raw);
    if (!line.empty() && line.front() != '#') lines.push_back(line);
  }
  if (lines.empty()) return Wrong(name + " is empty, expected a public key");
  if (auto checked = CheckLine(lines.front(), name); !checked) return checked.error();
  if (lines.size() > 1) {
    return Wrong(fmt::format("{} holds {} lines, expected one key: a node user has one", name,
                             lines.size()));
  }
  return std::string(lines.front());
}

Result<std::string> ReadPublicKey(const std::string& path) {
  struct stat info {};
  const auto file = OpenRegular(path, true, info);
  if (!file) return file.error();
  const auto text = ReadAll(file->get(), kKeyBytesMax, path);
  if (!text) return Wrong(text.error().message);
  return ParsePublicKey(*text, path);
}

}  // namespace reconciler::daemon
