#include "tests/emulator/ssh_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

constexpr std::array<std::string_view, 8> kTypes{"ssh-rsa",
                                                 "ssh-dss",
                                                 "ssh-ed25519",
                                                 "ecdsa-sha2-nistp256",
                                                 "ecdsa-sha2-nistp384",
                                                 "ecdsa-sha2-nistp521",
                                                 "sk-ssh-ed25519@openssh.com",
                                                 "sk-ecdsa-sha2-nistp256@openssh.com"};

std::optional<std::string> Base64Decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string url(text.substr(0, text.find_last_not_of('=') + 1));
  if (text.size() - url.size() > 2 || url.find_first_of("-_") != std::string::npos) {
    return std::nullopt;
  }
  std::replace(url.begin(), url.end(), '+', '-');
  std::replace(url.begin(), url.end(), '/', '_');
  return Base64UrlDecode(url);
}

/// The key repeats its type, behind the length of it in four bytes. Source: RFC 4253, 6.6.
bool NamesItself(std::string_view blob, std::string_view type) {
  const std::string head = std::string(3, '\0') + static_cast<char>(type.size());
  return blob.size() > head.size() + type.size() && blob.substr(0, head.size()) == head &&
         blob.substr(head.size(), type.size()) == type;
}

}  // namespace

std::optional<std::string> SshKeyProblem(std::string_view key) {
  key = Trim(key);
  const std::size_t end = key.find(' ');
  const std::string_view type = key.substr(0, end);
  const std::string_view rest = end == std::string_view::npos ? "" : key.substr(end + 1);
  const std::string_view base64 = rest.substr(0, rest.find(' '));
  if (base64.empty() || key.find_first_of("\r\n") != std::string_view::npos) {
    return "The key must be one line of the form \"ssh-ed25519 BASE64 comment\"";
  }
  if (std::find(kTypes.begin(), kTypes.end(), type) == kTypes.end()) {
    return fmt::format("The key type '{}' is not known", type);
  }
  const auto blob = Base64Decode(base64);
  if (!blob || !NamesItself(*blob, type)) return "The key behind the type is damaged";
  return std::nullopt;
}

}  // namespace emulator
