#include "reconciler/cycle/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/plan/change_text.h"
#include "reconciler/plan/render.h"

namespace reconciler::cycle {
namespace {

using plan::Hold;
using plan::PoolPlan;
using plan::Presence;

/// A condition with its reason and message.
struct Judgement {
  Condition condition;
  Reason reason;
  std::string message;
};
using MaybeJudgement = std::optional<Judgement>;

bool IsFrozenReason(Reason reason) {
  return reason == Reason::kFreezeFile || reason == Reason::kSpecUnreadable;
}

MaybeJudgement JudgeDeletion(const PoolPlan& plan) {
  if (plan.presence != Presence::kDeleting) return std::nullopt;
  return Judgement{Condition::kProgressing, Reason::kDeleting, "the service is deleting the pool"};
}

/// The first hold that only a person lifts.
MaybeJudgement JudgeHolds(const PoolPlan& plan) {
  for (const Hold& hold : plan.holds) {
    if (IsFrozenReason(hold.reason))
      return Judgement{Condition::kFrozen, hold.reason, hold.message};
  }
  for (const Hold& hold : plan.holds) {
    if (!hold.lifted_by_time) return Judgement{Condition::kBlocked, hold.reason, hold.message};
  }
  return std::nullopt;
}

/// Time lifts it, but something has gone wrong.
MaybeJudgement JudgeFailures(const PoolPlan& plan) {
  constexpr std::array kAllocation = {
      Reason::kAllocationFailed, Reason::kQuotaReached, Reason::kStoppedByOther,
      Reason::kResizeStopped,    Reason::kQuota,        Reason::kWaitingToRetry};
  for (const Hold& hold : plan.holds) {
    if (std::find(kAllocation.begin(), kAllocation.end(), hold.reason) == kAllocation.end())
      continue;
    return Judgement{Condition::kDegraded, hold.reason, hold.message};
  }
  return std::nullopt;
}

/// "2 of 4 nodes", "6 nodes, 4 wanted"
std::string NodesOf(const LivePool& live) {
  const int current = live.CurrentNodes();
  const int target = live.TargetNodes();
  if (current > target) return fmt::format("{} nodes, {} wanted", current, target);
  return fmt::format("{} of {} nodes", current, target);
}

MaybeJudgement JudgeNodes(const NodeCounts* counts, const LivePool& live) {
  if (counts == nullptr) return std::nullopt;
  constexpr std::array kFailed = {"startTaskFailed", "unusable", "unknown", "offline"};
  for (const char* state : kFailed) {
    if (const int nodes = counts->Of(state); nodes > 0) {
      return Judgement{Condition::kDegraded, Reason::kNodesFailed,
                       fmt::format("{} of {} nodes {}", nodes, counts->total, state)};
    }
  }
  if (const int nodes = counts->Of("preempted"); nodes > 0) {
    return Judgement{Condition::kDegraded, Reason::kPreempted,
                     fmt::format("{} of {} Spot nodes preempted", nodes, live.target_low_priority)};
  }
  return std::nullopt;
}

MaybeJudgement JudgeAutoScale(const LivePool& live) {
  if (!live.auto_scale || !live.auto_scale_run || live.auto_scale_run->error_code.empty()) {
    return std::nullopt;
  }
  return Judgement{
      Condition::kDegraded, Reason::kAutoScaleFailed,
      fmt::format("{}: {}", live.auto_scale_run->error_code, live.auto_scale_run->error_message)};
}

/// A resize error that still means something: the pool is short of its target.
MaybeJudgement JudgeResizeErrors(const LivePool& live) {
  if (live.resize_errors.empty() || live.AtTarget() ||
      live.allocation_state != AllocationState::kSteady) {
    return std::nullopt;
  }
  const ResizeError& error = live.resize_errors.front();
  const Reason reason = error.code.find("Quota") != std::string::npos ? Reason::kQuotaReached
                        : error.code == "ResizeStopped"               ? Reason::kResizeStopped
                                                                      : Reason::kAllocationFailed;
  return Judgement{Condition::kDegraded, reason,
                   fmt::format("{}, {}: {}", NodesOf(live), error.code, error.message)};
}

/// The first hold, of those that time alone lifts, that something waits for. An unknown secret
/// waits for nothing: it is a note.
const Hold* FirstAwaited(const PoolPlan& plan) {
  const auto found = std::find_if(plan.holds.begin(), plan.holds.end(), [](const Hold& hold) {
    return hold.reason != Reason::kSecretUnknown;
  });
  return found == plan.holds.end() ? nullptr : &*found;
}

MaybeJudgement JudgeDifferences(const PoolPlan& plan) {
  if (plan.changes.empty()) return std::nullopt;
  const auto is_drift = [](const plan::Change& change) {
    return change.cause != Cause::kSpecChanged && change.cause != Cause::kNone;
  };
  const auto drifted = std::find_if(plan.changes.begin(), plan.changes.end(), is_drift);
  const plan::Change& shown = drifted == plan.changes.end() ? plan.changes.front() : *drifted;
  std::string message = fmt::format(
      "{} differs{}", shown.path,
      plan.changes.size() > 1 ? fmt::format(" and {} more", plan.changes.size() - 1) : "");
  const Hold* waits = FirstAwaited(plan);
  if (waits != nullptr) message += "; " + waits->message;
  if (plan.observe_only || drifted != plan.changes.end()) {
    return Judgement{Condition::kDrifted,
                     plan.observe_only ? Reason::kObserveMode : Reason::kDifferencesPlanned,
                     message};
  }
  const Reason reason = waits != nullptr ? waits->reason : Reason::kDifferencesPlanned;
  return Judgement{Condition::kProgressing, reason, message};
}

MaybeJudgement JudgeProgress(const StatusInput& input, const LivePool& live) {
  if (live.allocation_state != AllocationState::kSteady) {
    return Judgement{
        Condition::kProgressing, Reason::kResizing,
        fmt::format("{}, {}", AllocationStateName(live.allocation_state), NodesOf(live))};
  }
  if (const Hold* hold = FirstAwaited(*input.plan)) {
    return Judgement{Condition::kProgressing, hold->reason, hold->message};
  }
  if (!input.observed_after_write) {
    return Judgement{Condition::kProgressing, Reason::kNotObservedSinceWrite,
                     "written and not yet read again"};
  }
  if (!live.AtTarget()) {
    return Judgement{Condition::kProgressing, Reason::kResizing, NodesOf(live)};
  }
  if (!input.counts_known) {
    return Judgement{Condition::kProgressing, Reason::kNodeCountsUnknown,
                     "node counts could not be read"};
  }
  if (input.counts == nullptr) return std::nullopt;
  constexpr std::array kStarting = {"creating",  "starting",  "waitingForStartTask",
                                    "rebooting", "reimaging", "upgradingOS"};
  int starting = 0;
  for (const char* state : kStarting) starting += input.counts->Of(state);
  if (starting == 0) return std::nullopt;
  return Judgement{Condition::kProgressing, Reason::kNodesStarting,
                   fmt::format("{} of {} nodes starting", starting, input.counts->total)};
}

MaybeJudgement JudgeImage(const StatusInput& input) {
  if (input.image == nullptr || input.image->reason != Reason::kImageEndOfLife) return std::nullopt;
  return Judgement{Condition::kDegraded, Reason::kImageEndOfLife, input.image->message};
}

Judgement JudgeAbsent(const PoolPlan& plan) {
  if (auto held = JudgeHolds(plan)) return *held;
  if (auto failed = JudgeFailures(plan)) return *failed;
  for (const Hold& hold : plan.holds) {
    return Judgement{Condition::kProgressing, hold.reason, hold.message};
  }
  if (plan.observe_only) {
    return Judgement{Condition::kDrifted, Reason::kObserveMode, "does not exist"};
  }
  return Judgement{Condition::kProgressing, Reason::kCreating, "does not exist yet"};
}

/// In the order in which a person on call wants to hear it.
Judgement JudgePool(const StatusInput& input) {
  const PoolPlan& plan = *input.plan;
  if (input.live == nullptr) return JudgeAbsent(plan);
  const LivePool& live = *input.live;
  if (auto found = JudgeDeletion(plan)) return *found;
  if (auto found = JudgeHolds(plan)) return *found;
  if (auto found = JudgeFailures(plan)) return *found;
  if (auto found = JudgeDifferences(plan)) return *found;
  if (auto found = JudgeNodes(input.counts, live)) return *found;
  if (auto found = JudgeAutoScale(live)) return *found;
  if (auto found = JudgeResizeErrors(live)) return *found;
  if (auto found = JudgeProgress(input, live)) return *found;
  if (auto found = JudgeImage(input)) return *found;
  return Judgement{Condition::kReady, Reason::kInSync, ""};
}

std::vector<std::string> NotesOf(const StatusInput& input) {
  std::vector<std::string> notes;
  if (!input.plan->not_refreshed.empty()) {
    notes.push_back(fmt::format("NodesNotRefreshed: {}", input.plan->not_refreshed));
  }
  for (const Hold& hold : input.plan->holds) {
    if (hold.reason != Reason::kSecretUnknown) continue;
    notes.push_back(fmt::format("SecretUnknown: {}", hold.message));
  }
  if (input.plan->memory_reduced) {
    notes.push_back(fmt::format("MemoryReduced: {}", TextOf(Reason::kMemoryReduced).meaning));
  }
  if (!input.plan->memory_damaged.empty()) {
    notes.push_back(fmt::format("MemoryDamaged: {}", input.plan->memory_damaged));
  }
  if (input.image != nullptr && !input.image->message.empty())
    notes.push_back(input.image->message);
  if (!input.plan->newer_sku.empty()) notes.push_back(plan::NewerImageText(*input.plan));
  for (const plan::Change& kept : input.plan->kept) {
    notes.push_back(fmt::format("the service keeps another value of {}", kept.path));
  }
  return notes;
}

void AddDifferences(const std::vector<plan::Change>& changes, std::string_view what,
                    std::vector<StatusDifference>& to) {
  for (const plan::Change& change : changes) {
    plan::TextPair values = plan::RenderChange(change);
    to.push_back({.path = change.path,
                  .live = std::move(values.left),
                  .desired = std::move(values.right),
                  .what = std::string(what),
                  .cause = std::string(CauseName(change.cause)),
                  .place = FormatPosition(change.position)});
  }
}

void AddExplanation(const StatusInput& input, PoolStatus& status) {
  const PoolPlan& plan = *input.plan;
  const bool exists = input.live != nullptr;  // of one that does not, everything differs
  if (exists) {
    AddDifferences(plan.changes, plan.observe_only ? "observed" : "planned", status.differences);
    AddDifferences(plan.blocked, "blocked", status.differences);
    AddDifferences(plan.kept, "kept", status.differences);
  }
  for (const Hold& hold : plan.holds) {
    status.holds.push_back({hold.reason, hold.message, hold.property, hold.lifted_by_time});
  }
  if (input.counts != nullptr && status.condition != Condition::kReady) {
    status.node_states = input.counts->by_state;
  }
}

/// What this process does next without being asked.
std::string NextOf(const StatusInput& input, const PoolStatus& status) {
  if (status.condition == Condition::kReady) return {};
  if (!input.plan->steps.empty()) {
    std::vector<std::string_view> names;
    for (const plan::Step& step : input.plan->steps) names.push_back(StepName(step.kind));
    return fmt::format("{}", fmt::join(names, ", "));
  }
  const bool stands = status.condition == Condition::kBlocked ||
                      status.condition == Condition::kFrozen || input.plan->observe_only;
  if (stands) return std::string(kNextIsAPerson);
  return "look again";
}

}  // namespace

PoolStatus StatusOf(const StatusInput& input) {
  const Judgement judgement = JudgePool(input);
  PoolStatus status;
  status.pool = input.plan->pool;
  status.condition = judgement.condition;
  status.reason = judgement.reason;
  status.message = judgement.message;
  status.exists = input.live != nullptr;
  if (input.live != nullptr) {
    status.nodes_current = input.live->CurrentNodes();
    status.nodes_target = input.live->TargetNodes();
  } else {
    status.nodes_target = input.plan->nodes_after;
  }
  if (input.image != nullptr) status.image_days = input.image->days_left;
  if (input.plan->spec != nullptr) status.position = input.plan->spec->position;
  status.notes = NotesOf(input);
  AddExplanation(input, status);
  status.next = NextOf(input, status);
  return status;
}

bool StatusBook::Note(PoolStatus& status, Instant wall) {
  const auto [at, is_new] = known_.try_emplace(FoldCase(status.pool));
  Known& known = at->second;
  const bool changed =
      is_new || known.condition != status.condition || known.reason != status.reason;
  if (changed) known = {status.condition, status.reason, wall, round_};
  known.round = round_;
  status.since = known.since;
  return changed;
}

bool StatusBook::Knows(const std::string& pool) const { return known_.contains(FoldCase(pool)); }

void StatusBook::EndRound() {
  std::erase_if(known_, [&](const auto& known) { return known.second.round != round_; });
  ++round_;
}

}  // namespace reconciler::cycle
