#include "reconciler/cycle/tell_holds.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/plan/render.h"

namespace reconciler::cycle {
namespace {

struct HoldVoice {
  EventKind found;
  EventKind ended;
  Severity severity;
};

/// Which holds speak in the log, and how; the others show in plan and status alone.
std::optional<HoldVoice> VoiceOf(const plan::Hold& hold) {
  switch (hold.reason) {
    case Reason::kNotOwned:
      return HoldVoice{EventKind::kUnclaimedFound, EventKind::kOwnership, Severity::kInfo};
    case Reason::kOtherOwner:
    case Reason::kOtherSource:
    case Reason::kStampCopied:
    case Reason::kForeignName:
    case Reason::kOwnershipLost:
    case Reason::kReadopted:
      return HoldVoice{EventKind::kOwnership, EventKind::kOwnership, Severity::kWarning};
    case Reason::kStoppedByOther:
    case Reason::kAllocationFailed:
    case Reason::kQuotaReached:
      return HoldVoice{EventKind::kConditionChanged, EventKind::kConditionChanged,
                       Severity::kWarning};
    default:
      return std::nullopt;
  }
}

}  // namespace

void TellHolds(Pass& pass, const plan::PoolPlan& pool) {
  for (const plan::Hold& hold : pool.holds) {
    const std::optional<HoldVoice> voice = VoiceOf(hold);
    if (!voice) continue;
    Event alert = pass.EventOf(voice->found, voice->severity, pool.pool);
    alert.reason = hold.reason;
    alert.detail = hold.message;
    Event ended = pass.EventOf(voice->ended, Severity::kInfo, pool.pool);
    ended.reason = Reason::kInSync;
    ended.detail = std::string(ReasonName(hold.reason)) + " ended";
    pass.account.alerts.Hold(
        "hold/" + FoldCase(pool.pool) + "/" + std::string(ReasonName(hold.reason)), "",
        std::move(alert), std::move(ended));
  }
}

void TellOrphans(Pass& pass, const plan::AccountPlan& plan) {
  // With incomplete specs nothing counts as removed, nor as come back.
  for (const std::string& orphan : plan.specs_complete ? plan.orphans : pass.orphans) {
    if (!plan.specs_complete && !pass.account.alerts.Knows("orphan/" + orphan)) continue;
    Event alert = pass.EventOf(EventKind::kOrphanFound, Severity::kWarning, orphan);
    alert.reason = Reason::kOrphaned;
    alert.detail = TextOf(Reason::kOrphaned).remedy;
    pass.account.alerts.Hold("orphan/" + orphan, "", std::move(alert),
                             pass.EventOf(EventKind::kOrphanEnded, Severity::kInfo, orphan));
  }
}

void TellFrozenSpecs(Pass& pass, const plan::AccountPlan& plan) {
  std::map<std::string, std::vector<std::string>> pools_of;  // by why
  for (const plan::PoolPlan& pool : plan.pools) {
    for (const plan::Hold& hold : pool.holds) {
      if (hold.reason == Reason::kSpecUnreadable) pools_of[hold.message].push_back(pool.pool);
    }
  }
  for (const auto& [why, pools] : pools_of) {
    const std::string pool = pools.size() == 1 ? pools.front() : std::string();
    Event alert = pass.EventOf(EventKind::kFrozen, Severity::kWarning, pool);
    alert.reason = Reason::kSpecUnreadable;
    alert.detail = why;
    Event ended = pass.EventOf(EventKind::kThawed, Severity::kInfo, pool);
    if (pools.size() > 1) {
      alert.fields = {{"pools", std::to_string(pools.size())}, {"names", plan::NameSome(pools)}};
      ended.fields = alert.fields;
    }
    pass.account.alerts.Hold("frozen/" + why, plan::NameSome(pools), std::move(alert),
                             std::move(ended));
  }
}

void TellFreezeFile(Pass& pass) {
  if (!pass.context.frozen) return;
  const ReasonText& text = TextOf(Reason::kFreezeFile);
  Event alert = pass.EventOf(EventKind::kFrozen, Severity::kWarning, "");
  alert.reason = Reason::kFreezeFile;
  alert.detail = fmt::format("{}; {}", text.meaning, text.remedy);
  pass.account.alerts.Hold("freeze", "", std::move(alert),
                           pass.EventOf(EventKind::kThawed, Severity::kInfo, ""));
}

void TellParked(Pass& pass, const plan::AccountPlan& plan) {
  // Nothing is guarded while all is frozen: the guard stands as it was.
  if (!plan.parked && pass.context.frozen) pass.account.alerts.KeepHolding("parked");
  if (!plan.parked) return;
  Event alert = pass.EventOf(EventKind::kPlanParked, Severity::kError, "");
  alert.reason = plan.parked->reason;
  alert.detail = plan.parked->message;
  pass.account.alerts.Hold("parked", plan.parked->message, std::move(alert),
                           pass.EventOf(EventKind::kPlanReleased, Severity::kInfo, ""));
}

}  // namespace reconciler::cycle
