#include "daemon/file_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "daemon/posix.h"
#include "daemon/service_reach.h"

namespace reconciler::daemon {
namespace {

std::int64_t MtimeNs(const struct stat& info) {
  return std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
}

FileStamp StampOf(std::string path, const struct stat& info) {
  return {std::move(path), info.st_ino, static_cast<std::uint64_t>(info.st_size), MtimeNs(info)};
}

std::string RealPath(const std::string& path) {
  char buffer[PATH_MAX];
  return ::realpath(path.c_str(), buffer) == nullptr ? std::string() : std::string(buffer);
}

bool IsInside(const std::string& path, const std::string& folder) {
  if (folder == "/") return true;
  return path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 &&
         path[folder.size()] == '/';
}

/// One walk over the tree; its listing grows as it goes.
class Walk {
 public:
  Walk(const std::string& root, std::string real_root, const TreeLimits& limits)
      : root_(root), real_root_(std::move(real_root)), limits_(limits) {}

  TreeListing Run() {
    listing_.complete = true;
    VisitFolder("", 0);
    std::sort(listing_.files.begin(), listing_.files.end(),
              [](const FileStamp& a, const FileStamp& b) { return a.path < b.path; });
    std::sort(listing_.problems.begin(), listing_.problems.end(),
              [](const TreeProblem& a, const TreeProblem& b) { return a.path < b.path; });
    return std::move(listing_);
  }

 private:
  std::string FullPath(const std::string& path) const {
    return path.empty() ? root_ : root_ + "/" + path;
  }

  /// "cannot open the folder: permission denied", and which setting of the unit may be the cause.
  void Refused(const std::string& path, const std::string& what, int error) {
    std::string message = what + ": " + ErrnoText(error);
    const std::string hidden = HiddenByUnit(FullPath(path));
    // What PrivateTmp hides is not refused, it is not there.
    if (error == EACCES && hidden.starts_with("ProtectHome")) {
      message += "; in the unit of the service " + hidden;
    }
    Problem(path, std::move(message));
  }

  void Problem(const std::string& path, std::string message) {
    listing_.problems.push_back({path, std::move(message), true});
    listing_.complete = false;
  }

