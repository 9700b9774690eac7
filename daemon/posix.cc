#include "daemon/posix.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace reconciler::daemon {

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string ErrnoText(int error) {
  std::string text = std::generic_category().message(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

bool IsDenied(std::string_view message) { return message.ends_with(ErrnoText(EACCES)); }

std::string_view FileTypeWords(mode_t mode) {
  if (S_ISREG(mode)) return "a regular file";
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISLNK(mode)) return "a link";
  return "a device";
}

Result<FileDescriptor> OpenRegular(const std::string& path, bool follow, struct stat& info) {
  // O_NONBLOCK: opening a FIFO without a writer would block for ever.
  const int flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (follow ? 0 : O_NOFOLLOW);
  FileDescriptor file(::open(path.c_str(), flags));
  if (!file.valid()) {
    return Error{ErrorKind::kInvalidSpec, "cannot open " + path + ": " + ErrnoText(errno)};
  }
  if (::fstat(file.get(), &info) != 0) {
    return Error{ErrorKind::kInvalidSpec, "cannot look at " + path + ": " + ErrnoText(errno)};
  }
  if (!S_ISREG(info.st_mode)) {
    return Error{ErrorKind::kInvalidSpec, path + " is " + std::string(FileTypeWords(info.st_mode)) +
                                              ", expected a regular file"};
  }
  return file;
}

Result<std::string> ReadAll(int descriptor, std::size_t bytes_max, const std::string& name) {
  std::string bytes;
  char buffer[16384];
  while (true) {
    const ssize_t count = ::read(descriptor, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return Error{ErrorKind::kTransient, "cannot read " + name + ": " + ErrnoText(errno)};
    }
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
    if (bytes.size() > bytes_max) {
      return Error{ErrorKind::kInvalidSpec,
                   name + " has more than the limit of " + std::to_string(bytes_max) + " bytes"};
    }
  }
}

int WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

std::string ResolvePath(const std::string& folder, const std::string& path) {
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

std::string FolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace reconciler::daemon
