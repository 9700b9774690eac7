// The working set of one pass over one account.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

#include "reconciler/batch/client.h"
#include "reconciler/core/pool.h"
#include "reconciler/core/ports.h"
#include "reconciler/cycle/account.h"
#include "reconciler/cycle/account_cycle.h"
#include "reconciler/cycle/pool_state.h"
#include "reconciler/plan/guard.h"
#include "reconciler/plan/image.h"
#include "reconciler/plan/ownership.h"
#include "reconciler/plan/plan.h"
#include "reconciler/plan/prepared.h"

namespace reconciler::cycle {

struct NodeTotals {
  int current = 0;
  int target = 0;
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
  std::vector<Application> applications{};  // of the account; empty unless a plan asks for it

  std::map<std::string, PoolState, std::less<>> pools{};  // by id without case
  std::unordered_set<std::string> without_spec{};         // ids of the list, without case
  std::vector<std::string> orphans{};
  std::map<std::string, NodeTotals> orphan_nodes{};  // by id
  long long other_targets = 0;                       // of pools without a spec
  std::unordered_set<std::string> unreadable{};      // ids without case, of specs with errors
  std::vector<std::string> unmanaged{};
  std::map<std::string, std::string> orphan_digests{};  // id -> digest of its body, for renames
  std::vector<plan::StampedPool> stamped{};
  bool counts_known = false;
  std::vector<plan::Loss> losses{};  // what the guarded plan put on record
  std::vector<ActionOutcome> outcomes{};
  std::size_t writes = 0;
  std::string state_problem{};  // the first one of this pass

  plan::PoolMemory& Memory(const std::string& pool_key) { return account.pools[pool_key]; }
  bool MayAct() const;
  /// Fills account, cycle and revision in and hands the event to the sink.
  void Emit(Event event);
  Event EventOf(EventKind kind, Severity severity, const std::string& pool) const;
};

/// Whether the pass has to end: a stop, the deadline, or an account that is held.
bool MustEnd(const Pass& pass);

}  // namespace reconciler::cycle
