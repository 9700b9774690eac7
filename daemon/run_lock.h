// One `run` per owner and state folder.
#pragma once

#include <string>

#include "daemon/posix.h"
#include "reconciler/core/result.h"

namespace reconciler::daemon {

/// Holds the lock until it dies, whatever kills the process.
class RunLock {
 public:
  /// Errors: kConflict, names the process that holds it; kTerminal when the file cannot be made.
  static Result<RunLock> Take(const std::string& state_folder, const std::string& owner);

 private:
  explicit RunLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

}  // namespace reconciler::daemon
