// One pass over one account: observe, decide, guard, act, report. The story of the program.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/ports.h"
#include "reconciler/cycle/account.h"
#include "reconciler/plan/guard.h"
#include "reconciler/plan/plan.h"

namespace reconciler::cycle {

struct PoolState;

struct CycleOptions {
  bool act = true;  // false: `plan`, `status`: stops before acting and writes nothing anywhere
  /// Only these pools are written (ids without case); empty: all.
  std::vector<std::string> pools{};
  /// Lifted guards, for this one plan.
  bool allow_shrink = false;
  bool allow_growth = false;
  /// A person asked (`apply POOL`): forgets backoff and refusals of the named pools first.
  bool forget_backoff = false;
  Tick deadline{std::chrono::minutes(10)};  // of the whole cycle
  /// Sees the plan, guarded, before anything is done; runs in the thread of the cycle.
  std::function<void(const plan::AccountPlan&)> on_plan{};
  /// Sees each live pool with a spec as it was read, with its body, before guards look at the plan.
  std::function<void(const PoolState&)> on_look{};
};

/// What became of one call.
struct ActionOutcome {
  enum class Result { kDone, kWait, kRetry, kSlowRetry, kStop, kUnknown };
  std::string pool;
  plan::StepKind step = plan::StepKind::kPatch;
  Result result = Result::kDone;
  std::string message;  // empty when done
  std::string code;     // the service's, e.g. "PoolQuotaReached"
};

struct CycleReport {
  std::shared_ptr<const SpecSnapshot> specs;  // what `plan` points into
  plan::AccountPlan plan;                     // as decided before acting
  bool observed = false;                      // the pool list was read completely
  std::optional<Error> failure;               // why not
  std::string state_problem;                  // the state folder could not be used; empty: it could
  std::vector<ActionOutcome> outcomes;        // in the order in which they were sent
  std::vector<PoolStatus> statuses;           // after acting; sorted by pool
  std::size_t unmanaged = 0;
  std::size_t writes = 0;
  bool work_left = false;  // steps remain that this cycle did not finish
  bool under_way = false;  // a resize, a create, booting nodes: look again soon
  Tick next_due{};         // when to run the next cycle
};

/// Blocks in the transport and nowhere else; a stop ends it at the next exchange.
/// `specs` must not be null.
CycleReport RunCycle(Account& account, std::shared_ptr<const SpecSnapshot> specs, Doors& doors,
                     const CycleOptions& options, std::stop_token stop);

}  // namespace reconciler::cycle
