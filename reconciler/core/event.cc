#include "reconciler/core/event.h"

#include <algorithm>

namespace reconciler {
namespace {

constexpr EventText kEvents[] = {
    {EventKind::kCycleStarted, "cycle_started", "cycle started"},
    {EventKind::kCycleEnded, "cycle_ended", "cycle ended"},
    {EventKind::kCycleFailed, "cycle_failed", "account could not be observed, nothing is done"},
    {EventKind::kCycleRecovered, "cycle_recovered", "account can be observed again"},
    {EventKind::kDifferenceFound, "difference_found", "pool differs from its spec"},
    {EventKind::kDifferenceEnded, "difference_ended", "difference ended"},
    {EventKind::kActionSent, "action_sent", "action sent"},
    {EventKind::kActionDone, "action_done", "action accepted"},
    {EventKind::kActionFailed, "action_failed", "action failed"},
    {EventKind::kActionUnknown, "action_unknown", "answer to an action was lost"},
    {EventKind::kConditionChanged, "condition_changed", "pool condition changed"},
    {EventKind::kReleased, "released", "property released, its live value stays"},
    {EventKind::kKept, "kept", "service keeps another value than it was sent"},
    {EventKind::kPlanParked, "plan_parked", "plan parked by a guard"},
    {EventKind::kPlanReleased, "plan_released", "plan no longer parked"},
    {EventKind::kOrphanFound, "orphan_found", "pool is ours and no spec names it"},
    {EventKind::kOrphanEnded, "orphan_ended", "pool is no longer an orphan"},
    {EventKind::kRenameSeen, "rename_seen", "spec was renamed, the old pool stays as an orphan"},
    {EventKind::kUnclaimedFound, "unclaimed_found", "pool has a spec and carries no owner"},
    {EventKind::kOwnership, "ownership", "ownership of a pool changed"},
    {EventKind::kFrozen, "frozen", "frozen, nothing is written"},
    {EventKind::kThawed, "thawed", "no longer frozen"},
    {EventKind::kSpecsLoaded, "specs_loaded", "specs loaded"},
    {EventKind::kSpecProblem, "spec_problem", "spec file has an error"},
    {EventKind::kImageWarning, "image_warning", "image of a pool needs attention"},
    {EventKind::kStateFailed, "state_failed", "state folder could not be used"},
    {EventKind::kConfigReloaded, "config_reloaded", "configuration reloaded"},
    {EventKind::kConfigRefused, "config_refused", "new configuration refused, the old one stays"},
    {EventKind::kStatusSocketFailed, "status_socket_failed",
     "status cannot be asked for, all else goes on"},
    {EventKind::kDaemonStarted, "daemon_started", "daemon started"},
    {EventKind::kDaemonStopping, "daemon_stopping", "daemon stopping"},
};

}  // namespace

std::span<const EventText> AllEvents() { return kEvents; }

const EventText& TextOf(EventKind kind) {
  return *std::find_if(std::begin(kEvents), std::end(kEvents),
                       [&](const EventText& text) { return text.kind == kind; });
}

}  // namespace reconciler
