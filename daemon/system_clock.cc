#include "daemon/system_clock.h"

#include <sys/random.h>

#include <chrono>
#include <random>

namespace reconciler::daemon {
namespace {

using SteadyPoint = std::chrono::time_point<std::chrono::steady_clock, Tick>;

std::chrono::steady_clock::time_point PointOf(Tick due) {
  return std::chrono::time_point_cast<std::chrono::steady_clock::duration>(SteadyPoint(due));
}

}  // namespace

Tick SystemClock::Now() {
  return std::chrono::duration_cast<Tick>(std::chrono::steady_clock::now().time_since_epoch());
}

Instant SystemClock::Wall() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

bool SystemClock::SleepUntil(Tick due, std::stop_token stop) {
  Alarm alarm;
  return alarm.WaitUntil(due, std::move(stop)) != Alarm::Ended::kStopped;
}

void Alarm::Wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

Alarm::Ended Alarm::WaitUntil(Tick due, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, stop, PointOf(due), [this] { return woken_; });
  if (stop.stop_requested()) return Ended::kStopped;
  if (!woken_) return Ended::kDue;
  woken_ = false;
  return Ended::kWoken;
}

std::uint64_t RandomSeed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) == sizeof seed) return seed;
  std::random_device device;
  return (std::uint64_t{device()} << 32U) ^ device();
}

}  // namespace reconciler::daemon
