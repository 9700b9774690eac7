// The scale group of a pool that has the targets of its spec: releases, failed allocations, counts.
#include <fmt/format.h>

#include <algorithm>

#include "reconciler/plan/decide.h"
#include "reconciler/plan/scale.h"
#include "reconciler/plan/value_text.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kDedicated = "targetDedicatedNodes";
constexpr std::string_view kLowPriority = "targetLowPriorityNodes";

void Release(Decision& decision, std::string_view name, std::string text) {
  std::vector<Released>& released = decision.plan.released;
  const bool known = std::any_of(released.begin(), released.end(),
                                 [&](const Released& item) { return item.property == name; });
  if (known) return;
  released.push_back({.property = std::string(name),
                      .text = fmt::format("released {}, {}", name, text),
                      .position = decision.spec().position});
}

void ReleaseTarget(Decision& decision, std::string_view name) {
  const ScaleSpec& scale = decision.prepared.scale;
  const LivePool& live = decision.live;
  const int stays = name == kDedicated ? live.target_dedicated : live.target_low_priority;
  if (scale.kind == ScaleKind::kAuto) {
    Release(decision, name, "the formula decides");
    return;
  }
  if (scale.kind == ScaleKind::kExternal && live.auto_scale) return;
  const bool whole = scale.kind == ScaleKind::kExternal;
  const std::string hint =
      stays == 0 ? "" : (whole ? "; write 0 to empty the pool" : "; write 0 to remove these nodes");
  Release(decision, name, fmt::format("stays {}{}", stays, hint));
}

void ReleaseAutoScale(Decision& decision, std::string_view name) {
  const ScaleSpec& scale = decision.prepared.scale;
  if (scale.kind == ScaleKind::kExternal && !scale.keeps_auto_scale_off &&
      decision.live.auto_scale && name != "autoScaleEvaluationInterval") {
    Release(decision, name, "the pool keeps autoscaling; write enableAutoScale: false to stop it");
  }
}

std::string FailureText(const AllocationFailure& failure, const LivePool& live) {
  std::string text = fmt::format("{} of {}", live.CurrentNodes(), live.TargetNodes());
  return failure.code.empty() ? text : text + ", " + failure.code;
}

void HoldAllocation(Decision& decision, const AllocationFailure& failure) {
  std::string message = FailureText(failure, decision.live);
  if (!failure.message.empty()) message += ": " + OneLine(failure.message, 200);
  if (decision.memory.allocation_due) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(*decision.memory.allocation_due -
                                                              decision.context.now);
    message += "; asked for again at " + FormatTime(decision.context.wall + left);
  } else {
    message += "; asked for again later";
  }
  decision.plan.holds.push_back({.reason = failure.reason,
                                 .message = std::move(message),
                                 .lifted_by_time = true,
                                 .position = decision.spec().PositionOf(kDedicated),
                                 .property = std::string(kScaleGroup)});
}

}  // namespace

void DecideScaleReleases(Decision& decision) {
  for (const std::string& name : decision.spec().scale_left) {
    if (name == kDedicated || name == kLowPriority) {
      ReleaseTarget(decision, name);
    } else if (name != "resizeTimeout") {
      ReleaseAutoScale(decision, name);
    }
  }
  // From autoscale to fixed targets: the target that is not named keeps what the formula left.
  const ScaleSpec& scale = decision.prepared.scale;
  if (scale.kind != ScaleKind::kFixed) return;
  if (!decision.live.auto_scale && !decision.spec().was_auto_scale) return;
  if (!scale.dedicated) ReleaseTarget(decision, kDedicated);
  if (!scale.low_priority) ReleaseTarget(decision, kLowPriority);
}

void DecideAllocation(Decision& decision) {
  const std::optional<AllocationFailure> failure =
      FailedAllocation(decision.prepared.scale, decision.live, decision.memory);
  if (!failure) return;
  const std::optional<Tick>& due = decision.memory.allocation_due;
  if (!due || *due > decision.context.now) {
    HoldAllocation(decision, *failure);
    return;
  }
  Step step;
  step.kind = StepKind::kRetryAllocation;
  step.dedicated = decision.live.target_dedicated;
  step.low_priority = decision.live.target_low_priority;
  step.summary = fmt::format("retry allocation ({}, {} try)", FailureText(*failure, decision.live),
                             Ordinal(decision.memory.allocation_tries + 1));
  step.reason = failure->reason;
  decision.plan.steps.push_back(std::move(step));
}

void CountNodes(Decision& decision) {
  const ScaleSpec& scale = decision.prepared.scale;
  PoolPlan& plan = decision.plan;
  plan.nodes_before = decision.live.TargetNodes();
  plan.nodes_known = true;
  plan.nodes_after = plan.nodes_before;
  if (scale.kind == ScaleKind::kFixed) {
    plan.nodes_after = DesiredTargets(scale, decision.live).Sum();
  } else if (scale.kind == ScaleKind::kAuto) {
    const std::optional<ConstantTargets> constant = ConstantFormula(scale.formula);
    plan.nodes_known = constant.has_value();
    if (constant) {
      plan.nodes_after = constant->dedicated.value_or(decision.live.target_dedicated) +
                         constant->low_priority.value_or(decision.live.target_low_priority);
    }
  }
}

}  // namespace reconciler::plan
