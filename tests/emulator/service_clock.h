// The clock that everything in the service lives by.
#pragma once

#include <algorithm>
#include <chrono>

#include "tests/emulator/time_text.h"

namespace emulator {

class ServiceClock {
 public:
  /// Runs from `start` on `scale` times as fast as real time; 0: it stands still until it is moved.
  explicit ServiceClock(double scale, Instant start = Wall()) : scale_(scale), start_(start) {}

  static Instant Wall() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
  Instant Now() const {
    const std::chrono::duration<double, std::nano> real =
        std::chrono::steady_clock::now() - origin_;
    return start_ + std::chrono::duration_cast<Duration>(real * scale_);
  }
  bool ByHand() const { return scale_ == 0; }
  void Advance(Duration by) { start_ += by; }
  /// Where a service that was saved at `instant` goes on: by hand just there, else not before.
  void GoOnFrom(Instant instant) {
    start_ = ByHand() ? instant : std::max(Now(), instant);
    origin_ = std::chrono::steady_clock::now();
  }

 private:
  double scale_;
  Instant start_;
  std::chrono::steady_clock::time_point origin_ = std::chrono::steady_clock::now();
};

}  // namespace emulator
