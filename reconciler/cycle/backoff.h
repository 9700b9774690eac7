// How long to wait after a failure; whether to retry, and whether it is safe, are decided
// elsewhere.
#pragma once

#include <chrono>

#include "reconciler/core/ports.h"

namespace reconciler::cycle {

struct BackoffRange {
  std::chrono::milliseconds first;
  std::chrono::milliseconds cap;
};
/// Throttled, 5xx, lost answers.
inline constexpr BackoffRange kRetryBackoff{std::chrono::seconds(15), std::chrono::minutes(15)};
/// Quota, forbidden, unknown 4xx: a person has to act, so there is no hurry.
inline constexpr BackoffRange kSlowBackoff{std::chrono::minutes(30), std::chrono::hours(2)};
/// After a refusal (400, 413) the same spec is tried again once a day: the cure may lie outside it.
inline constexpr std::chrono::hours kRefusedRetry{24};

/// Equal jitter: half of min(cap, first * 2^(failures - 1)) for certain, half at random.
/// `failures`: 1 for the first.
std::chrono::milliseconds BackoffDelay(int failures, const BackoffRange& range, Random& random);

/// `middle` plus or minus a tenth.
Tick WithJitter(Tick middle, Random& random);

}  // namespace reconciler::cycle
