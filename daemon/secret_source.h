// Where secrets are read from: files and systemd credentials that the configuration names.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "reconciler/core/ports.h"

namespace reconciler::daemon {

/// One of the two is not empty.
struct SecretLocation {
  std::string file;        // absolute, or relative to the working folder
  std::string credential;  // name of a systemd credential
  friend bool operator==(const SecretLocation&, const SecretLocation&) = default;
};

/// The bytes of a secret, without one line feed at the end. A file must be regular, belong to root
/// or to the user of the process, and have no permission for group and others; a file inside
/// $CREDENTIALS_DIRECTORY only has to be regular, as systemd guards it (systemd.exec(5)).
/// Errors: kInvalidSpec, names the file and what to do.
Result<Secret> ReadSecret(const SecretLocation& location);
/// A key in base64, decoded.
Result<Secret> ReadSharedKey(const SecretLocation& location);

/// What `secrets:` and `secretDigestKey:` of the configuration name.
struct SecretSettings {
  std::map<std::string, SecretLocation, std::less<>> secrets;
  std::optional<SecretLocation> digest_key;
};

/// Reads a secret each time it is asked for, so that a rotated one is seen. Thread-safe.
class ConfiguredSecrets final : public SecretSource {
 public:
  explicit ConfiguredSecrets(SecretSettings settings);
  /// For a reloaded configuration.
  void Replace(SecretSettings settings);

  Result<Secret> Read(std::string_view name) override;
  Result<Secret> DigestKey() override;

 private:
  std::shared_ptr<const SecretSettings> Settings() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const SecretSettings> settings_;
};

}  // namespace reconciler::daemon
