// The scale group: what differs and why, and the calls that would move it.
#include <fmt/format.h>

#include <algorithm>

#include "reconciler/plan/compare.h"
#include "reconciler/plan/decide.h"
#include "reconciler/plan/scale.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kDedicated = "targetDedicatedNodes";
constexpr std::string_view kLowPriority = "targetLowPriorityNodes";
constexpr std::string_view kEnable = "enableAutoScale";
constexpr std::string_view kFormula = "autoScaleFormula";
constexpr std::string_view kInterval = "autoScaleEvaluationInterval";

// Where a member of the group stands; for one that is not named, where the group is.
Position PositionOf(const PoolSpec& spec, std::string_view name) {
  for (const std::string_view candidate : {name, kDedicated, kLowPriority, kFormula, kEnable}) {
    if (const auto found = spec.positions.find(candidate); found != spec.positions.end()) {
      return found->second;
    }
  }
  return spec.position;
}

void AddChange(const Decision& decision, std::string_view name, std::optional<Value> before,
               std::optional<Value> after, std::vector<Change>& changes) {
  Change change;
  change.property = change.path = std::string(name);
  change.before = std::move(before);
  change.after = std::move(after);
  change.cost = Cost::kScale;
  change.position = PositionOf(decision.spec(), name);
  changes.push_back(std::move(change));
}

// A member of the body, compared by its row of the table.
void AddIfDifferent(const Decision& decision, std::string_view name, const Value& desired,
                    std::vector<Change>& changes) {
  const Value* live = decision.live.body.Find(name);
  const PropertyNode* node = decision.table.FindTopLevel(name);
  const bool equal = node != nullptr
                         ? CanonicallyEqual(*node, &desired, live, decision.context.api_version)
                         : live != nullptr && *live == desired;
  if (equal) return;
  AddChange(decision, name, live == nullptr ? std::nullopt : std::optional<Value>(*live), desired,
            changes);
}

void AddTargets(const Decision& decision, std::vector<Change>& changes) {
  const LivePool& live = decision.live;
  const Targets desired = DesiredTargets(decision.prepared.scale, live);
  if (desired.dedicated != live.target_dedicated) {
    AddChange(decision, kDedicated, Value(live.target_dedicated), Value(desired.dedicated),
              changes);
  }
  if (desired.low_priority != live.target_low_priority) {
    AddChange(decision, kLowPriority, Value(live.target_low_priority), Value(desired.low_priority),
              changes);
  }
}

std::vector<Change> ScaleChanges(const Decision& decision) {
  const ScaleSpec& scale = decision.prepared.scale;
  std::vector<Change> changes;
  const bool wants_auto = scale.kind == ScaleKind::kAuto;
  const bool wants_fixed = scale.kind == ScaleKind::kFixed || scale.keeps_auto_scale_off;
  if (wants_auto && !decision.live.auto_scale) {
    AddChange(decision, kEnable, Value(false), Value(true), changes);
  }
  if (wants_fixed && decision.live.auto_scale) {
    AddChange(decision, kEnable, Value(true), Value(false), changes);
  }
  if (scale.kind == ScaleKind::kFixed) AddTargets(decision, changes);
  if (wants_auto) {
    AddIfDifferent(decision, kFormula, Value(scale.formula), changes);
    // An interval of the default is not worth a line beside a formula that is new as a whole.
    if (decision.live.auto_scale || scale.interval != "PT15M") {
      AddIfDifferent(decision, kInterval, Value(scale.interval), changes);
    }
  }
  return changes;
}

Cause ScaleCause(const Decision& decision) {
  if (!decision.ours) return Cause::kNone;
  const std::optional<SeenScale>& seen = decision.memory.scale;
  if (!seen) {
    if (decision.Adopted()) return Cause::kAdopted;
    const bool left = !decision.spec().scale_left.empty() || decision.spec().was_auto_scale;
    return left ? Cause::kSpecChanged : Cause::kUnknown;
  }
  const bool spec_moved = seen->spec_digest != decision.prepared.scale.digest;
  const bool live_moved = seen->live_digest != LiveScaleDigest(decision.live);
  if (spec_moved && live_moved) return Cause::kBoth;
  if (spec_moved) return Cause::kSpecChanged;
  // What an earlier process saw does not tell who moved the pool since.
  return live_moved && !seen->before_this_start ? Cause::kPoolChanged : Cause::kUnknown;
}

