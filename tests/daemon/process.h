// The built program as a child process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/posix.h"

namespace reconciler::daemon {

/// A program with both of its outputs on pipes and nothing on its input.
class Process {
 public:
  /// `poolkeeper`, in a working folder.
  explicit Process(const std::vector<std::string>& arguments, const std::string& folder = "/");
  /// Any program, by its path.
  Process(const std::string& program, const std::vector<std::string>& arguments,
          const std::string& folder);
  ~Process();  // kills it if it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void Signal(int signal) const;
  /// Reads its log until `text` has come; false at its end, or after 20 s.
  bool WaitForLog(const std::string& text) { return WaitFor(err_, text); }
  /// The same of what it prints.
  bool WaitForOutput(const std::string& text) { return WaitFor(out_, text); }
  /// Its exit code, 128 + n for a signal that it did not take; all output is read then.
  int Wait();
  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }
  pid_t pid() const { return pid_; }

 private:
  bool WaitFor(const std::string& stream, const std::string& text);
  bool Pump(int timeout_ms);  // false: both ends are closed, or nothing came in time

  pid_t pid_ = -1;
  FileDescriptor out_pipe_;
  FileDescriptor err_pipe_;
  std::string out_;
  std::string err_;
};

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};
/// `poolkeeper` to its end.
Outcome RunProgram(const std::vector<std::string>& arguments, const std::string& folder = "/");

/// Listens on loopback and never answers.
class HangingServer {
 public:
  HangingServer();
  std::uint16_t port() const { return port_; }
  /// Waits until somebody has connected and sent something; false after 20 s.
  bool WaitForRequest();

 private:
  FileDescriptor listener_;
  FileDescriptor connection_;
  std::uint16_t port_ = 0;
};

}  // namespace reconciler::daemon
