#include "daemon/run_lock.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <optional>
#include <thread>

namespace reconciler::daemon {

namespace {

/// The process that the file names; nothing if that is no more. A holder that has just taken the
/// lock has not written its own yet: what stands there then is the one before.
std::optional<pid_t> LivingHolder(int file) {
  char text[32] = {};
  const ssize_t size = ::pread(file, text, sizeof text - 1, 0);
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(text, text + std::max<ssize_t>(size, 0), pid);
  if (error != std::errc() || *end != '\n' || pid <= 0) return std::nullopt;
  if (::kill(pid, 0) != 0 && errno == ESRCH) return std::nullopt;
  return pid;
}

std::string HolderOf(int file) {
  constexpr int kLooks = 20;
  for (int look = 0; look < kLooks; ++look) {
    if (const auto pid = LivingHolder(file)) return "process " + std::to_string(*pid);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return "another process";
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
  // Only for the message of a second one: on a full disk the lock holds without it.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file.get(), 0) == 0) (void)WriteAll(file.get(), pid);
  return RunLock(std::move(file));
}

}  // namespace reconciler::daemon
