// The working set of one pass over one account.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "reconciler/batch/client.h"
#include "reconciler/core/pool.h"
#include "reconciler/core/ports.h"
#include "reconciler/cycle/account.h"
#include "reconciler/cycle/account_cycle.h"
#include "reconciler/plan/image.h"
#include "reconciler/plan/ownership.h"
#include "reconciler/plan/plan.h"
#include "reconciler/plan/prepared.h"

namespace reconciler::cycle {

/// One pool that has a spec, as this pass knows it.
struct PoolState {
  const plan::PreparedSpec* prepared = nullptr;
  std::optional<LivePool> live;  // its body is kept only while there is work for the pool
  plan::Ownership ownership = plan::Ownership::kUnclaimed;
  plan::PoolPlan plan;
  Tick observed{};                   // when `live` was asked for
  bool observed_after_write = true;  // false: written, and not read since
  std::optional<plan::ImageNotice> image;
  std::optional<std::int64_t> changed_minute;  // the last change that reaches nodes by a restart
  bool selected = true;                        // false: `apply` named other pools
  int guarded_loss = 0;  // target nodes that the guarded plan takes away, no round takes more

  /// Takes the pool's steps away and says why, before all other holds.
  void HoldFirst(Reason reason, std::string message, bool lifted_by_time);
};

struct Pass {
  Account& account;
  std::shared_ptr<const SpecSnapshot> specs;
  Doors& doors;
  const CycleOptions& options;
  std::stop_token stop;
  batch::Client client;
  std::string id;  // 8 hex digits
  plan::DecideContext context{};
  Tick deadline{};

  std::map<std::string, PoolState, std::less<>> pools{};  // by id without case
  std::vector<std::string> orphans{};
  std::vector<std::string> unmanaged{};
  std::map<std::string, std::string> orphan_digests{};  // id -> digest of its body, for renames
  std::vector<plan::StampedPool> stamped{};
  std::map<std::string, NodeCounts, std::less<>> counts{};  // by id without case
  bool counts_known = false;
  std::vector<ActionOutcome> outcomes{};
  std::size_t writes = 0;

  plan::PoolMemory& Memory(const std::string& pool_key) { return account.pools[pool_key]; }
  bool MayAct() const;
  /// Fills account, cycle and revision in and hands the event to the sink.
  void Emit(Event event);
  Event EventOf(EventKind kind, Severity severity, const std::string& pool) const;
};

/// Whether the pass has to end: a stop, the deadline, or an account that is held.
bool MustEnd(const Pass& pass);

}  // namespace reconciler::cycle
