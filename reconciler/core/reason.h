// The closed list of conditions, reasons and causes, each with its meaning and remedy.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace reconciler {

/// The state of a pool in one word; when several hold, status shows the first of this order.
enum class Condition { kBlocked, kFrozen, kDegraded, kDrifted, kProgressing, kProtected, kReady };

/// Who moved.
enum class Cause {
  kNone,
  kSpecChanged,  // the spec is not what we applied
  kPoolChanged,  // this process saw it in sync before
  kBoth,
  kUnknown,  // differs since before this start
  kAdopted,  // differs since the pool was adopted
};

enum class Reason {
  kNone,
  // Ready and Progressing
  kInSync,
  kNodesNotRefreshed,
  kCreating,
  kResizing,
  kDeleting,
  kNodesStarting,
  kNotObservedSinceWrite,
  kDifferencesPlanned,
  // Degraded
  kPreempted,
  kAllocationFailed,
  kQuotaReached,
  kResizeStopped,
  kStoppedByOther,
  kNodesFailed,
  kAutoScaleFailed,
  kNodeCountsUnknown,
  kImageEndOfLife,
  kImageNotListed,
  kObservationFailed,
  // Blocked
  kNotOwned,
  kOtherOwner,
  kOtherSource,
  kStampCopied,
  kForeignName,
  kOwnershipLost,
  kNeedsEmptyPool,
  kNeedsReplacement,
  kNeedsManagementPlane,
  kImageUnverified,
  kImageEnded,
  kImageAgentMismatch,
  kImageAmbiguous,
  kImageLacksContainers,
  kImageListMissing,
  kGuardTripped,
  kNotSticking,
  kCanonicalFormChanged,
  kSecretUnknown,
  kSecretMissing,
  kPackageMissing,
  kServiceRefused,
  kThrottled,
  kQuota,
  kUnauthorized,
  kOutcomeUnknown,
  kWaitingToRetry,
  kSpecsIncomplete,
  // Frozen
  kFreezeFile,
  kSpecUnreadable,
  kObserveMode,
  // other
  kMemoryReduced,
  kMemoryDamaged,
  kOrphaned,
  kReadopted,
};

struct ReasonText {
  Reason reason;
  std::string_view name;     // "NotOwned"
  std::string_view meaning;  // one sentence
  std::string_view remedy;   // what a person does; empty where nothing is to be done
};

std::span<const ReasonText> AllReasons();
const ReasonText& TextOf(Reason reason);
std::string_view ReasonName(Reason reason);
std::string_view ConditionName(Condition condition);
std::string_view CauseName(Cause cause);
/// By name; nullopt for a name that is none of ours.
std::optional<Reason> ReasonNamed(std::string_view name);
std::optional<Condition> ConditionNamed(std::string_view name);

}  // namespace reconciler
