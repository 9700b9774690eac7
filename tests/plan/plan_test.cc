#include "reconciler/plan/plan.h"

#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

TEST_CASE("the counts of an account tell create, change, blocked, frozen and observed apart") {
  OnePool same;
  OnePool change;
  change.Want("targetDedicatedNodes", "4");
  OnePool both;
  both.Want("vmSize", R"("standard_d4_v3")");
  both.Want("targetDedicatedNodes", "4");
  OnePool frozen;
  frozen.Want("targetDedicatedNodes", "4");
  frozen.context.frozen = true;
  OnePool waiting;
  waiting.Want("targetDedicatedNodes", "4");
  waiting.Set("allocationState", R"("resizing")");
  OnePool observed;
  observed.Want("targetDedicatedNodes", "4");
  observed.context.account_mode = Mode::kObserve;
  OnePool absent;
  AccountPlan plan;
  plan.pools.push_back(same.Decide());
  CHECK(plan.Empty());
  plan.pools = {same.Decide(),    change.Decide(),   both.Decide(),        frozen.Decide(),
                waiting.Decide(), observed.Decide(), absent.DecideAbsent()};
  CHECK(plan.ToCreate() == 1);
  CHECK(plan.ToChange() == 3);
  CHECK(plan.Blocked() == 1);
  CHECK(plan.Frozen() == 1);
  CHECK(plan.Observed() == 1);
  CHECK(plan.Kept() == 0);
  CHECK_FALSE(plan.Empty());
  // same 2, change 4, both 4, frozen 2, waiting 2, observed 2, absent 2; 5 elsewhere
  CHECK(SumNodes(plan, 5) == 23);
}

TEST_CASE("an orphan and a create with equal bodies are a rename, with complete specs only") {
  OnePool old_pool;
  OnePool new_pool(kRenderBody, "render-linux-2");
  new_pool.Want("targetDedicatedNodes", "7");
  const auto& table = PoolPropertyTable();
  const std::string orphan = BodyDigest(old_pool.live.body, table, "2025-06-01");
  const std::string created = BodyDigest(new_pool.spec.body, table, "2025-06-01");
  CHECK(orphan == created);
  AccountPlan plan;
  plan.pools.push_back(new_pool.DecideAbsent());
  SUBCASE("complete") {
    FindRenames(plan, {{"render-linux", orphan}}, {{"render-linux-2", created}});
    CHECK(plan.pools[0].renamed_from == "render-linux");
  }
  SUBCASE("incomplete") {
    plan.specs_complete = false;
    FindRenames(plan, {{"render-linux", orphan}}, {{"render-linux-2", created}});
    CHECK(plan.pools[0].renamed_from == "");
  }
  SUBCASE("which of two it was is not guessed") {
    FindRenames(plan, {{"a", orphan}, {"b", orphan}}, {{"render-linux-2", created}});
    CHECK(plan.pools[0].renamed_from == "");
  }
  SUBCASE("another start task is another body") {
    new_pool.Want("startTask", R"({"commandLine": "printenv"})");
    CHECK(BodyDigest(new_pool.spec.body, table, "2025-06-01") != orphan);
  }
}

TEST_CASE("equal input gives an equal plan") {
  OnePool pool;
  pool.Want("targetDedicatedNodes", "4");
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  const PoolPlan first = pool.Decide();
  const PoolPlan second = pool.Decide();
  CHECK(StepsOf(first) == "patch, resize");
  CHECK(StepsOf(first) == StepsOf(second));
  REQUIRE(first.changes.size() == second.changes.size());
  for (std::size_t i = 0; i < first.changes.size(); ++i) {
    CHECK(first.changes[i].path == second.changes[i].path);
  }
}

}  // namespace
}  // namespace reconciler::plan
