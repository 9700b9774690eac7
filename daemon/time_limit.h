// A stop that comes by itself when the time is up.
#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

#include "reconciler/core/ports.h"

namespace reconciler::daemon {

/// Asks for a stop when `limit` has passed, and when `outer` is asked to stop.
class TimeLimit {
 public:
  /// `clock` outlives it.
  TimeLimit(Clock& clock, Tick limit, std::stop_token outer);

  std::stop_token token() const { return source_.get_token(); }
  /// The time was up before anything else stopped it.
  bool passed() const { return passed_; }

 private:
  std::atomic<bool> passed_{false};
  std::stop_source source_;
  std::stop_callback<std::function<void()>> on_outer_;
  std::jthread timer_;  // last: it uses all of the above
};

}  // namespace reconciler::daemon
