// A folder of its own for one test, gone with it.
#pragma once

#include <string>
#include <string_view>

namespace reconciler::daemon {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  /// Writes a file below the folder, with its folders; returns its path.
  std::string Write(std::string_view name, std::string_view bytes, unsigned mode = 0600) const;
  std::string Read(std::string_view name) const;

 private:
  std::string path_;
};

/// Runs `body` in a child process as a user without rights and returns what it returned; the folder
/// of the test must be open to all. Without root it just runs.
int AsNobody(int (*body)(const std::string& folder), const std::string& folder);

}  // namespace reconciler::daemon
