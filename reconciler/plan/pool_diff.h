// One pool property by property: what the spec says, what was applied, what is live.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/property.h"
#include "reconciler/plan/plan.h"
#include "reconciler/plan/prepared.h"
#include "reconciler/plan/record.h"

namespace reconciler::plan {

enum class DiffState {
  kPlanned,    // is changed by the next cycle, or once what holds it has ended
  kBlocked,    // no call of this version makes it so
  kObserved,   // observe mode, or the pool is not ours: shown, not touched
  kKept,       // the service keeps another value than it was sent
  kInSync,     // named by the spec, and so
  kDefault,    // inside of what the spec names, left to the service's default
  kUnmanaged,  // not named by the spec: left as it is
};
/// "planned", "blocked", "observed", "kept", "in sync", "default", "unmanaged"
std::string_view DiffStateName(DiffState state);

struct DiffRow {
  std::string path;
  DiffState state = DiffState::kInSync;
  std::optional<Value> spec;      // nullopt: not named
  std::optional<Value> live;      // nullopt: absent
  std::optional<Value> standard;  // the default that is wanted where the spec names nothing, if any
  /// What the record on the pool says was applied last: "as in the spec", "what is live", "another
  /// value than in the spec", ...; empty where nothing is recorded by nature (unmanaged, defaults).
  std::string applied;
  bool sensitive = false;  // both values are "(sensitive)"
  std::optional<Cost> cost;
  Cause cause = Cause::kNone;
  Position position;  // no file: not in the spec
  std::string note;
};

struct PoolDiff {
  std::string pool;
  Presence presence = Presence::kAbsent;
  Ownership ownership = Ownership::kUnclaimed;
  Position position;          // of the spec
  std::string revision;       // of the last write to the pool; empty: none of ours
  std::vector<DiffRow> rows;  // what differs first, then by the order of the property table
  std::vector<Hold> holds;
  std::vector<Released> released;
};

/// `plan`: what was decided about the pool, with its spec; `live`: what it was decided from, with
/// its body; nullptr: absent. `all`: also what does not differ. Secrets are hidden. Pure.
PoolDiff DiffPool(const PreparedSpec& prepared, const LivePool* live, const PoolPlan& plan,
                  const PropertyTable& table, std::string_view api_version, bool all);

}  // namespace reconciler::plan
