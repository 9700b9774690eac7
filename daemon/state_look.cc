#include "daemon/state_look.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "daemon/posix.h"

namespace reconciler::daemon {
namespace {

constexpr const char* kProbeKey = "check-probe";
constexpr std::size_t kProbeBytes = 4096;

std::optional<std::uint64_t> FreeBytes(const std::string& folder) {
  struct statvfs info {};
  if (::statvfs(folder.c_str(), &info) != 0) return std::nullopt;
  return std::uint64_t{info.f_bavail} * info.f_frsize;
}

std::optional<Error> ProbeWrite(DiskStateStore& state) {
  if (auto written = state.Put(kProbeKey, std::string(kProbeBytes, ' ')); !written) {
    return std::move(written).error();
  }
  if (auto erased = state.Erase(kProbeKey); !erased) return std::move(erased).error();
  return std::nullopt;
}

/// Whether nobody can tell if it is there.
bool IsHidden(const std::string& file) {
  struct stat info {};
  return ::lstat(file.c_str(), &info) != 0;
}

/// Why the folder could not be made in its parent.
std::optional<Error> ProbeParent(const std::string& folder) {
  const std::string parent = FolderOf(folder);
  if (::faccessat(AT_FDCWD, parent.c_str(), W_OK | X_OK, AT_EACCESS) == 0) return std::nullopt;
  return Error{ErrorKind::kTerminal,
               "does not exist and cannot be made: " + parent + ": " + ErrnoText(errno)};
}

}  // namespace

StateLook LookAtState(DiskStateStore& state) {
  StateLook look;
  look.folder = state.folder();
  look.freeze_files = state.FreezeFiles();
  look.freeze_hidden = std::any_of(look.freeze_files.begin(), look.freeze_files.end(), IsHidden);
  struct stat info {};
  if (::stat(look.folder.c_str(), &info) != 0 && errno == ENOENT) {
    look.exists = false;
    look.problem = ProbeParent(look.folder);
    look.free_bytes = FreeBytes(FolderOf(look.folder));
    return look;
  }
  look.problem = ProbeWrite(state);
  look.free_bytes = FreeBytes(look.folder);
  return look;
}

}  // namespace reconciler::daemon
