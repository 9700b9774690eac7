// Thin wrappers over file descriptors and errno.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "reconciler/core/result.h"

namespace reconciler::daemon {

/// Owns a file descriptor; -1 is none.
class FileDescriptor {
 public:
  explicit FileDescriptor(int descriptor = -1) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  int get() const { return descriptor_; }
  bool valid() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// "permission denied": the system's words, with a small first letter.
std::string ErrnoText(int error);

/// Whether a message ends with the system's words for what this user may not do.
bool IsDenied(std::string_view message);

/// "a FIFO", "a socket", "a folder", "a device"; "a regular file".
std::string_view FileTypeWords(mode_t mode);

/// Opens a regular file for reading and fills `info`. Never hangs on a FIFO or a device. Links are
/// followed unless `follow` is false. Errors: kInvalidSpec, the message names `path`.
Result<FileDescriptor> OpenRegular(const std::string& path, bool follow, struct stat& info);

/// All bytes of an open file; an error if there are more than `bytes_max`. `name` is for messages.
Result<std::string> ReadAll(int descriptor, std::size_t bytes_max, const std::string& name);

/// Writes all bytes; 0 or errno.
int WriteAll(int descriptor, std::string_view bytes);

/// `path` if it is absolute, else below `folder`.
std::string ResolvePath(const std::string& folder, const std::string& path);
/// The folder part of a path: "/etc/x/y" -> "/etc/x", "y" -> ".".
std::string FolderOf(const std::string& path);

}  // namespace reconciler::daemon
