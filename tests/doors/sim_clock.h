// Virtual time: it moves only when somebody waits or a test says so.
#pragma once

#include <algorithm>

#include "reconciler/core/ports.h"

namespace doors {

class SimClock final : public reconciler::Clock {
 public:
  explicit SimClock(reconciler::Instant start) : start_(start) {}

  reconciler::Tick Now() override { return now_; }
  reconciler::Instant Wall() override { return start_ + now_; }
  bool SleepUntil(reconciler::Tick due, std::stop_token stop) override {
    if (stop.stop_requested()) return false;
    AdvanceTo(due);
    return true;
  }

  void AdvanceTo(reconciler::Tick due) { now_ = std::max(now_, due); }
  void Advance(reconciler::Tick step) { now_ += step; }

 private:
  reconciler::Instant start_;
  reconciler::Tick now_{};
};

}  // namespace doors
