// systemd's side of sd_notify(3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/posix.h"

namespace reconciler::daemon {

/// A variable of the environment, gone with it; child processes inherit it.
class Variable {
 public:
  Variable(const char* name, const std::string& value);
  ~Variable();
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

/// Listens at `name`: a path, or with a leading @ one of the abstract namespace.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& name);

  /// All that has come, in its order, and no wait: what this process sent is there.
  std::vector<std::string> Take();
  /// Reads on until a message has `text`; false when none has come for 20 s.
  bool WaitFor(const std::string& text);
  /// All that WaitFor has read.
  const std::vector<std::string>& read() const { return read_; }

 private:
  std::optional<std::string> Next();

  FileDescriptor socket_;
  std::vector<std::string> read_;
};

}  // namespace reconciler::daemon
