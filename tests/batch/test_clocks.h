// Clocks and words for the tests of this room.
#pragma once

#include <chrono>
#include <stop_token>

#include "reconciler/core/ports.h"

namespace reconciler::batch {

/// Real time, for exchanges over loopback.
class RealClock final : public Clock {
 public:
  Tick Now() override { return std::chrono::steady_clock::now().time_since_epoch(); }
  Instant Wall() override { return std::chrono::system_clock::now(); }
  bool SleepUntil(Tick, std::stop_token stop) override { return !stop.stop_requested(); }
};

/// Time that only sleeping moves; the wall starts at 2025-07-01 12:00:00.
class FakeClock final : public Clock {
 public:
  Tick Now() override { return now_; }
  Instant Wall() override {
    using namespace std::chrono;
    return Instant(sys_days{year{2025} / 7 / 1} + hours{12}) + now_;
  }
  bool SleepUntil(Tick due, std::stop_token stop) override {
    if (stop.stop_requested()) return false;
    if (due > now_) now_ = due;
    ++sleeps;
    return true;
  }
  int sleeps = 0;

 private:
  Tick now_{};
};

}  // namespace reconciler::batch
