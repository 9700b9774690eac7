#include "reconciler/cycle/decide.h"

#include <algorithm>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/cycle/observe.h"
#include "reconciler/plan/guard.h"

namespace reconciler::cycle {
namespace {

/// A create of unknown outcome is settled by looking: absent twice, this far apart, is not made.
constexpr Tick kAbsentTwice = std::chrono::seconds(30);

bool WaitsForImage(const plan::PoolPlan& plan) {
  return std::any_of(plan.holds.begin(), plan.holds.end(), [](const plan::Hold& hold) {
    return hold.reason == Reason::kImageNotListed || hold.reason == Reason::kImageListMissing ||
           hold.reason == Reason::kImageAgentMismatch;
  });
}

/// Holds a create whose earlier try got no answer until it is certain that nothing came of it.
void HoldUnknownCreate(Pass& pass, const std::string& key, PoolState& state) {
  const auto unknown = pass.account.unknown_creates.find(key);
  if (unknown == pass.account.unknown_creates.end()) return;
  if (state.live) {
    pass.account.unknown_creates.erase(unknown);
    return;
  }
  const Tick now = pass.doors.clock.Now();
  std::optional<Tick>& first_absent = unknown->second.first_absent;
  if (!first_absent) first_absent = now;
  if (now - *first_absent >= kAbsentTwice) {
    pass.account.unknown_creates.erase(unknown);
    return;
  }
  state.HoldFirst(Reason::kOutcomeUnknown,
                  "the answer to the create was lost; looks again before another try", true);
}

void DecideAbsent(Pass& pass) {
  const auto decide = [&](bool only_waiting) {
    for (auto& [key, state] : pass.pools) {
      if (state.live || (only_waiting && !WaitsForImage(state.plan))) continue;
      TakeAbsence(pass, state);
    }
  };
  decide(false);
  const bool missed = std::any_of(pass.pools.begin(), pass.pools.end(), [](const auto& entry) {
    return WaitsForImage(entry.second.plan);
  });
  if (missed && RefetchImages(pass)) decide(true);
  for (auto& [key, state] : pass.pools) HoldUnknownCreate(pass, key, state);
}

void MarkRenames(Pass& pass, plan::AccountPlan& plan) {
  if (!plan.specs_complete || pass.orphan_digests.empty()) return;
  std::map<std::string, std::string> create_digests;
  for (const plan::PoolPlan& pool : plan.pools) {
    if (pool.presence != plan::Presence::kAbsent || pool.spec == nullptr) continue;
    create_digests[pool.pool] =
        plan::BodyDigest(pool.spec->body, *pass.context.table, pass.context.api_version);
  }
  plan::FindRenames(plan, pass.orphan_digests, create_digests);
}

std::string LossesKey(const Pass& pass) { return "losses-" + pass.account.config.name + ".json"; }

const PoolState* FindState(const Pass& pass, const std::string& pool) {
  const auto found = pass.pools.find(FoldCase(pool));
  return found == pass.pools.end() ? nullptr : &found->second;
}

void NameIncarnations(const Pass& pass, std::vector<plan::Loss>& losses) {
  for (plan::Loss& loss : losses) {
    const PoolState* state = FindState(pass, loss.pool);
    if (state == nullptr || !state->live) continue;
    loss.incarnation = plan::ReadStamp(ReadMetadata(state->live->body)).incarnation;
  }
}

/// A loss that is planned again did not happen, or was put back since: it counts once.
void DropRepeated(std::vector<plan::Loss>& earlier, const std::vector<plan::Loss>& planned) {
  std::erase_if(earlier, [&](const plan::Loss& loss) {
    return std::any_of(planned.begin(), planned.end(), [&](const plan::Loss& again) {
      return again.pool == loss.pool && again.nodes == loss.nodes && again.before == loss.before;
    });
  });
}

/// The pool was read after the last call to it, or no call went out, and has all its nodes still.
bool DidNotHappen(const Pass& pass, const plan::Loss& loss) {
  const PoolState* state = FindState(pass, loss.pool);
  return state != nullptr && state->live && state->observed_after_write &&
         state->live->TargetNodes() >= state->guarded_nodes;
}

bool SameLoss(const plan::Loss& left, const plan::Loss& right) {
  return left.pool == right.pool && left.incarnation == right.incarnation &&
         left.nodes == right.nodes && FormatTime(left.time) == FormatTime(right.time);
}

/// `apply` and `plan` were asked about other pools: this one counts for the guards alone.
void HideUnselected(plan::PoolPlan& plan) {
  plan.steps.clear();
  plan.changes.clear();
  plan.blocked.clear();
  plan.kept.clear();
  plan.released.clear();
  plan.holds.clear();
  plan.not_refreshed.clear();
  plan.newer_sku.clear();
  plan.nodes_after = plan.nodes_before;
}

/// The pool's targets once the plan is carried out.
long long TargetAfter(const PoolState& state) {
  if (state.plan.owned || state.plan.presence == plan::Presence::kAbsent) {
    return state.plan.nodes_after;
  }
  return state.live ? state.live->TargetNodes() : 0;
}

}  // namespace

plan::AccountPlan Decide(Pass& pass) {
  DecideAbsent(pass);
  plan::AccountPlan plan;
  plan.account = pass.account.config.name;
  plan.revision = pass.specs->revision;
  plan.specs_complete = pass.specs->complete;
  plan.nodes_max = pass.account.config.nodes_max;
  for (auto& [key, state] : pass.pools) {
    if (!state.selected) HideUnselected(state.plan);
    plan.checked += state.selected ? 1 : 0;
    plan.nodes_after += TargetAfter(state);
    state.guarded_nodes = state.plan.nodes_before;
    state.guarded_loss = std::max(0, state.plan.nodes_before - state.plan.nodes_after);
    plan.pools.push_back(state.plan);
  }
  std::sort(pass.orphans.begin(), pass.orphans.end());
  std::sort(pass.unmanaged.begin(), pass.unmanaged.end());
  if (pass.specs->complete) plan.orphans = pass.orphans;
  plan.unmanaged = pass.unmanaged;
  plan.nodes_after += pass.other_targets;
  for (const UnreadableSpec& spec : pass.specs->unreadable) {
    if (spec.account == plan.account) plan.unreadable.push_back(spec);
  }
  MarkRenames(pass, plan);
  return plan;
}

void Guard(Pass& pass, plan::AccountPlan& plan) {
  const std::string key = LossesKey(pass);
  const auto check = [&]() -> Status {
    plan::GuardInput input;
    input.limits = {pass.account.config.nodes_max, pass.options.allow_shrink,
                    pass.options.allow_growth};
    const auto stored = pass.doors.state.Get(key);
    Result<std::vector<plan::Loss>> losses = std::vector<plan::Loss>{};
    if (stored && *stored) losses = plan::ReadLosses(**stored, pass.context.wall);
    input.losses_unreadable = !stored || !losses;
    if (!stored) input.losses_problem = stored.error().message;
    if (!losses) input.losses_problem = key + " of the state folder: " + losses.error().message;
    if (losses) input.losses = *losses;
    std::vector<plan::Loss> added = plan::LossesOf(plan, pass.context.wall);
    DropRepeated(input.losses, added);
    plan.parked = plan::CheckGuards(plan, input);
    if (plan.parked || !pass.MayAct() || added.empty()) return Ok{};
    NameIncarnations(pass, added);
    input.losses.insert(input.losses.end(), added.begin(), added.end());
    pass.losses = std::move(added);
    return pass.doors.state.Put(key, plan::WriteLosses(input.losses));
  };
  // A command that only looks takes no lock: it may not be allowed to, and it changes nothing.
  const Status checked = pass.MayAct() ? pass.doors.state.WithLock("losses", check) : check();
  if (checked) return;
  plan.parked.emplace();
  plan.parked->reason = Reason::kGuardTripped;
  plan.parked->message = "the losses of this plan cannot be recorded: " + checked.error().message;
}

void SettleLosses(Pass& pass) {
  std::erase_if(pass.losses, [&](const plan::Loss& loss) { return !DidNotHappen(pass, loss); });
  if (pass.losses.empty()) return;
  const std::string key = LossesKey(pass);
  (void)pass.doors.state.WithLock("losses", [&]() -> Status {
    const auto stored = pass.doors.state.Get(key);
    if (!stored || !*stored) return Ok{};
    auto losses = plan::ReadLosses(**stored, pass.context.wall);
    if (!losses) return Ok{};
    for (const plan::Loss& loss : pass.losses) {
      const auto found = std::find_if(losses->begin(), losses->end(),
                                      [&](const plan::Loss& kept) { return SameLoss(kept, loss); });
      if (found != losses->end()) losses->erase(found);
    }
    return pass.doors.state.Put(key, plan::WriteLosses(*losses));
  });
}

}  // namespace reconciler::cycle
