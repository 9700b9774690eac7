// The file in which a service outlives its process.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tests/emulator/service.h"

namespace emulator {

/// Writes beside the file, flushes and renames: whoever opens it sees the old text or the new one.
/// What went wrong; the file is then as it was.
std::optional<std::string> ReplaceFile(const std::string& path, const std::string& text);

class StateFile {
 public:
  /// `service` outlives it.
  StateFile(std::string path, Service& service) : path_(std::move(path)), service_(service) {}

  const std::string& path() const { return path_; }
  bool Exists() const;
  /// When the state was saved that the service now has. Errors name the file, which stays as it is.
  std::variant<Instant, std::string> Load();
  /// What went wrong.
  std::optional<std::string> Save();
  /// Something changed by another way than a call of Batch.
  void MarkChanged() { marked_ = true; }
  /// Saves if something has changed since the last time.
  std::optional<std::string> SaveChanges();

 private:
  std::string path_;
  Service& service_;
  std::uint64_t saved_writes_ = 0;
  bool marked_ = false;
};

}  // namespace emulator
