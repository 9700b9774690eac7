#include "tests/emulator/state_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace emulator {

namespace {

std::string LastError() { return std::generic_category().message(errno); }

/// False with errno set.
bool WriteDurably(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

/// So that the new name survives a loss of power, too.
void FlushFolder(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY);
  if (folder < 0) return;
  ::fsync(folder);
  ::close(folder);
}

}  // namespace

std::optional<std::string> ReplaceFile(const std::string& path, const std::string& text) {
  const std::string beside = fmt::format("{}.{}.tmp", path, ::getpid());
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return fmt::format("{}: cannot be written: {}", path, LastError());
  const bool written = WriteDurably(file, text);
  const std::string problem = written ? "" : LastError();
  ::close(file);
  if (written && ::rename(beside.c_str(), path.c_str()) == 0) {
    FlushFolder(path);
    return std::nullopt;
  }
  const std::string reason = written ? LastError() : problem;
  ::unlink(beside.c_str());
  return fmt::format("{}: cannot be written: {}", path, reason);
}

bool StateFile::Exists() const {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path_, ignored));
}

std::variant<Instant, std::string> StateFile::Load() {
  std::ifstream file(path_);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return path_ + ": cannot be read";
  auto loaded = service_.LoadState(text.str());
  if (const auto* problem = std::get_if<std::string>(&loaded)) {
    return fmt::format("{}: {}", path_, *problem);
  }
  saved_writes_ = service_.counters().writes_applied;
  return loaded;
}

std::optional<std::string> StateFile::Save() {
  const std::uint64_t writes = service_.counters().writes_applied;
  const auto problem = ReplaceFile(path_, service_.SaveState());
  if (problem) return problem;
  saved_writes_ = writes;
  marked_ = false;
  return std::nullopt;
}

std::optional<std::string> StateFile::SaveChanges() {
  if (!marked_ && service_.counters().writes_applied == saved_writes_) return std::nullopt;
  return Save();
}

}  // namespace emulator