  void VisitFolder(const std::string& path, int depth) {
    if (depth > limits_.depth_max) {
      Problem(path, "lies deeper than " + std::to_string(limits_.depth_max) + " folders");
      return;
    }
    const int follow = path.empty() ? 0 : O_NOFOLLOW;
    const int descriptor =
        ::open(FullPath(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | follow);
    if (descriptor < 0) {
      if (errno == ENOENT && !path.empty()) return;  // gone since its parent was read
      Refused(path, "cannot open the folder", errno);
      return;
    }
    const std::vector<std::string> names = NamesIn(descriptor, path);
    for (const std::string& name : names) {
      if (full_) return;
      VisitEntry(path.empty() ? name : path + "/" + name, name, depth);
    }
  }

  /// Visible names, sorted; takes the descriptor over.
  std::vector<std::string> NamesIn(int descriptor, const std::string& path) {
    std::vector<std::string> names;
    DIR* folder = ::fdopendir(descriptor);
    if (folder == nullptr) {
      ::close(descriptor);
      Problem(path, "cannot read the folder: " + ErrnoText(errno));
      return names;
    }
    while (true) {
      errno = 0;
      const dirent* entry =
          ::readdir(folder);  // NOLINT(concurrency-mt-unsafe): a stream of our own
      if (entry == nullptr) {
        if (errno != 0) Problem(path, "cannot read the folder: " + ErrnoText(errno));
        break;
      }
      if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    }
    ::closedir(folder);
    std::sort(names.begin(), names.end());
    return names;
  }

  void VisitEntry(const std::string& path, const std::string& name, int depth) {
    struct stat info {};
    if (::lstat(FullPath(path).c_str(), &info) != 0) {
      if (errno != ENOENT) Refused(path, "cannot look at it", errno);
      return;
    }
    if (S_ISDIR(info.st_mode)) return VisitFolder(path, depth + 1);
    if (S_ISLNK(info.st_mode)) return VisitLink(path, name);
    if (!IsSpecFileName(name)) return;
    if (!S_ISREG(info.st_mode)) {
      Problem(path,
              "is " + std::string(FileTypeWords(info.st_mode)) + ", only regular files are read");
      return;
    }
    AddFile(path, info);
  }

  void VisitLink(const std::string& path, const std::string& name) {
    struct stat info {};
    if (::stat(FullPath(path).c_str(), &info) != 0) {
      const int error = errno;
      if (!IsSpecFileName(name)) return;
      Problem(path, error == ENOENT ? std::string("is a link to nothing")
                                    : "is a link that cannot be followed: " + ErrnoText(error));
      return;
    }
    if (S_ISDIR(info.st_mode)) {
      Problem(path, "is a link to a folder, which is not followed");
      return;
    }
    if (!IsSpecFileName(name)) return;
    if (!S_ISREG(info.st_mode)) {
      Problem(path, "is a link to " + std::string(FileTypeWords(info.st_mode)) +
                        ", only regular files are read");
      return;
    }
    if (!IsInside(RealPath(FullPath(path)), real_root_)) {
      Problem(path, "is a link out of the spec tree, which is not followed");
      return;
    }
    AddFile(path, info);
  }

  void AddFile(const std::string& path, const struct stat& info) {
    const auto size = static_cast<std::uint64_t>(info.st_size);
    if (size > limits_.file_bytes_max) {
      Problem(path, "has " + std::to_string(size) + " bytes, the limit is " +
                        std::to_string(limits_.file_bytes_max));
      return;
    }
    if (::faccessat(AT_FDCWD, FullPath(path).c_str(), R_OK, AT_EACCESS) != 0) {
      if (errno != ENOENT) Refused(path, "cannot open the file", errno);
      return;
    }
    bytes_ += size;
    if (listing_.files.size() >= limits_.files_max || bytes_ > limits_.tree_bytes_max) {
      full_ = true;
      Problem("", "has more than " + std::to_string(limits_.files_max) + " spec files or " +
                      std::to_string(limits_.tree_bytes_max) + " bytes, the rest is not read");
      return;
    }
    listing_.files.push_back(StampOf(path, info));
  }

  const std::string& root_;
  std::string real_root_;
  const TreeLimits& limits_;
  TreeListing listing_;
  std::uint64_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace

bool IsSpecFileName(std::string_view name) {
  const auto ends_with = [&](std::string_view end) {
    return name.size() > end.size() && name.substr(name.size() - end.size()) == end;
  };
  return !name.empty() && name.front() != '.' && (ends_with(".yaml") || ends_with(".yml"));
}

DiskFileTree::DiskFileTree(std::string root, TreeLimits limits)
    : root_(std::move(root)), limits_(limits) {
  while (root_.size() > 1 && root_.back() == '/') root_.pop_back();
}

TreeListing DiskFileTree::List() { return Walk(root_, RealPath(root_), limits_).Run(); }

std::optional<std::string> DiskFileTree::Read(const FileStamp& stamp) {
  struct stat info {};
  const auto file = OpenRegular(root_ + "/" + stamp.path, true, info);
  if (!file || StampOf(stamp.path, info) != stamp) return std::nullopt;
  auto bytes = ReadAll(file->get(), limits_.file_bytes_max, stamp.path);
  if (!bytes || bytes->size() != stamp.size_bytes) return std::nullopt;
  // Written to while it was being read: the stamp has moved on.
  if (::fstat(file->get(), &info) != 0 || StampOf(stamp.path, info) != stamp) return std::nullopt;
  return std::move(bytes).value();
}

}  // namespace reconciler::daemon
