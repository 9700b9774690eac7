#include "daemon/exit_code.h"

#include <algorithm>

#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

using cycle::ActionOutcome;
using cycle::CycleReport;
using cycle::PoolStatus;

bool IsFreeze(Reason reason) {
  return reason == Reason::kFreezeFile || reason == Reason::kSpecUnreadable;
}

/// Whether something would be done if nothing held it.
bool IsUndone(const plan::PoolPlan& pool) {
  return pool.Differs() || pool.HasWork() || pool.presence == plan::Presence::kAbsent;
}

/// Whether something is sent once time has lifted the hold, even to a pool without differences.
bool WillAct(Reason reason) {
  return reason != Reason::kResizing && reason != Reason::kSecretUnknown;
}

/// A hold says why steps are not taken: a freeze, something that time lifts, or a person's matter.
void AddHolds(const plan::PoolPlan& pool, ExitFacts& facts) {
  for (const plan::Hold& hold : pool.holds) {
    if (hold.reason == Reason::kUnauthorized) {
      facts.auth = true;
    } else if (IsRefusal(hold.reason)) {
      facts.refused = true;
    } else if (IsFreeze(hold.reason)) {
      facts.frozen = facts.frozen || IsUndone(pool);
    } else if (hold.reason == Reason::kObserveMode) {
      continue;  // the caller knows what observing means for its verb
    } else if (hold.lifted_by_time) {
      facts.remains = facts.remains || IsUndone(pool) || WillAct(hold.reason);
    } else {
      facts.blocked = true;
    }
  }
  if (!pool.blocked.empty()) facts.blocked = true;
}

void AddOutcome(const ActionOutcome& outcome, ExitFacts& facts) {
  switch (outcome.result) {
    case ActionOutcome::Result::kDone:
    case ActionOutcome::Result::kWait:
      return;
    case ActionOutcome::Result::kRetry:
    case ActionOutcome::Result::kUnknown:
      facts.remains = true;
      return;
    case ActionOutcome::Result::kSlowRetry:
    case ActionOutcome::Result::kStop:
      facts.refused = true;
      return;
  }
}

/// What both verbs share: a failed observation, a guard, and the holds of the pools.
ExitFacts CommonFacts(const CycleReport& report, const std::vector<std::string>& selected) {
  ExitFacts facts;
  if (report.failure) facts |= FactsOfError(*report.failure);
  if (report.plan.parked) facts.blocked = true;
  for (const plan::PoolPlan& pool : report.plan.pools) {
    if (pool.spec != nullptr && Selects(selected, pool.pool)) AddHolds(pool, facts);
  }
  return facts;
}

}  // namespace

ExitFacts& ExitFacts::operator|=(const ExitFacts& other) {
  usage = usage || other.usage;
  invalid = invalid || other.invalid;
  auth = auth || other.auth;
  refused = refused || other.refused;
  error = error || other.error;
  timeout = timeout || other.timeout;
  remains = remains || other.remains;
  blocked = blocked || other.blocked;
  frozen = frozen || other.frozen;
  return *this;
}

ExitCode ExitCodeOf(const ExitFacts& facts) {
  if (facts.usage) return kExitUsage;
  if (facts.invalid) return kExitInvalid;
  if (facts.auth) return kExitAuth;
  if (facts.refused) return kExitRefused;
  if (facts.error) return kExitError;
  if (facts.timeout) return kExitTimeout;
  if (facts.remains) return kExitRemains;
  if (facts.blocked) return kExitBlocked;
  if (facts.frozen) return kExitFrozen;
  return kExitDone;
}

bool Selects(const std::vector<std::string>& selected, std::string_view pool) {
  return selected.empty() ||
         std::any_of(selected.begin(), selected.end(),
                     [&](const std::string& name) { return EqualFolded(name, pool); });
}

bool IsResizeError(Reason reason) {
  return reason == Reason::kAllocationFailed || reason == Reason::kQuotaReached ||
         reason == Reason::kResizeStopped || reason == Reason::kStoppedByOther;
}

bool IsRefusal(Reason reason) {
  return reason == Reason::kServiceRefused || reason == Reason::kQuota;
}

ExitFacts FactsOfError(const Error& error) {
  ExitFacts facts;
  switch (error.kind) {
    case ErrorKind::kUnauthorized:
      facts.auth = true;
      break;
    case ErrorKind::kCancelled:  // whoever asked for the stop knows the code
      break;
    case ErrorKind::kInvalidSpec:
      facts.invalid = true;
      break;
    case ErrorKind::kSlow:
    case ErrorKind::kTerminal:
      // With a status it was the service that said no; without one it is a matter of ours.
      facts.refused = error.status != 0;
      facts.error = error.status == 0;
      break;
    default:
      facts.error = true;
      break;
  }
  return facts;
}

ExitFacts FactsOfSpecs(const SpecSnapshot& specs) {
  ExitFacts facts;
  facts.invalid = !specs.complete || std::any_of(specs.findings.begin(), specs.findings.end(),
                                                 [](const Finding& finding) {
                                                   return finding.level == Finding::Level::kError;
                                                 });
  return facts;
}

ExitFacts FactsOfPlan(const CycleReport& report, const std::vector<std::string>& selected) {
  ExitFacts facts = CommonFacts(report, selected);
  for (const plan::PoolPlan& pool : report.plan.pools) {
    if (!Selects(selected, pool.pool)) continue;
    if (pool.HasWork() && !report.plan.parked) facts.remains = true;
    if (pool.observe_only && pool.Differs()) facts.remains = true;
  }
  return facts;
}

ExitFacts FactsOfApply(const CycleReport& report, const std::vector<std::string>& selected) {
  ExitFacts facts = CommonFacts(report, selected);
  for (const ActionOutcome& outcome : report.outcomes) {
    if (Selects(selected, outcome.pool)) AddOutcome(outcome, facts);
  }
  for (const plan::PoolPlan& pool : report.plan.pools) {
    if (!Selects(selected, pool.pool)) continue;
    if (pool.observe_only && pool.Differs()) facts.blocked = true;
  }
  for (const PoolStatus& status : report.statuses) {
    if (Selects(selected, status.pool) && IsResizeError(status.reason)) facts.refused = true;
  }
  if (report.work_left && !report.plan.parked) facts.remains = true;
  return facts;
}

}  // namespace reconciler::daemon
