// The emulator as a process of its own, so that its time and memory are not ours.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

/// Processor time that a process has used so far.
double CpuSecondsOf(pid_t process);

class EmulatorProcess {
 public:
  /// Starts `program` on a free port and waits until it answers; throws std::runtime_error if it
  /// does not within 10 s.
  EmulatorProcess(const std::string& program, std::vector<std::string> arguments);
  ~EmulatorProcess();
  EmulatorProcess(const EmulatorProcess&) = delete;
  EmulatorProcess& operator=(const EmulatorProcess&) = delete;

  std::uint16_t port() const { return port_; }
  /// TCP connections that were opened to it and are still known to the kernel, closed ones included
  /// (they stay for a minute).
  int ConnectionsSeen() const;
  double CpuSeconds() const { return CpuSecondsOf(child_); }
  double ResidentMebibytes() const;

 private:
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace bench
