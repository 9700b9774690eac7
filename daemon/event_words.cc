#include "daemon/event_words.h"

#include "reconciler/core/error.h"
#include "reconciler/core/reason.h"

namespace reconciler::daemon {
namespace {

constexpr std::string_view kNothing = "nothing";

struct CauseText {
  Cause cause;
  std::string_view meaning, remedy;
};
constexpr CauseText kCauses[] = {
    {Cause::kSpecChanged, "the spec says something else than what was written last", kNothing},
    {Cause::kPoolChanged, "somebody changed the live pool after it was seen to agree with its spec",
     "find out who did, in the activity log of the account; what they wanted belongs into the "
     "spec"},
    {Cause::kBoth, "the spec changed, and somebody changed the live pool as well",
     "see `poolkeeper diff`; the spec wins"},
    {Cause::kUnknown, "they have differed since before this process started, so nobody can tell",
     "see `poolkeeper diff`"},
    {Cause::kAdopted, "they have differed since the pool was taken over", kNothing},
};

struct ConditionText {
  Condition condition;
  std::string_view meaning, remedy;
};
constexpr ConditionText kConditions[] = {
    {Condition::kReady, "the pool is as its spec says, and its nodes are there and work", kNothing},
    {Condition::kProgressing, "it is on its way to what the spec says", "wait"},
    {Condition::kDrifted, "it differs from its spec", "see `poolkeeper diff POOL`"},
    {Condition::kDegraded,
     "nodes are missing or fail, the formula cannot be evaluated, the image ends, or it could not "
     "be read; the reason says which",
     "see `poolkeeper status POOL`"},
    {Condition::kBlocked,
     "what would have to be done is not done; the reason says what stands in the way, and whether "
     "time or a person lifts it",
     "see `poolkeeper status POOL`"},
    {Condition::kFrozen,
     "nothing is written to it: a freeze file, mode observe, or a spec that cannot be read",
     "see `poolkeeper status POOL`"},
    {Condition::kProtected, "it is kept from what would take it away", kNothing},
};

struct KindText {
  ErrorKind kind;
  std::string_view meaning, remedy;
};
constexpr KindText kErrors[] = {
    {ErrorKind::kInvalidSpec, "a file is wrong, and is not tried again until it changes",
     "mend what the message names"},
    {ErrorKind::kConflict, "the pool changed, or was being resized, when it was written",
     "nothing; it is looked at again and planned anew"},
    {ErrorKind::kThrottled, "the service asks for fewer requests",
     "nothing; it is tried again when the service allows it"},
    {ErrorKind::kNotSent,
     "the request never left this host: no address, no connection, or a certificate that is not "
     "trusted; nothing has happened at the service",
     "read the message; `poolkeeper check` shows where the way to the service ends"},
    {ErrorKind::kUnknownOutcome,
     "a call that writes went out and no whole answer came; the pool is looked at before anything "
     "else is sent",
     "nothing; where it stays, see what cuts connections between this host and the service"},
    {ErrorKind::kTransient, "a call failed in the network or at the service, for now",
     "nothing; it is tried again by itself, and `poolkeeper check` says more"},
    {ErrorKind::kUnauthorized, "the service refused the key, or what is asked for with it",
     "`poolkeeper check` tells key, clock and permission apart"},
    {ErrorKind::kSlow,
     "a quota, a lack of capacity or a permission stands in the way; it is tried again after "
     "minutes to hours",
     "read the message; have the quota raised, or the call allowed"},
    {ErrorKind::kTerminal, "the service refused for good, and is not asked the same again soon",
     "read the message, and mend what it names"},
    {ErrorKind::kCancelled, "the program was asked to stop before it was done", kNothing},
};

}  // namespace

std::vector<PageEntry> CauseEntries() {
  std::vector<PageEntry> entries;
  for (const CauseText& text : kCauses) {
    entries.push_back({CauseName(text.cause), "", "", text.meaning, text.remedy, "cause"});
  }
  return entries;
}

std::vector<PageEntry> ConditionEntries() {
  std::vector<PageEntry> entries;
  for (const ConditionText& text : kConditions) {
    entries.push_back(
        {ConditionName(text.condition), "", "", text.meaning, text.remedy, "condition"});
  }
  return entries;
}

std::vector<PageEntry> ErrorEntries() {
  std::vector<PageEntry> entries;
  for (const KindText& text : kErrors) {
    entries.push_back({ErrorKindName(text.kind), "", "", text.meaning, text.remedy, "error"});
  }
  entries.push_back({"not_read_yet", "", "", "the daemon has not looked at the account yet",
                     "wait for its first look", "error"});
  return entries;
}

}  // namespace reconciler::daemon
