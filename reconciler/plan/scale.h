// The scale group: what is live, what a failed allocation means, when to ask again.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/pool.h"
#include "reconciler/core/reason.h"
#include "reconciler/plan/memory.h"
#include "reconciler/plan/prepared.h"

namespace reconciler::plan {

/// Over autoscale, formula and interval, and over the targets where autoscale is off: under
/// autoscale they are the formula's.
std::string LiveScaleDigest(const LivePool& live);

/// Both targets as a resize for this spec sends them: what is not ours as observed.
struct Targets {
  int dedicated = 0;
  int low_priority = 0;
  int Sum() const { return dedicated + low_priority; }
  friend bool operator==(const Targets&, const Targets&) = default;
};
Targets DesiredTargets(const ScaleSpec& scale, const LivePool& live);

/// A steady pool of fixed scale that has the targets of its spec and not the nodes.
struct AllocationFailure {
  std::string code;  // of the resize error that is believed; empty: none is
  std::string message;
  Reason reason = Reason::kAllocationFailed;
};
/// A resize error is believed only with current <> target, and if the pool became steady after our
/// last resize. nullopt: nothing is missing, or the size is not ours, or a resize runs.
std::optional<AllocationFailure> FailedAllocation(const ScaleSpec& scale, const LivePool& live,
                                                  const PoolMemory& memory);

/// How long to wait before the same resize is sent again. `tries`: how often it was already sent
/// again. 5 min doubling to 60 min; quota codes start at 30 min, stopped resizes at 60 min.
std::chrono::minutes AllocationDelay(std::string_view code, int tries);
bool IsQuotaCode(std::string_view code);

}  // namespace reconciler::plan
