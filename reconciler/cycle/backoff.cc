#include "reconciler/cycle/backoff.h"

#include <algorithm>
#include <cstdint>

namespace reconciler::cycle {

std::chrono::milliseconds BackoffDelay(int failures, const BackoffRange& range, Random& random) {
  constexpr int kDoublingsMax = 20;  // far beyond any cap, far below an overflow
  const int doublings = std::clamp(failures - 1, 0, kDoublingsMax);
  const auto full = std::min(range.cap, range.first * (std::int64_t{1} << doublings));
  const auto half = full / 2;
  const auto random_part = random.Below(static_cast<std::uint64_t>(half.count()) + 1);
  return half + std::chrono::milliseconds(static_cast<std::int64_t>(random_part));
}

Tick WithJitter(Tick middle, Random& random) {
  const auto tenth = static_cast<std::uint64_t>(middle.count() / 10);
  const auto shift = static_cast<std::int64_t>(random.Below(2 * tenth + 1));
  return middle + Tick(shift - static_cast<std::int64_t>(tenth));
}

}  // namespace reconciler::cycle
