#include "daemon/state_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <thread>

#include "daemon/posix.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kBlobBytesMax = std::size_t{64} << 20U;

bool PassesWithTime(int error) {
  return error == ENOSPC || error == EDQUOT || error == EIO || error == EINTR || error == EAGAIN ||
         error == ENFILE || error == EMFILE;
}

Error Failed(const std::string& what, const std::string& path, int error) {
  return Error{PassesWithTime(error) ? ErrorKind::kTransient : ErrorKind::kTerminal,
               "cannot " + what + " " + path + ": " + ErrnoText(error)};
}

bool IsKey(std::string_view key) {
  if (key.empty() || key.front() == '.' || key == "freeze" || key.size() > 200) return false;
  return key.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") ==
         std::string_view::npos;
}

Status CheckKey(std::string_view key) {
  if (IsKey(key)) return Ok{};
  return Error{ErrorKind::kTerminal,
               "'" + std::string(key) + "' is no name for a file of the state folder"};
}

/// Gives the file to the owner of the folder if another user (root) created it.
int GiveToOwnerOf(const std::string& folder, int file) {
  struct stat info {};
  if (::stat(folder.c_str(), &info) != 0) return errno;
  if (info.st_uid == ::geteuid() && info.st_gid == ::getegid()) return 0;
  if (::geteuid() != 0) return 0;  // only root may give files away
  return ::fchown(file, info.st_uid, info.st_gid) == 0 ? 0 : errno;
}

/// A name that no other writer uses, in this process or in another.
std::string TemporaryName(const std::string& folder, std::string_view key) {
  static std::atomic<unsigned> counter{0};
  return folder + "/." + std::string(key) + "." + std::to_string(::getpid()) + "." +
         std::to_string(counter++);
}

int FillFile(const std::string& folder, int file, std::string_view value) {
  if (const int error = GiveToOwnerOf(folder, file); error != 0) return error;
  if (const int error = WriteAll(file, value); error != 0) return error;
  return ::fsync(file) == 0 ? 0 : errno;
}

bool MayExist(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

}  // namespace

std::string DiskStateStore::PathOf(std::string_view key) const {
  return options_.folder + "/" + std::string(key);
}

Status DiskStateStore::Prepare() {
  if (::mkdir(options_.folder.c_str(), 0700) == 0 || errno == EEXIST) {
    struct stat info {};
    if (::stat(options_.folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return Ok{};
    return Error{ErrorKind::kTerminal, "state folder " + options_.folder + " is not a folder"};
  }
  return Failed("create the state folder", options_.folder, errno);
}

Result<std::optional<std::string>> DiskStateStore::Get(std::string_view key) {
  if (auto valid = CheckKey(key); !valid) return std::move(valid).error();
  const std::string path = PathOf(key);
  const FileDescriptor file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) {
    if (errno == ENOENT) return std::optional<std::string>();
    return Failed("open", path, errno);
  }
  auto bytes = ReadAll(file.get(), kBlobBytesMax, path);
  if (!bytes) return std::move(bytes).error();
  return std::optional<std::string>(std::move(bytes).value());
}

Status DiskStateStore::Put(std::string_view key, std::string_view value) {
  if (auto valid = CheckKey(key); !valid) return valid;
  const std::string temporary = TemporaryName(options_.folder, key);
  const std::string path = PathOf(key);
  int error = 0;
  {
    const FileDescriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.valid()) return Failed("write", path, errno);
    error = FillFile(options_.folder, file.get(), value);
  }
  if (error == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    return Failed("write", path, error);
  }
  return SyncFolder();
}

Status DiskStateStore::Erase(std::string_view key) {
  if (auto valid = CheckKey(key); !valid) return valid;
  if (::unlink(PathOf(key).c_str()) != 0) {
    if (errno == ENOENT) return Ok{};
    return Failed("remove", PathOf(key), errno);
  }
  return SyncFolder();
}

Status DiskStateStore::SyncFolder() {
  const FileDescriptor folder(::open(options_.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid() || ::fsync(folder.get()) != 0) {
    return Failed("sync the state folder", options_.folder, errno);
  }
  return Ok{};
}

std::vector<std::string> DiskStateStore::FreezeFiles() const {
  std::vector<std::string> files = {options_.folder + "/freeze", options_.run_folder + "/freeze"};
  std::erase_if(files, [](const std::string& file) { return !MayExist(file); });
  return files;
}

Status DiskStateStore::WithLock(std::string_view name, const std::function<Status()>& body) {
  if (auto valid = CheckKey(name); !valid) return valid;
  const std::string path = PathOf(name) + ".lock";
  const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) return Failed("open", path, errno);
  if (const int error = GiveToOwnerOf(options_.folder, file.get()); error != 0) {
    return Failed("give away", path, error);
  }
  constexpr std::chrono::milliseconds kStep{10};
  std::chrono::milliseconds waited{0};
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return Failed("lock", path, errno);
    if (waited >= options_.lock_wait_max) {
      return Error{ErrorKind::kTransient, path + " has been locked by another process for " +
                                              std::to_string(waited.count()) + " ms"};
    }
    std::this_thread::sleep_for(kStep);
    waited += kStep;
  }
  return body();  // closing the file gives the lock back
}

}  // namespace reconciler::daemon
