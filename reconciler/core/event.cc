#include "reconciler/core/event.h"

#include <algorithm>

namespace reconciler {
namespace {

constexpr EventText kEvents[] = {
    {EventKind::kCycleEnded, "cycle_ended", "cycle ended", "debug, info",
     "one pass over the account is over; with level info, calls were sent. `pools`, `ready` and "
     "`writes` count",
     "nothing"},
    {EventKind::kCycleFailed, "cycle_failed", "account could not be observed, nothing is done",
     "warning",
     "the list of pools could not be read whole, so nothing is decided and nothing is written; "
     "`reason`, `error` and `detail` say why",
     "look at the detail: key, clock, network, or the service itself; it is tried again by itself"},
    {EventKind::kCycleRecovered, "cycle_recovered", "account can be observed again", "info",
     "a look succeeded after `account could not be observed`", "nothing"},
    {EventKind::kObservationPartial, "observation_partial",
     "a part of the account could not be observed", "warning",
     "the node counts (Ready is unknown) or the list of supported images (only what needs it "
     "waits) could not be read; all else goes on",
     "look at the detail; it is tried again by itself"},
    {EventKind::kObservationWhole, "observation_whole", "account is observed whole again", "info",
     "what was missing since `a part of the account could not be observed` is there again",
     "nothing"},
    {EventKind::kDifferenceFound, "difference_found", "pool differs from its spec", "warning, info",
     "drift (warning), or a change of the spec that is about to be carried out (info); `cause` "
     "says who moved, `live` and `desired` what, `cost` what it takes to put back. Said when it "
     "appears, when it changes, and every hour while it lasts",
     "PoolChanged: find out who changed the pool, and put the change into the spec if it is to "
     "stay. Unknown: the same, it happened before this process looked. `poolkeeper diff POOL` "
     "shows more; a cost of `empty`, `replace` or `arm` is yours to carry out"},
    {EventKind::kDifferenceEnded, "difference_ended", "difference ended", "info",
     "pool and spec agree again about this property, or the spec no longer names it", "nothing"},
    {EventKind::kActionSent, "action_sent", "action sent", "debug",
     "a call that writes is about to leave", "nothing"},
    {EventKind::kActionDone, "action_done", "action accepted", "info",
     "the service accepted a call that writes; `request_id` is what its support asks for",
     "nothing"},
    {EventKind::kActionFailed, "action_failed", "action failed", "error, warning, info",
     "the service refused a call, or it could not be sent. error: not tried again until the spec "
     "changes; warning: tried again later; info: the pool is busy and is looked at again",
     "read `code` and `detail`; mend the spec, ask for quota, or wait: `poolkeeper status POOL` "
     "says when it is tried again"},
    {EventKind::kActionUnknown, "action_unknown", "answer to an action was lost", "warning",
     "the call may have been carried out or not; the pool is looked at before anything else is "
     "done to it",
     "nothing, unless it goes on: then look at the network"},
    {EventKind::kConditionChanged, "condition_changed", "pool condition changed", "info, warning",
     "the condition of a pool is another one (`condition`, `reason`), or one that lasts is said "
     "again after an hour; warning where it is Degraded or needs a person",
     "see the reason below; `poolkeeper status POOL` explains it"},
    {EventKind::kReleased, "released", "property released, its live value stays", "info",
     "a property has left the spec and cannot be put back without disturbing nodes: poolkeeper no "
     "longer looks after it",
     "write it into the spec again if it is to be kept at a value"},
    {EventKind::kKept, "kept", "service keeps another value than it was sent", "info",
     "the service took the call and made another value of it; nothing more is tried",
     "write what the service keeps into the spec, if that is what is meant"},
    {EventKind::kPlanParked, "plan_parked", "plan parked by a guard", "error",
     "the whole plan of the account would lose or add too much at once: nothing of it is carried "
     "out",
     "read `poolkeeper plan`; if it is meant, `poolkeeper apply --allow-shrink` or "
     "`--allow-growth`"},
    {EventKind::kPlanReleased, "plan_released", "plan no longer parked", "info",
     "the plan passes the guards, or was lifted by a person", "nothing"},
    {EventKind::kOrphanFound, "orphan_found", "pool is ours and no spec names it", "warning",
     "its spec was removed; the pool stays, with its nodes and their cost",
     "put the spec back, or delete the pool by hand"},
    {EventKind::kOrphanEnded, "orphan_ended", "pool is no longer an orphan", "info",
     "a spec names it again, or it is gone", "nothing"},
    {EventKind::kRenameSeen, "rename_seen", "spec was renamed, the old pool stays as an orphan",
     "info",
     "a new spec has the body of one that went: a new pool is created, the old one (`from`) is "
     "left",
     "move the jobs, then delete the old pool by hand"},
    {EventKind::kUnclaimedFound, "unclaimed_found", "pool has a spec and carries no owner", "info",
     "somebody else made a pool of this id; it is not written",
     "`policy.adopt: true` in its spec claims it"},
    {EventKind::kOwnership, "ownership", "ownership of a pool changed", "warning, info",
     "the stamp on a pool says something else than before: removed, of another owner or source, "
     "copied, or put right (info); `reason` says which",
     "see the reason below"},
    {EventKind::kFrozen, "frozen", "frozen, nothing is written", "warning",
     "a freeze file stops all writes, or a spec with errors stops those to its pool (its last good "
     "state stands)",
     "remove the file `freeze`, or mend the spec that `detail` names"},
    {EventKind::kThawed, "thawed", "no longer frozen", "info", "writes go on", "nothing"},
    {EventKind::kSpecsLoaded, "specs_loaded", "specs loaded", "info",
     "the spec tree was read; `revision` is what later lines refer to. `complete=false`: a part "
     "could not be read, nothing counts as removed",
     "nothing; with findings, see the lines before"},
    {EventKind::kSpecProblem, "spec_problem", "spec file has an error", "error, warning",
     "a finding in a spec (`at` names file, line and column), or the tree could not be read",
     "mend the file; `poolkeeper validate` shows the place"},
    {EventKind::kImageWarning, "image_warning", "image of a pool needs attention", "warning",
     "the image of a running pool ends in at most 180, 90 or 30 days (once each), has ended, or is "
     "no longer listed",
     "name a newer image; `poolkeeper images --in-use` shows what follows it"},
    {EventKind::kStateFailed, "state_failed", "state folder could not be used", "error, warning",
     "a file of the state folder could not be read or written. Pools are looked after as long as "
     "that is safe; what a restart must know may be lost",
     "look at `detail`: a full disk, rights, or a damaged file"},
    {EventKind::kStateRecovered, "state_recovered", "state folder can be used again", "info",
     "what could not be saved since `state folder could not be used` is saved", "nothing"},
    {EventKind::kConfigReloaded, "config_reloaded", "configuration reloaded", "info, warning",
     "a SIGHUP was followed; warning: with something to say about a line of it",
     "nothing; a warning names the line to mend"},
    {EventKind::kConfigRefused, "config_refused", "new configuration refused, the old one stays",
     "error", "the configuration has errors, or a change that needs a restart",
     "mend what `detail` names and send SIGHUP again, or restart"},
    {EventKind::kStatusSocketFailed, "status_socket_failed",
     "status cannot be asked for, all else goes on", "warning",
     "the socket that `poolkeeper status` asks could not be made; `status` looks at the service "
     "itself instead",
     "look at `detail`: rights of the folder, or another daemon"},
    {EventKind::kDaemonStarted, "daemon_started", "daemon started", "info",
     "a process began to look after the accounts of its configuration", "nothing"},
    {EventKind::kDaemonStopping, "daemon_stopping", "daemon stopping", "info",
     "a signal asked for the end, or `--exit-when-ready` was reached; a call under way is finished "
     "or given up",
     "nothing, unless nobody meant it"},
};

}  // namespace

std::span<const EventText> AllEvents() { return kEvents; }

const EventText& TextOf(EventKind kind) {
  return *std::find_if(std::begin(kEvents), std::end(kEvents),
                       [&](const EventText& text) { return text.kind == kind; });
}

}  // namespace reconciler