void HoldScale(Decision& decision, Reason reason, std::string message, bool lifted_by_time) {
  decision.plan.holds.push_back({.reason = reason,
                                 .message = std::move(message),
                                 .lifted_by_time = lifted_by_time,
                                 .position = PositionOf(decision.spec(), kDedicated),
                                 .property = std::string(kScaleGroup)});
}

std::string RunningText(const LivePool& live) {
  return fmt::format("{}, {} of {} dedicated and {} of {} Spot nodes",
                     AllocationStateName(live.allocation_state), live.current_dedicated,
                     live.target_dedicated, live.current_low_priority, live.target_low_priority);
}

void HoldUntilSteady(Decision& decision) {
  std::string message = RunningText(decision.live) + ": waits until the pool is steady";
  if (decision.spec().policy.on_pending == OnPending::kWait) {
    message += " (policy.resize.onPending: stop does not wait)";
  }
  HoldScale(decision, Reason::kResizing, std::move(message), true);
}

void AddScaleStep(Decision& decision, StepKind kind, std::string summary = {}) {
  Step step;
  step.kind = kind;
  const Targets targets = DesiredTargets(decision.prepared.scale, decision.live);
  step.dedicated = targets.dedicated;
  step.low_priority = targets.low_priority;
  step.summary = std::move(summary);
  decision.plan.steps.push_back(std::move(step));
}

bool TargetsDiffer(const Decision& decision) {
  const Targets live{.dedicated = decision.live.target_dedicated,
                     .low_priority = decision.live.target_low_priority};
  return !(DesiredTargets(decision.prepared.scale, decision.live) == live);
}

void StopOrWait(Decision& decision) {
  const bool stops = decision.spec().policy.on_pending == OnPending::kStop;
  if (stops && decision.live.allocation_state == AllocationState::kResizing) {
    AddScaleStep(decision, StepKind::kStopResize,
                 "stop the running resize (" + RunningText(decision.live) + ")");
  } else {
    HoldUntilSteady(decision);
  }
}

// disableautoscale takes no condition and ends a running resize (recorded traffic).
void AddDisable(Decision& decision) {
  const bool stops = decision.spec().policy.on_pending == OnPending::kStop;
  if (!decision.Steady() && !stops) {
    HoldUntilSteady(decision);
    return;
  }
  AddScaleStep(decision, StepKind::kDisableAutoScale);
  const bool resizes = decision.prepared.scale.kind == ScaleKind::kFixed && TargetsDiffer(decision);
  if (decision.Steady() && resizes) AddScaleStep(decision, StepKind::kResize);
}

// enableautoscale is refused while the pool resizes and taken while it stops (recorded traffic).
void AddEnable(Decision& decision) {
  const AllocationState state = decision.live.allocation_state;
  if (state == AllocationState::kSteady || state == AllocationState::kStopping) {
    AddScaleStep(decision, StepKind::kEnableAutoScale);
  } else {
    StopOrWait(decision);
  }
}

void AddScaleSteps(Decision& decision) {
  const ScaleSpec& scale = decision.prepared.scale;
  if (!scale.digest.empty() && decision.memory.scale_not_sticking == scale.digest) {
    HoldScale(decision, Reason::kNotSticking,
              "the service took the call and the scale stayed as it was; waits until the spec "
              "changes",
              false);
    return;
  }
  if (scale.kind == ScaleKind::kAuto) {
    AddEnable(decision);
  } else if (decision.live.auto_scale) {
    AddDisable(decision);
  } else if (decision.Steady()) {
    AddScaleStep(decision, StepKind::kResize);
  } else {
    StopOrWait(decision);
  }
}

}  // namespace

void DecideScale(Decision& decision) {
  if (decision.ours) DecideScaleReleases(decision);
  std::vector<Change> changes = ScaleChanges(decision);
  const bool differs = !changes.empty();
  const Cause cause = differs ? ScaleCause(decision) : Cause::kNone;
  for (Change& change : changes) {
    change.cause = cause;
    decision.plan.changes.push_back(std::move(change));
  }
  if (!decision.ours) return;
  if (differs) {
    AddScaleSteps(decision);
  } else {
    decision.plan.scale_in_sync = SeenScale{.spec_digest = decision.prepared.scale.digest,
                                            .live_digest = LiveScaleDigest(decision.live)};
    if (decision.prepared.scale.kind == ScaleKind::kFixed && !decision.Steady()) {
      HoldScale(decision, Reason::kResizing, RunningText(decision.live), true);
    }
    DecideAllocation(decision);
  }
  CountNodes(decision);
}

}  // namespace reconciler::plan
