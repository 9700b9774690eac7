// One honest line per pool: its condition, why, since when, and what happens next.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/reason.h"
#include "reconciler/core/time_text.h"
#include "reconciler/plan/plan.h"

namespace reconciler::cycle {

/// One property that is not what the spec says, in words.
struct StatusDifference {
  std::string path;
  std::string live;  // as `plan` shows values
  std::string desired;
  std::string what;   // "planned", "blocked", "observed", "kept"
  std::string cause;  // "PoolChanged"; empty where nobody is to blame
  std::string place;  // "pools/render.yaml:14:5"; empty when it left the spec
};

/// Something that keeps (a part of) the pool waiting.
struct StatusHold {
  Reason reason = Reason::kNone;
  std::string message;
  std::string property;         // empty: the whole pool
  bool lifted_by_time = false;  // else a person has to
};

struct PoolStatus {
  std::string account;
  std::string pool;
  Condition condition = Condition::kReady;
  Reason reason = Reason::kInSync;
  std::string message;  // for people
  std::string next;     // what happens next: "patch, resize", "a person"; empty: nothing
  std::optional<Instant> next_at{};  // when; nullopt: that is not known
  Instant since{};                   // when this process first saw the condition with its reason
  std::string revision;
  bool exists = false;
  int nodes_current = 0;
  int nodes_target = 0;
  std::optional<int> image_days;  // until the image's end of life
  Position position;              // of the spec; no file for orphans
  /// Words beside the condition: "NodesNotRefreshed: 3 nodes booted before ...", "MemoryReduced".
  std::vector<std::string> notes;
  // What explains the above, for who asks for this one pool.
  std::vector<StatusDifference> differences{};
  std::vector<StatusHold> holds{};
  std::map<std::string, int, std::less<>> node_states{};  // empty: unknown, or Ready
  int failures = 0;                                       // calls in a row that failed
};

/// What `next` says where nothing happens by itself.
inline constexpr std::string_view kNextIsAPerson = "a person";

/// What the status of one pool is made from.
struct StatusInput {
  const plan::PoolPlan* plan = nullptr;
  const LivePool* live = nullptr;      // nullptr: absent
  const NodeCounts* counts = nullptr;  // nullptr: unknown
  bool counts_known = false;
  bool observed_after_write = true;
  const plan::ImageNotice* image = nullptr;  // nullptr: nothing is known about the image
  Instant wall{};
};
/// Condition, reason, message and notes; `since` is the StatusBook's matter. Pure.
PoolStatus StatusOf(const StatusInput& input);

/// Remembers since when each pool has its condition and reason.
class StatusBook {
 public:
  /// Fills `since`; true when condition or reason changed since the last call for this pool.
  bool Note(PoolStatus& status, Instant wall);
  bool Knows(const std::string& pool) const;
  /// Forgets pools that were not noted since the last call.
  void EndRound();

 private:
  struct Known {
    Condition condition;
    Reason reason;
    Instant since;
    std::uint64_t round = 0;  // in which it was noted last
  };
  std::map<std::string, Known, std::less<>> known_;
  std::uint64_t round_ = 1;
};

}  // namespace reconciler::cycle
