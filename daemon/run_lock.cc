#include "daemon/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace reconciler::daemon {

namespace {

std::string HolderOf(int file) {
  const auto text = ReadAll(file, 64, "the lock file");
  std::string pid = text ? *text : std::string();
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  const bool digits = !pid.empty() && pid.find_first_not_of("0123456789") == std::string::npos;
  return digits ? "process " + pid : std::string("another process");
}

}  // namespace

Result<RunLock> RunLock::Take(const std::string& state_folder, const std::string& owner) {
  const std::string path = state_folder + "/run-" + owner + ".lock";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) {
    return Error{ErrorKind::kTerminal, "cannot open " + path + ": " + ErrnoText(errno)};
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return Error{ErrorKind::kTerminal, "cannot lock " + path + ": " + ErrnoText(errno)};
    }
    return Error{ErrorKind::kConflict, "owner '" + owner + "' is already kept by " +
                                           HolderOf(file.get()) + " (" + path +
                                           "): stop it, or use another state folder and owner"};
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file.get(), 0) != 0 || WriteAll(file.get(), pid) != 0) {
    return Error{ErrorKind::kTerminal, "cannot write " + path + ": " + ErrnoText(errno)};
  }
  return RunLock(std::move(file));
}

}  // namespace reconciler::daemon
