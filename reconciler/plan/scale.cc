#include "reconciler/plan/scale.h"

#include <algorithm>
#include <array>

#include "reconciler/core/digest.h"
#include "reconciler/core/duration.h"
#include "reconciler/core/text.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kStopped = "ResizeStopped";

// Batch REST, "Pool - Get": the codes of ResizeError that name a core quota.
constexpr std::array<std::string_view, 4> kQuotaCodes = {
    "AccountCoreQuotaReached", "AccountVMSeriesCoreQuotaReached",
    "AccountLowPriorityCoreQuotaReached", "AccountSpotCoreQuotaReached"};

std::string CanonicalInterval(std::string_view text) {
  const std::optional<Ticks> interval = ParseIsoDuration(text);
  return interval ? FormatIsoDuration(*interval) : std::string(text);
}

const ResizeError* BelievedError(const LivePool& live, const PoolMemory& memory) {
  if (live.resize_errors.empty()) return nullptr;
  if (memory.last_resize && live.allocation_transition &&
      *live.allocation_transition <= *memory.last_resize) {
    return nullptr;
  }
  return &live.resize_errors.front();
}

}  // namespace

std::string LiveScaleDigest(const LivePool& live) {
  if (!live.auto_scale) {
    return ShortDigest("fixed " + std::to_string(live.target_dedicated) + " " +
                       std::to_string(live.target_low_priority));
  }
  return ShortDigest("auto " +
                     CanonicalInterval(live.body.StringOr("autoScaleEvaluationInterval", "PT15M")) +
                     " " + std::string(live.body.StringOr("autoScaleFormula")));
}

Targets DesiredTargets(const ScaleSpec& scale, const LivePool& live) {
  return {.dedicated = scale.dedicated.value_or(live.target_dedicated),
          .low_priority = scale.low_priority.value_or(live.target_low_priority)};
}

std::optional<AllocationFailure> FailedAllocation(const ScaleSpec& scale, const LivePool& live,
                                                  const PoolMemory& memory) {
  if (scale.kind != ScaleKind::kFixed || live.auto_scale || live.deleting) return std::nullopt;
  if (live.allocation_state != AllocationState::kSteady || live.AtTarget()) return std::nullopt;
  const Targets observed{.dedicated = live.target_dedicated,
                         .low_priority = live.target_low_priority};
  if (!(DesiredTargets(scale, live) == observed)) return std::nullopt;
  AllocationFailure failure;
  const ResizeError* error = BelievedError(live, memory);
  if (error == nullptr) return failure;
  failure.code = error->code;
  failure.message = error->message;
  if (error->code == kStopped) {
    failure.reason = memory.stop_resize_sent ? Reason::kResizeStopped : Reason::kStoppedByOther;
  } else if (IsQuotaCode(error->code)) {
    failure.reason = Reason::kQuotaReached;
  }
  return failure;
}

bool IsQuotaCode(std::string_view code) {
  return std::any_of(kQuotaCodes.begin(), kQuotaCodes.end(),
                     [&](std::string_view known) { return EqualFolded(known, code); });
}

std::chrono::minutes AllocationDelay(std::string_view code, int tries) {
  using std::chrono::minutes;
  constexpr minutes kLongest{60};
  minutes delay = EqualFolded(code, kStopped) ? kLongest : minutes{IsQuotaCode(code) ? 30 : 5};
  for (int i = 0; i < tries && delay < kLongest; ++i) delay *= 2;
  return std::min(delay, kLongest);
}

}  // namespace reconciler::plan
