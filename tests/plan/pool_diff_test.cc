#include "reconciler/plan/pool_diff.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "reconciler/core/json.h"
#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

PoolDiff DiffOf(OnePool& pool, bool all = false) {
  const PoolPlan plan = pool.Decide();
  const PreparedSpec prepared = Prepare(pool.spec, pool.secrets, PoolPropertyTable());
  return DiffPool(prepared, &pool.live, plan, PoolPropertyTable(), "2025-06-01", all);
}

const DiffRow* Row(const PoolDiff& diff, std::string_view path) {
  const auto found = std::find_if(diff.rows.begin(), diff.rows.end(),
                                  [&](const DiffRow& row) { return row.path == path; });
  return found == diff.rows.end() ? nullptr : &*found;
}

TEST_CASE("pool diff: nothing differs, nothing is said; all that is said on request") {
  OnePool pool;
  pool.Remember();
  CHECK(DiffOf(pool).rows.empty());
  const PoolDiff diff = DiffOf(pool, true);
  const DiffRow* size = Row(diff, "vmSize");
  REQUIRE(size != nullptr);
  CHECK(size->state == DiffState::kInSync);
  CHECK(size->applied == "as in the spec");
  CHECK(size->spec == Value("standard_d2_v3"));
  const DiffRow* team = Row(diff, "metadata.team");
  REQUIRE(team != nullptr);
  CHECK(team->live == Value("render"));
  const DiffRow* targets = Row(diff, "targetDedicatedNodes");
  REQUIRE(targets != nullptr);
  CHECK(targets->state == DiffState::kInSync);
  CHECK(Row(diff, "metadata.poolkeeper.owner") == nullptr);
}

TEST_CASE(
    "pool diff: what the spec does not name is unmanaged, inside of what it names a default") {
  OnePool pool;
  pool.Remember();
  pool.Set("taskSlotsPerNode", "4");
  Value task = *pool.live.body.Find("startTask");
  task.Set("maxTaskRetryCount", 0);
  pool.live.body.Set("startTask", task);
  const PoolDiff diff = DiffOf(pool, true);
  const DiffRow* slots = Row(diff, "taskSlotsPerNode");
  REQUIRE(slots != nullptr);
  CHECK(slots->state == DiffState::kUnmanaged);
  CHECK_FALSE(slots->spec);
  const DiffRow* tries = Row(diff, "startTask.maxTaskRetryCount");
  REQUIRE(tries != nullptr);
  CHECK(tries->state == DiffState::kDefault);
}

TEST_CASE("pool diff: who moved, and what was applied") {
  OnePool pool;
  pool.Remember();
  SUBCASE("the spec") {
    pool.Want("startTask", R"({"commandLine": "printenv"})");
    const PoolDiff diff = DiffOf(pool);
    REQUIRE(diff.rows.size() == 1);
    CHECK(diff.rows[0].path == "startTask.commandLine");
    CHECK(diff.rows[0].state == DiffState::kPlanned);
    CHECK(diff.rows[0].cause == Cause::kSpecChanged);
    CHECK(diff.rows[0].applied.find("what is live") == 0);
    CHECK(diff.rows[0].applied.find("as in the spec") == std::string::npos);
  }
  SUBCASE("the pool") {
    pool.Set("startTask", R"({"commandLine": "evil"})");
    const PoolDiff diff = DiffOf(pool);
    REQUIRE_FALSE(diff.rows.empty());
    CHECK(diff.rows[0].cause == Cause::kPoolChanged);
    CHECK(diff.rows[0].applied.find("as in the spec") == 0);
  }
  SUBCASE("at a cost that is not executed") {
    pool.Want("vmSize", R"("standard_d4_v3")");
    const PoolDiff diff = DiffOf(pool);
    REQUIRE(diff.rows.size() == 1);
    CHECK(diff.rows[0].state == DiffState::kBlocked);
    CHECK(diff.rows[0].applied == "what is live");
    CHECK(diff.holds.size() == 1);
  }
  SUBCASE("the scale, which has no record") {
    pool.Want("targetDedicatedNodes", "5");
    const PoolDiff diff = DiffOf(pool);
    REQUIRE(diff.rows.size() == 1);
    CHECK(diff.rows[0].applied == "not recorded: scale has no record on the pool");
  }
}

TEST_CASE("pool diff: secrets are hidden in every kind of row") {
  OnePool pool;
  pool.Want("startTask", kSecretTask);
  pool.Set("startTask", R"({"commandLine": "hostname", "environmentSettings": [
      {"name": "TOKEN", "value": "hunter2"}]})");
  for (const bool all : {false, true}) {
    for (const DiffRow& row : DiffOf(pool, all).rows) {
      CAPTURE(row.path);
      if (row.live) CHECK(WriteJson(*row.live).find("hunter2") == std::string::npos);
      if (row.spec) CHECK(WriteJson(*row.spec).find("hunter2") == std::string::npos);
    }
  }
}

}  // namespace
}  // namespace reconciler::plan
