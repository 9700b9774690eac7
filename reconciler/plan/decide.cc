#include "reconciler/plan/decide.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconciler/core/duration.h"
#include "reconciler/plan/newest_image.h"

namespace reconciler::plan {
namespace {

Hold WholeHold(const PoolSpec& spec, Reason reason, std::string message, bool lifted_by_time) {
  Hold hold{.reason = reason,
            .message = std::move(message),
            .lifted_by_time = lifted_by_time,
            .position = spec.position,
            .property = {}};
  return hold;
}

// Meaning and remedy of the reason, with what this pool says about it.
std::string OwnershipMessage(Reason reason, const Stamp& stamp) {
  const ReasonText& text = TextOf(reason);
  std::string meaning(text.meaning);
  if (reason == Reason::kOtherOwner) meaning = "the pool belongs to owner '" + stamp.owner + "'";
  if (reason == Reason::kOtherSource) {
    meaning = "the pool is managed from source '" + stamp.source + "'";
  }
  if (reason == Reason::kForeignName) meaning = "the stamp on it names pool '" + stamp.pool + "'";
  return text.remedy.empty() ? meaning : meaning + "; " + std::string(text.remedy);
}

bool ClaimLost(const LivePool& live, const PoolMemory& memory) {
  return memory.managed && !live.creation_time.empty() &&
         memory.creation_time == live.creation_time;
}

void AddAdopt(PoolPlan& plan, bool lost) {
  Step step;
  step.kind = StepKind::kAdopt;
  step.reason = lost ? Reason::kReadopted : Reason::kNone;
  plan.steps.push_back(std::move(step));
}

std::string AdoptSummary(const PoolPlan& plan) {
  if (plan.steps.front().reason == Reason::kReadopted) return "adopt again: our stamp was removed";
  return plan.Differs() ? "adopt: what differs is changed from the next cycle on"
                        : "adopt: it is as the spec says";
}

// A pool that is not ours: adopt it, or say why not and show what differs.
void DecideUnowned(Decision& decision) {
  PoolPlan& plan = decision.plan;
  const bool lost =
      plan.ownership == Ownership::kUnclaimed && ClaimLost(decision.live, decision.memory);
  if (plan.ownership == Ownership::kUnclaimed && decision.spec().policy.adopt &&
      !plan.observe_only) {
    AddAdopt(plan, lost);
    // What the next cycles will do with it is part of what is said yes to.
    DecideProperties(decision);
    DecideScale(decision);
    for (Change& change : plan.changes) change.cause = Cause::kAdopted;
    for (Change& change : plan.blocked) change.cause = Cause::kAdopted;
    plan.steps.front().summary = AdoptSummary(plan);
    return;
  }
  if (plan.ownership != Ownership::kUnclaimed || !decision.spec().policy.adopt) {
    const Reason reason = lost ? Reason::kOwnershipLost : ReasonOf(plan.ownership);
    plan.holds.push_back(
        WholeHold(decision.spec(), reason, OwnershipMessage(reason, decision.stamp), false));
  }
  DecideProperties(decision);
  DecideScale(decision);
}

bool Observes(const DecideContext& context, const PoolSpec& spec) {
  return context.account_mode == Mode::kObserve || spec.policy.mode == Mode::kObserve;
}

std::string DamageOf(const Stamp& stamp) {
  if (stamp.record_problem.empty()) return {};
  const ReasonText& text = TextOf(Reason::kMemoryDamaged);
  return fmt::format("the metadata item poolkeeper.applied {}: {}; {}", stamp.record_problem,
                     text.meaning, text.remedy);
}

// While this process watches and the spec stands, fixed targets were those of the spec until
// somebody raised them. What is older than the guards' hour may carry work by now and counts.
int NodesOfOthers(const Decision& decision) {
  constexpr std::chrono::hours kLately{1};
  const PoolPlan& plan = decision.plan;
  const LivePool& live = decision.live;
  if (!plan.owned || decision.prepared.scale.kind != ScaleKind::kFixed || live.auto_scale) return 0;
  const bool raised =
      std::any_of(plan.changes.begin(), plan.changes.end(), [](const Change& change) {
        return change.cost == Cost::kScale && change.cause == Cause::kPoolChanged;
      });
  const bool lately =
      live.allocation_transition && *live.allocation_transition + kLately >= decision.context.wall;
  return raised && lately ? std::max(plan.nodes_before - plan.nodes_after, 0) : 0;
}

PoolPlan DecidePresent(const DecideContext& context, const PropertyTable& table,
                       const PreparedSpec& prepared, const LivePool& live, Ownership ownership,
                       const PoolMemory& memory) {
  PoolPlan plan;
  plan.pool = live.id;
  plan.spec = prepared.spec;
  plan.ownership = ownership;
  plan.presence = live.deleting ? Presence::kDeleting : Presence::kPresent;
  plan.observe_only = Observes(context, *prepared.spec);
  plan.owned = ownership == Ownership::kOurs && !live.deleting;
  plan.nodes_before = plan.nodes_after = live.deleting ? 0 : live.TargetNodes();
  plan.nodes_known = true;
  if (live.deleting) {
    plan.holds.push_back(
        WholeHold(*prepared.spec, Reason::kDeleting,
                  "the service is deleting the pool; it is created once it is gone", true));
    return plan;
  }
  Decision decision{
      .context = context,
      .table = table,
      .prepared = prepared,
      .live = live,
      .memory = memory,
      .stamp = ReadStamp(ReadMetadata(live.body)),
      .ours = ownership == Ownership::kOurs,
      .machine = MachineWithNewest(*prepared.spec, live.body, context.images, context.wall),
      .plan = plan};
  plan.newer_sku = NewerSku(*prepared.spec, live.body, context.images, context.wall);
  if (!decision.ours) {
    DecideUnowned(decision);
  } else {
    plan.memory_reduced = decision.stamp.record && decision.stamp.record->reduced;
    plan.memory_damaged = DamageOf(decision.stamp);
    DecideProperties(decision);
    DecideScale(decision);
  }
  HoldAfterFailure(context, *prepared.spec, memory, plan);
  HoldWhole(context, *prepared.spec, plan);
  plan.nodes_of_others = NodesOfOthers(decision);
  return plan;
}

bool MovesScale(StepKind kind) {
  return kind == StepKind::kStopResize || kind == StepKind::kDisableAutoScale ||
         kind == StepKind::kEnableAutoScale || kind == StepKind::kResize ||
         kind == StepKind::kCreate;
}

}  // namespace

PoolPlan DecidePool(const DecideContext& context, const PreparedSpec& prepared,
                    const LivePool* live, Ownership ownership, const PoolMemory& memory) {
  const PropertyTable& table = context.table == nullptr ? PoolPropertyTable() : *context.table;
  if (live != nullptr) {
    return DecidePresent(context, table, prepared, *live, ownership, memory);
  }
  PoolPlan plan = DecideCreate(context, table, prepared, memory);
  plan.observe_only = Observes(context, *prepared.spec);
  HoldAfterFailure(context, *prepared.spec, memory, plan);
  HoldWhole(context, *prepared.spec, plan);
  return plan;
}

void HoldAfterFailure(const DecideContext& context, const PoolSpec& spec, const PoolMemory& memory,
                      PoolPlan& plan) {
  if (plan.steps.empty()) return;
  const bool waits = memory.backoff_until && *memory.backoff_until > context.now;
  if (!memory.refused_digest.empty()) {
    // A refusal ends with the spec that it was about, or once a day: its cure may lie elsewhere.
    if (memory.refused_digest != spec.digest || (memory.backoff_until && !waits)) return;
    const std::string why = memory.backoff_message.empty()
                                ? std::string(TextOf(Reason::kServiceRefused).meaning)
                                : memory.backoff_message;
    plan.holds.push_back(WholeHold(spec, Reason::kServiceRefused,
                                   why + "; " + std::string(TextOf(Reason::kServiceRefused).remedy),
                                   false));
    return;
  }
  if (!waits) return;
  const Reason reason =
      memory.backoff_reason == Reason::kNone ? Reason::kWaitingToRetry : memory.backoff_reason;
  const auto left = std::chrono::ceil<std::chrono::seconds>(*memory.backoff_until - context.now);
  std::string message = "tried again at " + FormatTime(context.wall + left);
  if (!memory.backoff_message.empty()) message = memory.backoff_message + "; " + message;
  plan.holds.push_back(WholeHold(spec, reason, std::move(message), true));
}

void HoldWhole(const DecideContext& context, const PoolSpec& spec, PoolPlan& plan) {
  if (!spec.frozen_reason.empty()) {
    plan.holds.push_back(WholeHold(spec, Reason::kSpecUnreadable, spec.frozen_reason, false));
  }
  if (context.frozen) {
    const ReasonText& text = TextOf(Reason::kFreezeFile);
    plan.holds.push_back(WholeHold(spec, Reason::kFreezeFile,
                                   std::string(text.meaning) + "; " + std::string(text.remedy),
                                   false));
  }
  const auto rank = [](const Hold& hold) {
    return (hold.property.empty() ? 0 : 2) + (hold.lifted_by_time ? 1 : 0);
  };
  std::stable_sort(plan.holds.begin(), plan.holds.end(),
                   [&](const Hold& a, const Hold& b) { return rank(a) < rank(b); });
  const bool held = std::any_of(plan.holds.begin(), plan.holds.end(),
                                [](const Hold& hold) { return hold.property.empty(); });
  if (held || plan.observe_only) plan.steps.clear();
  const bool moves = std::any_of(plan.steps.begin(), plan.steps.end(),
                                 [](const Step& step) { return MovesScale(step.kind); });
  if (!moves) plan.nodes_after = plan.nodes_before;
}

}  // namespace reconciler::plan
