#include "daemon/install_place.h"

#include <filesystem>

namespace reconciler::daemon {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExample = "poolkeeper.example.yaml";

}  // namespace

std::string ExampleConfigFile() {
  std::error_code failed;
  return ExampleConfigFileFor(fs::read_symlink("/proc/self/exe", failed).parent_path().string());
}

std::string ExampleConfigFileFor(const std::string& bin) {
  // `cmake --install --prefix` may put all of it elsewhere than it was configured for.
  const fs::path moved = fs::path(bin) / POOLKEEPER_DOCDIR_FROM_BINDIR / kExample;
  for (const fs::path& place : {moved, fs::path(POOLKEEPER_DOCDIR) / kExample}) {
    std::error_code failed;
    if (fs::exists(place, failed)) return place.lexically_normal().string();
  }
  return std::string("deploy/") + kExample;
}

}  // namespace reconciler::daemon
