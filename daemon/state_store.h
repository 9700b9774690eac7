// The state folder: small named blobs that survive a restart.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "reconciler/core/ports.h"

namespace reconciler::daemon {

struct StateStoreOptions {
  std::string folder;
  std::string run_folder = "/run/poolkeeper";  // a file `freeze` there stops all writes as well
  /// What holds a lock holds it for a few writes; longer means that it hangs.
  std::chrono::milliseconds lock_wait_max{5000};
};

/// One file per key. Files belong to the owner of the folder and have mode 600, also when root
/// runs a command, so that the service can always read what a command wrote. Thread-safe.
/// Errors: kTransient for what may pass (full disk, I/O), kTerminal for what needs a person.
class DiskStateStore final : public StateStore {
 public:
  explicit DiskStateStore(StateStoreOptions options) : options_(std::move(options)) {}

  /// Creates the folder (mode 700) if it is missing. Call before the first write.
  Status Prepare();

  Result<std::optional<std::string>> Get(std::string_view key) override;
  Status Put(std::string_view key, std::string_view value) override;
  Status Erase(std::string_view key) override;
  /// A freeze file that cannot be looked for counts as there.
  bool Frozen() override { return !FreezeFiles().empty(); }
  /// The paths of the freeze files that are there.
  std::vector<std::string> FreezeFiles() const;
  Status WithLock(std::string_view name, const std::function<Status()>& body) override;

  const std::string& folder() const { return options_.folder; }

 private:
  std::string PathOf(std::string_view key) const;
  Status SyncFolder();

  StateStoreOptions options_;
};

}  // namespace reconciler::daemon
