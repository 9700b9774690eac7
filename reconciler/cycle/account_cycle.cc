#include "reconciler/cycle/account_cycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reconciler/core/duration.h"
#include "reconciler/core/text.h"
#include "reconciler/cycle/act.h"
#include "reconciler/cycle/backoff.h"
#include "reconciler/cycle/decide.h"
#include "reconciler/cycle/observe.h"
#include "reconciler/cycle/outcome.h"
#include "reconciler/cycle/package_look.h"
#include "reconciler/cycle/pass.h"
#include "reconciler/cycle/seen_pools.h"
#include "reconciler/cycle/tell.h"
#include "reconciler/plan/decide.h"

namespace reconciler::cycle {
namespace {

/// While something is under way the account looks again after 5 s, growing to this.
constexpr Tick kLookAgainFirst = std::chrono::seconds(5);
constexpr Tick kLookAgainMax = std::chrono::seconds(30);

Pass BeginPass(Account& account, std::shared_ptr<const SpecSnapshot> specs, Doors& doors,
               const CycleOptions& options, std::stop_token stop) {
  const AccountConfig& config = account.config;
  Pass pass{
      account,
      std::move(specs),
      doors,
      options,
      std::move(stop),
      batch::Client({config.name, config.endpoint, config.api_version, config.requests_in_flight},
                    *account.credential, doors.transport, doors.clock, doors.random),
      fmt::format("{:08x}", doors.random.Next() & 0xFFFFFFFFU)};
  pass.context.account = config.name;
  pass.context.identity = config.identity;
  pass.context.account_mode = config.mode;
  pass.context.api_version = config.api_version;
  pass.context.revision = pass.specs->revision;
  pass.context.table = &PoolPropertyTable();
  pass.context.frozen = doors.state.Frozen();
  pass.context.takes_new_forms = options.forget_backoff;
  pass.context.wall = doors.clock.Wall();
  pass.context.now = doors.clock.Now();
  pass.deadline = pass.context.now + options.deadline;
  pass.client.SetReadDeadline(pass.deadline);
  ++account.cycles;
  return pass;
}

/// New specs are a new start: what was too large of the old ones says nothing about them.
void ForgetOldSpecs(Account& account, const std::shared_ptr<const SpecSnapshot>& specs) {
  if (account.prepared_from == specs) return;
  account.record_reduced.clear();
}

/// A person asked for these pools now: earlier failures do not keep them waiting.
void ForgetBackoff(Account& account, const CycleOptions& options) {
  if (!options.forget_backoff) return;
  account.hold_until.reset();
  for (auto& [key, memory] : account.pools) {
    memory.backoff_until.reset();
    memory.refused_digest.clear();
    memory.scale_not_sticking.clear();
  }
}

PoolStatus OrphanStatus(const std::string& id, const NodeTotals& nodes) {
  PoolStatus status;
  status.pool = id;
  status.condition = Condition::kBlocked;
  status.reason = Reason::kOrphaned;
  status.message = TextOf(Reason::kOrphaned).meaning;
  status.next = kNextIsAPerson;
  status.exists = true;
  status.nodes_current = nodes.current;
  status.nodes_target = nodes.target;
  return status;
}

PoolStatus UnreadableStatus(const UnreadableSpec& spec) {
  PoolStatus status;
  status.pool = spec.id;
  status.condition = Condition::kBlocked;
  status.reason = Reason::kSpecUnreadable;
  status.message = spec.problem + "; it has no last good state";
  status.next = kNextIsAPerson;
  status.position = spec.position;
  return status;
}

/// The plan as it stands now: a call that failed in this pass holds what it wanted to do.
plan::PoolPlan PlanAfterFailure(Pass& pass, const PoolState& state,
                                const plan::PoolMemory& memory) {
  plan::PoolPlan plan = state.plan;
  plan::HoldAfterFailure(pass.context, *state.prepared->spec, memory, plan);
  plan::HoldWhole(pass.context, *state.prepared->spec, plan);
  return plan;
}

/// When the pool's own wait ends, and what is done then.
void SetNext(Pass& pass, const plan::PoolMemory& memory, PoolStatus& status) {
  const auto at = [&](Tick due) {
    const Tick now = pass.doors.clock.Now();
    return pass.doors.clock.Wall() + std::chrono::ceil<std::chrono::seconds>(due - now);
  };
  const Tick now = pass.doors.clock.Now();
  status.failures = memory.failures;
  if (memory.backoff_until && *memory.backoff_until > now) {
    status.next = "try again";
    status.next_at = at(*memory.backoff_until);
  } else if (memory.allocation_due && *memory.allocation_due > now) {
    status.next = "ask for the nodes again";
    status.next_at = at(*memory.allocation_due);
  }
}

PoolStatus StatusOfState(Pass& pass, const std::string& key, const PoolState& state) {
  const plan::PoolMemory& memory = pass.Memory(key);
  std::optional<plan::PoolPlan> held;
  if (memory.backoff_until && !state.plan.steps.empty()) {
    held = PlanAfterFailure(pass, state, memory);
  }
  StatusInput input;
  input.plan = held ? &*held : &state.plan;
  input.live = state.live ? &*state.live : nullptr;
  input.counts = state.counts;
  input.counts_known = pass.counts_known;
  input.observed_after_write = state.observed_after_write;
  input.image = state.image ? &*state.image : nullptr;
  input.wall = pass.context.wall;
  PoolStatus status = StatusOf(input);
  SetNext(pass, memory, status);
  return status;
}

bool IsNamed(const CycleOptions& options, const std::string& id) {
  return std::any_of(options.pools.begin(), options.pools.end(),
                     [&](const std::string& name) { return EqualFolded(name, id); });
}

std::vector<PoolStatus> StatusesOf(Pass& pass) {
  std::vector<PoolStatus> statuses;
  for (const auto& [key, state] : pass.pools) {
    if (state.selected) statuses.push_back(StatusOfState(pass, key, state));
  }
  if (pass.specs->complete && pass.options.pools.empty()) {
    for (const std::string& orphan : pass.orphans) {
      statuses.push_back(OrphanStatus(orphan, pass.orphan_nodes[orphan]));
    }
  }
  for (const UnreadableSpec& spec : pass.specs->unreadable) {
    if (spec.account != pass.account.config.name) continue;
    if (pass.options.pools.empty() || IsNamed(pass.options, spec.id)) {
      statuses.push_back(UnreadableStatus(spec));
    }
  }
  for (PoolStatus& status : statuses) {
    status.account = pass.account.config.name;
    status.revision = pass.specs->revision;
  }
  std::sort(statuses.begin(), statuses.end(),
            [](const PoolStatus& a, const PoolStatus& b) { return a.pool < b.pool; });
  return statuses;
}

/// When the next cycle is due: soon while something is under way, else at the next interval; never
/// before the account's hold ends, and at once when a pool's own wait ends earlier.
Tick NextDue(Pass& pass, const CycleReport& report) {
  Account& account = pass.account;
  const Tick now = pass.doors.clock.Now();
  if (account.hold_until) return *account.hold_until;
  const bool soon = report.under_way || report.work_left;
  if (!soon) account.look_again = kLookAgainFirst;
  Tick due = now + WithJitter(account.config.interval, pass.doors.random);
  if (soon) {
    due = std::min(due, now + account.look_again);
    account.look_again = std::min(account.look_again * 3 / 2, kLookAgainMax);
  }
  for (const auto& [key, state] : pass.pools) {
    const plan::PoolMemory& memory = pass.Memory(key);
    if (memory.backoff_until && *memory.backoff_until > now)
      due = std::min(due, *memory.backoff_until);
    if (memory.allocation_due && *memory.allocation_due > now) {
      due = std::min(due, *memory.allocation_due);
    }
  }
  return due;
}

/// What has no time of its own happens in the next cycle.
void SetNextLook(const Pass& pass, CycleReport& report) {
  const auto wait =
      std::chrono::ceil<std::chrono::seconds>(report.next_due - pass.doors.clock.Now());
  const Instant at = pass.doors.clock.Wall() + std::max(wait, std::chrono::seconds(0));
  for (PoolStatus& status : report.statuses) {
    if (status.next.empty() || status.next == kNextIsAPerson || status.next_at) continue;
    status.next_at = at;
  }
}

/// A guard stopped the plan, whole: each pool that it holds up says so.
void HoldParked(Pass& pass, const plan::Hold& parked) {
  for (auto& [key, state] : pass.pools) {
    if (state.plan.HasWork()) state.HoldFirst(parked.reason, parked.message, false);
  }
}

/// The pool list could not be read: nothing is done, and the account waits its turn.
CycleReport LookAgain(Pass& pass, CycleReport report, Error error) {
  Account& account = pass.account;
  if (error.kind != ErrorKind::kCancelled) {
    HoldAccount(pass, error);
    TellFailure(pass, error);
  }
  report.failure = std::move(error);
  report.next_due = account.hold_until.value_or(pass.doors.clock.Now() + kLookAgainFirst);
  return report;
}

CycleReport Report(Pass& pass, CycleReport report) {
  report.outcomes = std::move(pass.outcomes);
  report.writes = pass.writes;
  report.state_problem = pass.state_problem;
  report.unmanaged = pass.unmanaged.size();
  report.statuses = StatusesOf(pass);
  for (const auto& [key, state] : pass.pools) {
    if (!state.selected) continue;
    report.work_left = report.work_left || state.plan.HasWork();
  }
  report.under_way = std::any_of(
      report.statuses.begin(), report.statuses.end(),
      [](const PoolStatus& status) { return status.condition == Condition::kProgressing; });
  TellReport(pass, report);
  if (!pass.account.hold_until) pass.account.failures_in_row = 0;
  report.next_due = NextDue(pass, report);
  SetNextLook(pass, report);
  return report;
}

}  // namespace

CycleReport RunCycle(Account& account, std::shared_ptr<const SpecSnapshot> specs, Doors& doors,
                     const CycleOptions& options, std::stop_token stop) {
  ForgetOldSpecs(account, specs);
  ForgetBackoff(account, options);
  Pass pass = BeginPass(account, std::move(specs), doors, options, std::move(stop));
  CycleReport report;
  report.specs = pass.specs;
  if (account.hold_until && *account.hold_until > pass.context.now) {
    report.next_due = *account.hold_until;
    report.failure = Error{account.hold_reason == Reason::kUnauthorized ? ErrorKind::kUnauthorized
                                                                        : ErrorKind::kThrottled,
                           account.hold_message};
    return report;
  }
  account.hold_until.reset();

  PrepareSpecs(pass);
  LoadSeenPools(pass);
  Status observed = EnsureImages(pass);
  if (observed) observed = ObservePools(pass);
  if (!observed) return LookAgain(pass, std::move(report), std::move(observed).error());
  report.observed = true;
  ObserveOldNodes(pass);
  CheckPackages(pass);

  report.plan = Decide(pass);
  Guard(pass, report.plan);
  TellPlan(pass, report.plan);
  if (report.plan.parked) HoldParked(pass, *report.plan.parked);
  if (options.on_plan) options.on_plan(report.plan);
  if (pass.MayAct()) {
    Act(pass);
    SettleLosses(pass);
  }
  SaveSeenPools(pass);
  return Report(pass, std::move(report));
}

}  // namespace reconciler::cycle
