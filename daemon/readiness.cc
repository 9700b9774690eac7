#include "daemon/readiness.h"

#include <fmt/format.h>

#include "daemon/terminal.h"

namespace reconciler::daemon {
namespace {

using cycle::PoolStatus;

/// The exit code's view of a pool that is not Ready.
ExitFacts FactsOfStatus(const PoolStatus& status) {
  ExitFacts facts;
  if (status.reason == Reason::kUnauthorized) {
    facts.auth = true;
  } else if (IsRefusal(status.reason) || IsResizeError(status.reason)) {
    facts.refused = true;
  } else if (status.condition == Condition::kFrozen) {
    facts.frozen = true;
  } else if (status.condition == Condition::kBlocked || status.reason == Reason::kObserveMode) {
    facts.blocked = true;
  }
  return facts;
}

/// Whether a person has to act before the pool goes on.
bool NeedsPerson(const PoolStatus& status) {
  return status.condition == Condition::kBlocked || status.condition == Condition::kFrozen ||
         status.reason == Reason::kObserveMode || status.reason == Reason::kUnauthorized ||
         IsRefusal(status.reason);
}

}  // namespace

std::string DescribeStatus(const PoolStatus& status) {
  std::string text = fmt::format("{} is {} ({})", status.pool, ConditionName(status.condition),
                                 ReasonName(status.reason));
  if (status.reason == Reason::kGuardTripped) {
    text += fmt::format(": {}", kParkedInShort);
  } else if (!status.message.empty()) {
    text += ": " + status.message;
  } else if (status.exists && status.nodes_current != status.nodes_target) {
    text += fmt::format(": {} of {} nodes", status.nodes_current, status.nodes_target);
  }
  return Harmless(text);
}

Readiness ReadinessJudge::Judge(const cycle::CycleReport& report) {
  Readiness readiness;
  readiness.observed = report.observed;
  readiness.stuck = report.observed;
  if (report.failure) readiness.facts |= FactsOfError(*report.failure);
  for (const PoolStatus& status : report.statuses) {
    if (status.reason == Reason::kOrphaned || !Selects(selected_, status.pool)) continue;
    ++readiness.pools;
    if (status.condition == Condition::kReady) {
      ++readiness.ready;
      failed_.erase(status.pool);
      continue;
    }
    readiness.waiting.push_back(DescribeStatus(status));
    readiness.facts |= FactsOfStatus(status);
    if (IsResizeError(status.reason)) failed_.insert(status.pool);
    if (failed_.count(status.pool) != 0) readiness.facts.refused = true;
    if (!NeedsPerson(status) && failed_.count(status.pool) == 0) readiness.stuck = false;
  }
  return readiness;
}

}  // namespace reconciler::daemon
