#include "tests/daemon/process_memory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string_view>

#include "daemon/posix.h"

namespace reconciler::daemon {
namespace {

std::string ProcFile(pid_t process, const char* name) {
  return "/proc/" + std::to_string(process) + "/" + name;
}

/// As much as can be read: a map may shrink meanwhile.
std::string ReadRange(int memory, std::uint64_t from, std::uint64_t to) {
  std::string bytes(to - from, '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t count = ::pread(memory, bytes.data() + filled, bytes.size() - filled,
                                  static_cast<off_t>(from + filled));
    if (count <= 0) break;
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

}  // namespace

std::vector<std::string> WritableMemory(pid_t process) {
  const FileDescriptor memory(::open(ProcFile(process, "mem").c_str(), O_RDONLY | O_CLOEXEC));
  std::vector<std::string> found;
  if (!memory.valid()) return found;
  std::ifstream maps(ProcFile(process, "maps"));
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    char dash = 0;
    std::string rights;
    words >> std::hex >> from >> dash >> to >> rights;
    if (rights.rfind("rw", 0) == 0) found.push_back(ReadRange(memory.get(), from, to));
  }
  return found;
}

long CoreLimitOf(pid_t process) {
  constexpr std::string_view kName = "Max core file size";
  std::ifstream limits(ProcFile(process, "limits"));
  for (std::string line; std::getline(limits, line);) {
    if (line.rfind(kName, 0) != 0) continue;
    std::istringstream words(line.substr(kName.size()));
    long soft = -1;
    long hard = -1;
    words >> soft >> hard;
    return words ? hard : -1;
  }
  return -1;
}

bool IsClosedToOthers(pid_t process) {
  struct stat info {};
  if (::stat(ProcFile(process, "mem").c_str(), &info) != 0) return false;
  return ::geteuid() == 0 ? info.st_gid == 0 : info.st_uid == 0;
}

}  // namespace reconciler::daemon
