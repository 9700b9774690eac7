// Signals as a stop token.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "daemon/posix.h"

namespace reconciler::daemon {

/// Takes SIGINT, SIGTERM and SIGHUP for the whole process. Create it before any thread. The first
/// SIGINT or SIGTERM asks for a stop, the second ends the process at once, with 128 + its number.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  std::stop_token stop() const { return source_.get_token(); }
  /// Ends the program as a signal would, for a reason of its own.
  void RequestStop() { source_.request_stop(); }
  /// The number of the signal that asked for the stop; 0: none did.
  int received() const { return received_; }
  /// `on_hangup` runs in the thread of the signals; without it SIGHUP stops as SIGTERM does.
  void OnHangup(std::function<void()> on_hangup);

 private:
  void Listen();
  void Take(int signal);

  std::stop_source source_;
  std::atomic<int> received_{0};
  std::mutex mutex_;
  std::function<void()> on_hangup_;
  FileDescriptor signals_;
  FileDescriptor quit_;  // readable: the listener ends
  std::thread listener_;
};

}  // namespace reconciler::daemon
