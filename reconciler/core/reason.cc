#include "reconciler/core/reason.h"

#include <algorithm>
#include <array>

namespace reconciler {
namespace {

constexpr ReasonText kReasons[] = {
    {Reason::kNone, "", "", ""},
    {Reason::kInSync, "InSync", "the pool is what its spec says, and its nodes are well", ""},
    {Reason::kNodesNotRefreshed, "NodesNotRefreshed",
     "some nodes booted before the last change of start task or packages and may run the old one",
     "reboot or replace the nodes when their tasks allow"},
    {Reason::kCreating, "Creating", "the pool was asked for and does not exist yet", ""},
    {Reason::kResizing, "Resizing", "the service adds or removes nodes", ""},
    {Reason::kDeleting, "Deleting", "the service is deleting the pool", ""},
    {Reason::kNodesStarting, "NodesStarting", "nodes boot or run their start task", ""},
    {Reason::kNotObservedSinceWrite, "NotObservedSinceWrite",
     "the pool was written and has not been read since", ""},
    {Reason::kDifferencesPlanned, "DifferencesPlanned", "the pool differs and will be changed", ""},
    {Reason::kPreempted, "Preempted", "Spot nodes were taken away; the service brings them back",
     "wait, or move the target to dedicated nodes"},
    {Reason::kAllocationFailed, "AllocationFailed",
     "the service could not allocate all nodes; the resize is asked for again",
     "read the resize error; another size or region may have capacity"},
    {Reason::kQuotaReached, "QuotaReached", "a core quota of the account is used up",
     "ask for more quota or lower a target"},
    {Reason::kResizeStopped, "ResizeStopped", "a resize ended early because it was stopped", ""},
    {Reason::kStoppedByOther, "StoppedByOther", "somebody else stopped a resize of this pool",
     "find out who; the resize is asked for again after an hour"},
    {Reason::kNodesFailed, "NodesFailed", "nodes are unusable or their start task failed",
     "look at the nodes' start task output; mend the start task in the spec"},
    {Reason::kAutoScaleFailed, "AutoScaleFailed", "the autoscale formula does not evaluate",
     "mend the formula in the spec"},
    {Reason::kNodeCountsUnknown, "NodeCountsUnknown", "the node counts could not be read", ""},
    {Reason::kImageEndOfLife, "ImageEndOfLife", "the image is past its end of life",
     "name a newer image in the spec"},
    {Reason::kImageNotListed, "ImageNotListed", "the service does not list this image",
     "name a listed image, or allow it with policy.image.allowUnlisted and an explicit agent"},
    {Reason::kObservationFailed, "ObservationFailed", "the account could not be read completely",
     "see the log line of the failed call"},
    {Reason::kNotOwned, "NotOwned", "a pool of this id exists and carries no owner",
     "add `policy.adopt: true` to claim it"},
    {Reason::kOtherOwner, "OtherOwner", "the pool belongs to another owner",
     "remove the spec here, or let the other owner give the pool up"},
    {Reason::kOtherSource, "OtherSource", "the pool is managed from another spec repository",
     "remove the spec from one of the two repositories; if `source.id` was changed, change it "
     "back"},
    {Reason::kStampCopied, "StampCopied", "another pool carries the same incarnation and is older",
     "remove the metadata items `poolkeeper.*` from this pool"},
    {Reason::kForeignName, "ForeignName", "the stamp on the pool names another pool",
     "remove the metadata items `poolkeeper.*` from this pool"},
    {Reason::kOwnershipLost, "OwnershipLost", "somebody removed our stamp from the pool",
     "set `policy.adopt: true` to claim it again"},
    {Reason::kNeedsEmptyPool, "NeedsEmptyPool",
     "the change is possible only while the pool has no nodes; not executed by this version",
     "resize the pool to 0, apply the change, and grow it back"},
    {Reason::kNeedsReplacement, "NeedsReplacement",
     "the change is possible only on a new pool; not executed by this version",
     "write a spec with a new name beside this one and move the jobs"},
    {Reason::kNeedsManagementPlane, "NeedsManagementPlane",
     "the change goes through Azure Resource Manager only", "use `az batch pool` or a template"},
    {Reason::kImageUnverified, "ImageUnverified", "the image is not verified by the service",
     "set `policy.image.allowUnverified: true`, or name a verified image"},
    {Reason::kImageEnded, "ImageEnded", "the image is past its end of life",
     "name a newer image, or set `policy.image.allowEnded: true`"},
    {Reason::kImageAgentMismatch, "ImageAgentMismatch", "the node agent does not match the image",
     "leave nodeAgentSKUId out, or write the agent that the message names"},
    {Reason::kImageAmbiguous, "ImageAmbiguous",
     "several images match the pattern, and their names do not tell which is the newest",
     "narrow `policy.image.newest.skuPattern` until its matches differ in digits alone"},
    {Reason::kImageLacksContainers, "ImageLacksContainers",
     "the spec prepares nodes for containers, and the image is not listed as able to run them",
     "name an image with the capability DockerCompatible (`poolkeeper images --capability "
     "DockerCompatible`), or set `policy.image.allowUnlisted: true`"},
    {Reason::kImageListMissing, "ImageListMissing",
     "the list of supported images could not be read yet", ""},
    {Reason::kGuardTripped, "GuardTripped", "the plan would lose or add too much at once",
     "look at the plan; lift the guard with `apply --allow-shrink` or `--allow-growth`"},
    {Reason::kNotSticking, "NotSticking", "the service accepts the call and keeps another value",
     "change the spec to what the service accepts"},
    {Reason::kCanonicalFormChanged, "CanonicalFormChanged",
     "it differs only by the way in which this version of poolkeeper compares it; the version that "
     "wrote it compared otherwise",
     "look at the plan; `apply POOL` writes it, and so does a change of the spec"},
    {Reason::kSecretUnknown, "SecretUnknown",
     "the record holds no digest of it under this digest key: whether it changed is unknown",
     "nothing, it is recorded anew with the next write"},
    {Reason::kSecretMissing, "SecretMissing", "a secret that the spec names cannot be read",
     "add it under `secrets:` of the configuration"},
    {Reason::kPackageMissing, "PackageMissing",
     "the account has no such application package that nodes can get",
     "upload it (`az batch application package create`), or name one that is there"},
    {Reason::kServiceRefused, "ServiceRefused", "the service refused the call",
     "mend the spec; it is tried again when the spec changes, and once a day"},
    {Reason::kThrottled, "Throttled", "the service asked to slow down", ""},
    {Reason::kQuota, "Quota", "a quota of the account is used up", "ask for more quota"},
    {Reason::kUnauthorized, "Unauthorized", "the service refused the credentials",
     "check the key file and the clock"},
    {Reason::kOutcomeUnknown, "OutcomeUnknown", "the answer to a call was lost; looking first", ""},
    {Reason::kWaitingToRetry, "WaitingToRetry", "a call failed and is tried again later", ""},
    {Reason::kSpecsIncomplete, "SpecsIncomplete", "a part of the spec tree cannot be read",
     "see the findings of `poolkeeper validate`"},
    {Reason::kFreezeFile, "FreezeFile", "a freeze file stops all writes",
     "remove the file `freeze` from the state folder or from /run/poolkeeper"},
    {Reason::kSpecUnreadable, "SpecUnreadable", "the spec has errors; its last good state stands",
     "mend the spec file"},
    {Reason::kObserveMode, "ObserveMode", "the pool is observed and never written",
     "set `mode: manage` on the account and in the pool's policy"},
    {Reason::kMemoryReduced, "MemoryReduced",
     "the pool has no room for the record of what was applied",
     "shorten the pool's metadata; until then nothing is reset when it leaves the spec"},
    {Reason::kMemoryDamaged, "MemoryDamaged",
     "the record of what was applied cannot be read, so who moved is unknown and nothing is reset "
     "when it leaves the spec",
     "the next write to the pool makes it anew; find out who wrote to the pool's "
     "metadata"},
    {Reason::kOrphaned, "Orphaned", "the pool is ours and no spec names it",
     "put its spec back, or delete the pool by hand"},
    {Reason::kReadopted, "Readopted", "the stamp had been removed and was written again", ""},
};

constexpr std::string_view kConditions[] = {"Blocked",     "Frozen",    "Degraded", "Drifted",
                                            "Progressing", "Protected", "Ready"};
constexpr std::string_view kCauses[] = {"",     "SpecChanged", "PoolChanged",
                                        "Both", "Unknown",     "Adopted"};

}  // namespace

std::span<const ReasonText> AllReasons() { return kReasons; }

const ReasonText& TextOf(Reason reason) {
  const auto* found = std::find_if(std::begin(kReasons), std::end(kReasons),
                                   [&](const ReasonText& text) { return text.reason == reason; });
  return found == std::end(kReasons) ? kReasons[0] : *found;
}

std::string_view ReasonName(Reason reason) { return TextOf(reason).name; }
std::string_view ConditionName(Condition condition) {
  return kConditions[static_cast<std::size_t>(condition)];
}
std::string_view CauseName(Cause cause) { return kCauses[static_cast<std::size_t>(cause)]; }

std::optional<Reason> ReasonNamed(std::string_view name) {
  const auto* found = std::find_if(std::begin(kReasons), std::end(kReasons),
                                   [&](const ReasonText& text) { return text.name == name; });
  if (found == std::end(kReasons)) return std::nullopt;
  return found->reason;
}

std::optional<Condition> ConditionNamed(std::string_view name) {
  const auto* found = std::find(std::begin(kConditions), std::end(kConditions), name);
  if (found == std::end(kConditions)) return std::nullopt;
  return static_cast<Condition>(found - std::begin(kConditions));
}

}  // namespace reconciler
