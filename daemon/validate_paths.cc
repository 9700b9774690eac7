#include "daemon/validate_paths.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "daemon/file_tree.h"
#include "daemon/posix.h"
#include "reconciler/spec/limits.h"

namespace reconciler::daemon {
namespace {

namespace fs = std::filesystem;

bool IsFolder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

std::string WorkingFolder() {
  std::error_code error;
  return fs::current_path(error).string();
}

/// Below the working folder where the path lies there, else absolute. "" is the working folder.
std::string Normal(const std::string& path, const std::string& working) {
  const std::string absolute = ResolvePath(working, path);
  std::string plain = absolute;
  while (plain.size() > 1 && plain.back() == '/') plain.pop_back();
  if (plain == working) return {};
  const std::string prefix = working == "/" ? working : working + "/";
  return plain.compare(0, prefix.size(), prefix) == 0 ? plain.substr(prefix.size()) : plain;
}

class Reader {
 public:
  Reader() : working_(WorkingFolder()) {}

  void Add(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
      return Problem(path, "cannot open it: " + ErrnoText(errno));
    }
    const std::string normal = Normal(path, working_);
    if (S_ISDIR(info.st_mode)) {
      AddFolder(normal);
      AddDefaultsAbove(normal);
    } else if (!S_ISREG(info.st_mode)) {
      Problem(path,
              "is " + std::string(FileTypeWords(info.st_mode)) + ", only regular files are read");
    } else {
      AddFile(path, normal);
      AddDefaultsAbove(Parent(normal));
      AddDefaultsIn(Parent(normal));
    }
  }

  NamedFiles Take() {
    NamedFiles named;
    for (auto& [path, file] : files_) named.files.push_back(std::move(file));
    named.findings = std::move(findings_);
    return named;
  }

 private:
  std::string OnDisk(const std::string& normal) const { return normal.empty() ? "." : normal; }
  static std::string Parent(const std::string& normal) {
    return fs::path(normal).parent_path().string();
  }

  /// Of a folder it has no line, of a file the first.
  void Problem(const std::string& path, std::string message) {
    Finding finding;
    finding.position.file = std::make_shared<const std::string>(path.empty() ? "." : path);
    if (IsSpecFileName(fs::path(path).filename().string()) && !IsFolder(path)) {
      finding.position.line = 1;
      finding.position.column = 1;
    }
    finding.message = std::move(message);
    findings_.push_back(std::move(finding));
  }

  void AddFolder(const std::string& folder) {
    DiskFileTree tree(OnDisk(folder));
    const TreeListing listing = tree.List();
    for (const TreeProblem& problem : listing.problems) {
      Problem(Join(folder, problem.path), problem.message);
    }
    for (const FileStamp& stamp : listing.files) {
      auto bytes = tree.Read(stamp);
      const std::string path = Join(folder, stamp.path);
      if (!bytes) {
        Problem(path, "changed while it was read");
        continue;
      }
      files_[path] = {path, std::move(*bytes), true};
    }
  }

  static std::string Join(const std::string& folder, const std::string& path) {
    if (folder.empty() || path.empty()) return folder.empty() ? path : folder;
    return folder + "/" + path;
  }

  void AddFile(const std::string& shown, const std::string& normal) {
    struct stat info {};
    const auto file = OpenRegular(OnDisk(normal), true, info);
    if (!file) return Problem(shown, std::string(file.error().message));
    if (static_cast<std::size_t>(info.st_size) > spec::kFileBytesMax) {
      return Problem(shown, "file is larger than 1 MiB (" + std::to_string(info.st_size) +
                                " bytes); split it");
    }
    auto bytes = ReadAll(file->get(), spec::kFileBytesMax, shown);
    if (!bytes) return Problem(shown, std::string(bytes.error().message));
    files_[normal] = {normal, std::move(bytes).value(), true};
  }

  /// Defaults in the folders above `folder`; what holds it is known to be none of its business.
  void AddDefaultsAbove(std::string folder) {
    const bool inside = folder.empty() || folder.front() != '/';
    const std::string top = inside ? std::string() : RepositoryOf(folder);
    if (!inside && top.empty()) return;  // nobody says where the tree begins
    while (!folder.empty() && folder != top && !IsFolder(Join(folder, ".git"))) {
      const std::string above = Parent(folder);
      if (above == folder) return;
      folder = above;
      AddDefaultsIn(folder);
    }
  }

  /// The nearest folder at or above that holds `.git`; empty: none.
  static std::string RepositoryOf(std::string folder) {
    while (!IsFolder(Join(folder, ".git"))) {
      const std::string above = Parent(folder);
      if (above == folder || above.empty()) return {};
      folder = above;
    }
    return folder;
  }

  void AddDefaultsIn(const std::string& folder) {
    std::error_code error;
    for (fs::directory_iterator entry(OnDisk(folder), error), end; !error && entry != end;
         entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      const std::string path = Join(folder, name);
      if (!IsSpecFileName(name) || files_.count(path) != 0) continue;
      struct stat info {};
      const auto file = OpenRegular(OnDisk(path), true, info);
      if (!file) continue;
      auto bytes = ReadAll(file->get(), spec::kFileBytesMax, path);
      if (!bytes || bytes->find("PoolDefaults") == std::string::npos) continue;
      files_[path] = {path, std::move(bytes).value(), false};
    }
  }

  std::string working_;
  std::map<std::string, NamedFile> files_;
  std::vector<Finding> findings_;
};

}  // namespace

NamedFiles ReadNamedPaths(const std::vector<std::string>& paths) {
  Reader reader;
  for (const std::string& path : paths) reader.Add(path);
  return reader.Take();
}

}  // namespace reconciler::daemon
