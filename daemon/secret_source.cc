#include "daemon/secret_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "daemon/posix.h"
#include "reconciler/core/digest.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kSecretBytesMax = std::size_t{64} << 10U;

Error Wrong(std::string message) { return Error{ErrorKind::kInvalidSpec, std::move(message)}; }

/// Bytes that are wiped when they go out of use.
class WipedBuffer {
 public:
  ~WipedBuffer() { ::explicit_bzero(bytes_.data(), bytes_.size()); }
  char* data() { return bytes_.data(); }
  static constexpr std::size_t size() { return kSecretBytesMax + 1; }

 private:
  std::array<char, kSecretBytesMax + 1> bytes_{};
};

std::string CredentialsFolder() {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  return folder == nullptr ? std::string() : std::string(folder);
}

bool LiesInCredentials(const std::string& path) {
  const std::string folder = CredentialsFolder();
  return !folder.empty() && path.size() > folder.size() &&
         path.compare(0, folder.size(), folder) == 0 && path[folder.size()] == '/' &&
         path.find("/../") == std::string::npos;
}

std::string Octal(mode_t mode) {
  const unsigned bits = mode & 07777U;
  std::string text = "0";
  for (int shift = 6; shift >= 0; shift -= 3) {
    text += static_cast<char>('0' + ((bits >> static_cast<unsigned>(shift)) & 7U));
  }
  return text;
}

Status CheckOwnerAndMode(const std::string& path, const struct stat& info) {
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) {
    return Wrong(path + " belongs to user " + std::to_string(info.st_uid) +
                 ", expected root or user " + std::to_string(::geteuid()) +
                 ": chown it to the user of the service");
  }
  if ((info.st_mode & 077U) != 0) {
    return Wrong(path + " has mode " + Octal(info.st_mode) +
                 ", group and others must have no permission: chmod 600 it");
  }
  return Ok{};
}

Result<Secret> ReadBytes(int file, const std::string& path) {
  WipedBuffer buffer;
  std::size_t filled = 0;
  while (filled < WipedBuffer::size()) {
    const ssize_t count = ::read(file, buffer.data() + filled, WipedBuffer::size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Wrong("cannot read " + path + ": " + ErrnoText(errno));
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  if (filled > kSecretBytesMax) {
    return Wrong(path + " has more than 64 KiB, which is no secret");
  }
  std::string_view bytes(buffer.data(), filled);
  if (!bytes.empty() && bytes.back() == '\n') bytes.remove_suffix(1);
  if (!bytes.empty() && bytes.back() == '\r') bytes.remove_suffix(1);
  if (bytes.empty()) return Wrong(path + " is empty, expected a secret");
  return Secret(bytes);
}

Result<std::string> PathOf(const SecretLocation& location) {
  if (location.credential.empty()) return location.file;
  const std::string folder = CredentialsFolder();
  if (folder.empty()) {
    return Wrong(
        "credential '" + location.credential +
        "' cannot be read, $CREDENTIALS_DIRECTORY is not set: load it with "
        "LoadCredential= in the unit, or name a file; to see what the running service sees, "
        "set it to /run/credentials/poolkeeper.service");
  }
  return folder + "/" + location.credential;
}

}  // namespace

Result<Secret> ReadSecret(const SecretLocation& location) {
  const auto path = PathOf(location);
  if (!path) return path.error();
  struct stat info {};
  const auto file = OpenRegular(*path, true, info);
  if (!file) return file.error();
  if (!LiesInCredentials(*path)) {
    if (auto checked = CheckOwnerAndMode(*path, info); !checked) return checked.error();
  }
  return ReadBytes(file->get(), *path);
}

Result<Secret> ReadSharedKey(const SecretLocation& location) {
  const auto text = ReadSecret(location);
  if (!text) return text.error();
  auto key = Base64DecodeSecret(text->RevealText());
  if (!key || key->empty()) {
    return Wrong(
        (location.credential.empty() ? location.file : "credential '" + location.credential + "'") +
        " holds no key in base64, as the portal shows it");
  }
  return std::move(*key);
}

ConfiguredSecrets::ConfiguredSecrets(SecretSettings settings) { Replace(std::move(settings)); }

void ConfiguredSecrets::Replace(SecretSettings settings) {
  auto fresh = std::make_shared<const SecretSettings>(std::move(settings));
  const std::lock_guard lock(mutex_);
  settings_ = std::move(fresh);
}

std::shared_ptr<const SecretSettings> ConfiguredSecrets::Settings() const {
  const std::lock_guard lock(mutex_);
  return settings_;
}

Result<Secret> ConfiguredSecrets::Read(std::string_view name) {
  const auto settings = Settings();
  const auto found = settings->secrets.find(name);
  if (found == settings->secrets.end()) {
    std::vector<std::string_view> names;
    for (const auto& [known, location] : settings->secrets) names.push_back(known);
    const std::string near = NearestName(name, names);
    return Wrong("secret '" + std::string(name) + "' is not under `secrets:` of the configuration" +
                 (near.empty() ? "" : " (did you mean '" + near + "'?)"));
  }
  auto secret = ReadSecret(found->second);
  if (!secret) return Annotate(secret.error(), "secret '" + std::string(name) + "'");
  return secret;
}

Result<Secret> ConfiguredSecrets::DigestKey() {
  const auto settings = Settings();
  if (!settings->digest_key) {
    return Wrong("the configuration has no `secretDigestKey:`, which specs with a secretRef need");
  }
  auto secret = ReadSecret(*settings->digest_key);
  if (!secret) return Annotate(secret.error(), "secretDigestKey");
  return secret;
}

}  // namespace reconciler::daemon
