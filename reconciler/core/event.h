// What a cycle tells the world; sinks turn it into log lines, metrics or a trace.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reconciler/core/reason.h"

namespace reconciler {

enum class Severity { kDebug, kInfo, kWarning, kError };

enum class EventKind {
  kCycleEnded,
  kCycleFailed,  // nothing could be decided: list incomplete, credentials refused
  kCycleRecovered,
  kObservationPartial,  // node counts or images are missing: what does not need them goes on
  kObservationWhole,
  kDifferenceFound,  // drift or a spec change, once per (pool, property)
  kDifferenceEnded,
  kActionSent,
  kActionDone,
  kActionFailed,
  kActionUnknown,  // the answer was lost; looked at before anything else
  kConditionChanged,
  kReleased,    // a property left the spec and stays as it is
  kKept,        // the service keeps another value than it was sent
  kPlanParked,  // a guard stopped the whole plan
  kPlanReleased,
  kOrphanFound,
  kOrphanEnded,
  kRenameSeen,
  kUnclaimedFound,
  kOwnership,  // OwnershipLost, Readopted, OtherSource, StampCopied, ...
  kFrozen,
  kThawed,
  kSpecsLoaded,
  kSpecProblem,
  kImageWarning,
  kStateFailed,  // the state folder could not be read or written
  kStateRecovered,
  kConfigReloaded,
  kConfigRefused,
  kStatusSocketFailed,  // `status` cannot ask this daemon
  kDaemonStarted,
  kDaemonStopping,
};

struct Event {
  EventKind kind = EventKind::kCycleEnded;
  Severity severity = Severity::kInfo;
  std::string account{};
  std::string cycle{};  // 8 hex digits, one per account and cycle
  std::string pool{};
  std::string property{};
  std::string action{};
  Reason reason = Reason::kNone;
  Cause cause = Cause::kNone;
  std::string request_id{};
  std::string revision{};
  std::string detail{};                                       // for people; holds no secret
  std::vector<std::pair<std::string, std::string>> fields{};  // further keys: desired, live, since
};

/// An event as the log writes it and as the page of all events explains it.
struct EventText {
  EventKind kind;
  std::string_view name;     // "difference_found"
  std::string_view message;  // constant text of the log line: "pool differs from its spec"
  std::string_view levels;   // "warning", "warning, info": those that it is logged with
  std::string_view meaning;  // one sentence or two
  std::string_view remedy;   // what a person does; "nothing" and why, where nothing is to be done
};
std::span<const EventText> AllEvents();
const EventText& TextOf(EventKind kind);

}  // namespace reconciler
