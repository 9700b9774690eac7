// The clock of the machine, and the seed of the process.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "reconciler/core/ports.h"

namespace reconciler::daemon {

class SystemClock final : public Clock {
 public:
  Tick Now() override;  // since the clock of the machine began; not set back by anybody
  Instant Wall() override;
  bool SleepUntil(Tick due, std::stop_token stop) override;
};

/// Waits for a due time, a stop, or somebody who calls Wake. Wake before the wait counts.
class Alarm {
 public:
  enum class Ended { kDue, kWoken, kStopped };
  void Wake();
  Ended WaitUntil(Tick due, std::stop_token stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
};

/// Random bits of the kernel, for seeding.
std::uint64_t RandomSeed();

}  // namespace reconciler::daemon
