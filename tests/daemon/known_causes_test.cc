#include "daemon/known_causes.h"

#include <doctest/doctest.h>

namespace reconciler::daemon {
namespace {

plan::AccountPlan PlanWith(Cause cause) {
  plan::AccountPlan plan;
  plan.account = "demo";
  plan::PoolPlan& pool = plan.pools.emplace_back();
  pool.pool = "render";
  plan::Change& change = pool.changes.emplace_back();
  change.path = "taskSlotsPerNode";
  change.cause = cause;
  pool.blocked = pool.changes;
  return plan;
}

StatusReport Knowing(const std::string& cause, const std::string& pool = "Render") {
  StatusReport report;
  report.pid = 812;
  AccountStatus& account = report.accounts.emplace_back();
  account.account = "demo";
  cycle::PoolStatus& status = account.pools.emplace_back();
  status.pool = pool;
  cycle::StatusDifference& difference = status.differences.emplace_back();
  difference.path = "taskSlotsPerNode";
  difference.cause = cause;
  return report;
}

Cause After(plan::AccountPlan plan, std::optional<StatusReport> report) {
  KnownCauses(std::move(report)).FillIn(plan);
  CHECK(plan.pools[0].changes[0].cause == plan.pools[0].blocked[0].cause);
  return plan.pools[0].changes[0].cause;
}

TEST_CASE("known causes: the daemon's word counts where this process knows none") {
  CHECK(After(PlanWith(Cause::kUnknown), Knowing("PoolChanged")) == Cause::kPoolChanged);
  CHECK(After(PlanWith(Cause::kUnknown), Knowing("SpecChanged")) == Cause::kSpecChanged);
  CHECK(After(PlanWith(Cause::kSpecChanged), Knowing("PoolChanged")) == Cause::kSpecChanged);
}

TEST_CASE("known causes: without a daemon, or one that knows nothing of it, it stays unknown") {
  CHECK(After(PlanWith(Cause::kUnknown), std::nullopt) == Cause::kUnknown);
  CHECK(After(PlanWith(Cause::kUnknown), Knowing("PoolChanged", "sim")) == Cause::kUnknown);
  CHECK(After(PlanWith(Cause::kUnknown), Knowing("whatever")) == Cause::kUnknown);
  StatusReport elsewhere = Knowing("PoolChanged");
  elsewhere.accounts[0].account = "other";
  CHECK(After(PlanWith(Cause::kUnknown), elsewhere) == Cause::kUnknown);
}

}  // namespace
}  // namespace reconciler::daemon
