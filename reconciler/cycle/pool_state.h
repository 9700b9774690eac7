// One pool that has a spec, and what a pass knows of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reconciler/core/pool.h"
#include "reconciler/core/ports.h"
#include "reconciler/plan/image.h"
#include "reconciler/plan/ownership.h"
#include "reconciler/plan/plan.h"
#include "reconciler/plan/prepared.h"

namespace reconciler::cycle {

struct PoolState {
  const plan::PreparedSpec* prepared = nullptr;
  std::optional<LivePool> live;  // its body is kept only while there is work for the pool
  plan::Ownership ownership = plan::Ownership::kUnclaimed;
  plan::PoolPlan plan;
  Tick observed{};                   // when `live` was asked for
  bool observed_after_write = true;  // false: written, and not read since
  std::optional<plan::ImageNotice> image;
  const NodeCounts* counts = nullptr;          // of this pass; nullptr: unknown
  std::optional<std::int64_t> changed_minute;  // the last change that reaches nodes by a restart
  bool gone = false;                           // this process managed it, and it is no longer there
  bool selected = true;                        // false: `apply` named other pools
  bool adopted = false;   // in this pass: nothing else is written before the next one
  int guarded_loss = 0;   // target nodes that the guarded plan takes away, no round takes more
  int guarded_nodes = 0;  // target nodes when the guards looked

  /// Takes the pool's steps away and says why, before all other holds.
  void HoldFirst(Reason reason, std::string message, bool lifted_by_time);
};

/// What a row of the pool list that calls for nothing came to.
struct QuietRow {
  std::string key;                 // the pool's id without case
  std::string id;                  // as the service spells it
  std::optional<PoolState> state;  // with a spec; without a body
  plan::Ownership ownership = plan::Ownership::kUnclaimed;
  int nodes_current = 0;
  int nodes_target = 0;
  std::string orphan_digest;                 // of an orphan's body
  std::optional<plan::StampedPool> stamped;  // carries an incarnation of our owner
};

/// What conclusions about rows rest on beside the rows: another basis, other conclusions.
struct QuietBasis {
  std::uint64_t prepared = 0;  // how often specs were made ready
  Instant images{};            // when the image list was fetched; the epoch: there is none
  std::int64_t day = 0;        // images come to their end of life by the day
  bool frozen = false;
  friend bool operator==(const QuietBasis&, const QuietBasis&) = default;
};

}  // namespace reconciler::cycle
