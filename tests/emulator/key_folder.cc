#include "tests/emulator/key_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace emulator {

namespace {

bool IsPlain(const std::string& name) {
  return !name.empty() && name[0] != '.' && name.find('/') == std::string::npos;
}

}  // namespace

void KeepKey(const std::string& folder, const NodeUserChange& change) {
  if (!IsPlain(change.pool) || !IsPlain(change.node) || !IsPlain(change.user)) return;
  const std::filesystem::path node = std::filesystem::path(folder) / change.pool / change.node;
  if (!change.key) {
    std::filesystem::remove(node / change.user);
    return;
  }
  std::filesystem::create_directories(node);
  std::ofstream file(node / change.user);
  std::string line = *change.key;
  std::replace(line.begin(), line.end(), '\n', ' ');  // one key, one line
  file << line << '\n';
  if (!file.flush())
    throw std::runtime_error((node / change.user).string() + ": cannot be written");
}

}  // namespace emulator
