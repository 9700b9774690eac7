#include "daemon/write_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "daemon/posix.h"

namespace reconciler::daemon {
namespace {

Error Failed(const std::string& path, int error) {
  return Error{ErrorKind::kInvalidSpec, fmt::format("cannot write {}: {}", path, ErrnoText(error))};
}

/// 0 or errno.
int WriteLike(int descriptor, const struct stat& like, std::string_view bytes) {
  if (const int error = WriteAll(descriptor, bytes); error != 0) return error;
  // Without the right to give a file away it is of who replaced it.
  if (::fchown(descriptor, like.st_uid, like.st_gid) != 0 && errno != EPERM) return errno;
  if (::fchmod(descriptor, like.st_mode & 07777U) != 0) return errno;
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

}  // namespace

Status WriteNewFile(const std::string& path, std::string_view bytes) {
  std::error_code failed;
  std::filesystem::create_directories(FolderOf(path), failed);
  if (failed) return Failed(path, failed.value());
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.valid() && errno == EEXIST) {
    return Error{ErrorKind::kInvalidSpec,
                 fmt::format("cannot write {}: there is a file of this name already", path)};
  }
  if (!file.valid()) return Failed(path, errno);
  if (const int error = WriteAll(file.get(), bytes); error != 0) return Failed(path, error);
  return Ok{};
}

Status ReplaceFile(const std::string& path, std::string_view bytes) {
  std::error_code failed;
  const std::string target = std::filesystem::canonical(path, failed).string();
  struct stat info {};
  if (failed) return Failed(path, failed.value());
  if (::stat(target.c_str(), &info) != 0) return Failed(path, errno);
  std::string fresh = target + ".XXXXXX";
  const FileDescriptor file(::mkostemp(fresh.data(), O_CLOEXEC));
  if (!file.valid()) return Failed(path, errno);
  int error = WriteLike(file.get(), info, bytes);
  if (error == 0 && std::rename(fresh.c_str(), target.c_str()) != 0) error = errno;
  if (error == 0) return Ok{};
  (void)::unlink(fresh.c_str());
  return Failed(path, error);
}

}  // namespace reconciler::daemon
