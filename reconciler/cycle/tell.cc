#include "reconciler/cycle/tell.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/cycle/tell_holds.h"
#include "reconciler/plan/change_text.h"
#include "reconciler/plan/render.h"

namespace reconciler::cycle {
namespace {

bool IsDrift(Cause cause) {
  return cause == Cause::kPoolChanged || cause == Cause::kBoth || cause == Cause::kUnknown ||
         cause == Cause::kAdopted;
}

void TellDifference(Pass& pass, const plan::PoolPlan& pool, const plan::Change& change) {
  const auto [live, desired] = plan::RenderChange(change);
  Event alert =
      pass.EventOf(EventKind::kDifferenceFound,
                   IsDrift(change.cause) ? Severity::kWarning : Severity::kInfo, pool.pool);
  alert.property = change.path;
  alert.cause = change.cause;
  alert.fields = {
      {"live", live}, {"desired", desired}, {"cost", std::string(CostName(change.cost))}};
  if (change.position.file) alert.fields.emplace_back("spec", FormatPosition(change.position));
  if (pool.observe_only) alert.fields.emplace_back("mode", "observe");
  Event ended = pass.EventOf(EventKind::kDifferenceEnded, Severity::kInfo, pool.pool);
  ended.property = change.path;
  pass.account.alerts.Hold("difference/" + FoldCase(pool.pool) + "/" + change.path,
                           live + " " + desired, std::move(alert), std::move(ended));
}

void TellDifferences(Pass& pass, const plan::PoolPlan& pool) {
  // A pool that is not ours is shown by the plan; it is no drift of ours.
  if (!pool.owned) return;
  for (const plan::Change& change : pool.changes) TellDifference(pass, pool, change);
  for (const plan::Change& change : pool.blocked) TellDifference(pass, pool, change);
}

/// Says `event` unless `key` was said before.
void SayOnce(Pass& pass, const std::string& key, Event event) {
  if (pass.account.told.insert(key).second) pass.Emit(std::move(event));
}

void TellDamage(Pass& pass, const plan::PoolPlan& pool) {
  if (pool.memory_damaged.empty()) return;
  Event alert = pass.EventOf(EventKind::kConditionChanged, Severity::kWarning, pool.pool);
  alert.reason = Reason::kMemoryDamaged;
  alert.detail = pool.memory_damaged;
  Event ended = pass.EventOf(EventKind::kConditionChanged, Severity::kInfo, pool.pool);
  ended.reason = Reason::kInSync;
  ended.detail = std::string(ReasonName(Reason::kMemoryDamaged)) + " ended";
  pass.account.alerts.Hold("memory/" + FoldCase(pool.pool), "", std::move(alert), std::move(ended));
}

void TellNotes(Pass& pass, const plan::PoolPlan& pool) {
  const std::string prefix = FoldCase(pool.pool) + "/";
  for (const plan::Released& released : pool.released) {
    Event event = pass.EventOf(EventKind::kReleased, Severity::kInfo, pool.pool);
    event.property = released.property;
    event.detail = released.text;
    SayOnce(pass, "released/" + prefix + released.property + "/" + pass.specs->revision, event);
  }
  for (const plan::Change& kept : pool.kept) {
    Event event = pass.EventOf(EventKind::kKept, Severity::kInfo, pool.pool);
    event.property = kept.path;
    const plan::TextPair values = plan::RenderChange(kept);
    event.fields = {{"live", values.left}, {"desired", values.right}};
    SayOnce(pass, "kept/" + prefix + kept.path + "/" + event.fields[0].second, event);
  }
  if (!pool.renamed_from.empty()) {
    Event event = pass.EventOf(EventKind::kRenameSeen, Severity::kInfo, pool.pool);
    event.fields = {{"from", pool.renamed_from}};
    SayOnce(pass, "renamed/" + prefix + pool.renamed_from, event);
  }
}

/// Somebody deletes, or has deleted, a pool that this process managed: the largest drift there is.
void TellGone(Pass& pass) {
  for (const auto& [key, state] : pass.pools) {
    const bool deleting =
        state.plan.presence == plan::Presence::kDeleting && pass.account.pools[key].managed;
    if (!state.gone && !deleting) continue;
    Event alert = pass.EventOf(EventKind::kDifferenceFound, Severity::kWarning, state.plan.pool);
    alert.property = "pool";
    alert.cause = Cause::kPoolChanged;
    alert.detail = state.gone ? "the pool is gone, nobody here deleted it"
                              : "the pool is being deleted, not by us";
    Event ended = pass.EventOf(EventKind::kDifferenceEnded, Severity::kInfo, state.plan.pool);
    ended.property = "pool";
    pass.account.alerts.Hold("gone/" + key, alert.detail, std::move(alert), std::move(ended));
  }
}

void TellImages(Pass& pass) {
  for (const auto& [key, state] : pass.pools) {
    if (!state.image || !state.live || state.ownership != plan::Ownership::kOurs) continue;
    if (state.image->reason == Reason::kNone && state.image->warn_step_days == 0) continue;
    Event alert = pass.EventOf(EventKind::kImageWarning, Severity::kWarning, state.live->id);
    alert.reason = state.image->reason;
    alert.detail = state.image->message;
    const std::string key_text =
        fmt::format("{} {}", ReasonName(state.image->reason), state.image->warn_step_days);
    SayOnce(pass, "image/" + key + "/" + key_text, std::move(alert));
  }
}

/// An end was prepared by the cycle that last saw the alert, and belongs to this one.
void SpeakAlerts(Pass& pass, bool keep_absent) {
  const Event now = pass.EventOf(EventKind::kCycleEnded, Severity::kInfo, "");
  for (Event& event : pass.account.alerts.Close(pass.doors.clock.Now(), keep_absent)) {
    event.cycle = now.cycle;
    event.revision = now.revision;
    pass.Emit(std::move(event));
  }
}

/// These have an alert of their own, which is repeated while they last.
bool SpeaksAsAlert(const PoolStatus& status) {
  switch (status.reason) {
    case Reason::kStoppedByOther:
    case Reason::kAllocationFailed:
    case Reason::kQuotaReached:
      return status.condition == Condition::kDegraded;
    case Reason::kSpecUnreadable:  // one without a last good state has no hold that speaks
      return status.condition == Condition::kFrozen;
    case Reason::kFreezeFile:
    case Reason::kGuardTripped:
    case Reason::kOrphaned:
    case Reason::kNotOwned:
    case Reason::kOtherOwner:
    case Reason::kOtherSource:
    case Reason::kStampCopied:
    case Reason::kForeignName:
    case Reason::kOwnershipLost:
      return true;
    default:
      return false;
  }
}

void TellConditions(Pass& pass, std::vector<PoolStatus>& statuses) {
  for (PoolStatus& status : statuses) {
    const bool known = pass.account.statuses.Knows(status.pool);
    if (!pass.account.statuses.Note(status, pass.context.wall)) continue;
    if (!known && status.condition == Condition::kReady) continue;  // news is what changes
    if (SpeaksAsAlert(status)) continue;
    Event event = pass.EventOf(EventKind::kConditionChanged, Severity::kInfo, status.pool);
    event.reason = status.reason;
    event.detail = status.message;
    event.fields = {{"condition", std::string(ConditionName(status.condition))}};
    if (status.condition == Condition::kDegraded) event.severity = Severity::kWarning;
    pass.Emit(std::move(event));
  }
  pass.account.statuses.EndRound();
}

}  // namespace

void TellPlan(Pass& pass, const plan::AccountPlan& plan) {
  for (const plan::PoolPlan& pool : plan.pools) {
    TellDifferences(pass, pool);
    TellHolds(pass, pool);
    TellDamage(pass, pool);
    TellNotes(pass, pool);
  }
  TellOrphans(pass, plan);
  TellFrozenSpecs(pass, plan);
  TellFreezeFile(pass);
  TellParked(pass, plan);
  TellImages(pass);
  TellGone(pass);
  SpeakAlerts(pass, false);
}

void TellFailure(Pass& pass, const Error& error) {
  Event alert = pass.EventOf(EventKind::kCycleFailed, Severity::kWarning, "");
  alert.reason = error.kind == ErrorKind::kUnauthorized ? Reason::kUnauthorized
                 : error.kind == ErrorKind::kThrottled  ? Reason::kThrottled
                                                        : Reason::kObservationFailed;
  alert.detail = error.message;
  alert.request_id = error.request_id;
  alert.fields = {{"error", std::string(ErrorKindName(error.kind))}};
  // Another stage of the way is news; another word about the same one is not.
  const auto news =
      fmt::format("{} {}", ErrorKindName(error.kind), static_cast<int>(error.failed_at));
  pass.account.alerts.Hold(kObserveAlert, news, std::move(alert),
                           pass.EventOf(EventKind::kCycleRecovered, Severity::kInfo, ""));
  SpeakAlerts(pass, true);
}

void TellStateFailure(Pass& pass, const std::string& what, const Error& error) {
  if (pass.state_problem.empty()) pass.state_problem = error.message;
  Event alert = pass.EventOf(EventKind::kStateFailed, Severity::kWarning, "");
  alert.detail = error.message;
  Event said = alert;
  const bool news = pass.account.alerts.HoldLate(
      "state/" + what, error.message, std::move(alert),
      pass.EventOf(EventKind::kStateRecovered, Severity::kInfo, ""), pass.doors.clock.Now());
  if (news) pass.Emit(std::move(said));
}

void TellReport(Pass& pass, CycleReport& report) {
  TellConditions(pass, report.statuses);
  const auto ready =
      std::count_if(report.statuses.begin(), report.statuses.end(),
                    [](const PoolStatus& status) { return status.condition == Condition::kReady; });
  Event event = pass.EventOf(EventKind::kCycleEnded,
                             report.writes > 0 ? Severity::kInfo : Severity::kDebug, "");
  event.fields = {{"pools", std::to_string(report.statuses.size())},
                  {"ready", std::to_string(ready)},
                  {"writes", std::to_string(report.writes)}};
  pass.Emit(std::move(event));
}

}  // namespace reconciler::cycle
