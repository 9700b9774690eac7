// Pools that do not exist, through DecidePool.
#include "reconciler/plan/plan.h"
#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

using std::chrono::minutes;

TEST_CASE("a pool that does not exist is created, one line for each member of its body") {
  OnePool pool;
  const PoolPlan plan = pool.DecideAbsent();
  CHECK(plan.pool == "render-linux");
  CHECK(plan.presence == Presence::kAbsent);
  CHECK(StepsOf(plan) == "create");
  CHECK(plan.steps[0].dedicated == 2);
  CHECK(plan.nodes_before == 0);
  CHECK(plan.nodes_after == 2);
  const Change* agent = FindChange(plan.changes, "virtualMachineConfiguration.nodeAgentSKUId");
  REQUIRE(agent != nullptr);
  CHECK(*agent->after == Value("batch.node.ubuntu 22.04"));
  CHECK(FindChange(plan.changes, "metadata.team") != nullptr);
  CHECK(FindChange(plan.changes, "metadata.poolkeeper.owner") == nullptr);
  CHECK(FindChange(plan.changes, "id") == nullptr);
  CHECK(FindChange(plan.changes, "startTask.commandLine")->position.line == 21);
}

TEST_CASE("a create is blocked by its image, and waits for a missing list") {
  OnePool pool;
  SUBCASE("not listed") {
    pool.images.images.clear();
    const PoolPlan plan = pool.DecideAbsent();
    CHECK(StepsOf(plan) == "");
    CHECK(plan.IsBlocked());
    CHECK_FALSE(plan.Creates());
    CHECK(FindHold(plan, Reason::kImageNotListed) != nullptr);
    CHECK(plan.nodes_after == 0);
  }
  SUBCASE("no list yet") {
    pool.context.images = nullptr;
    const PoolPlan plan = pool.DecideAbsent();
    CHECK(StepsOf(plan) == "");
    REQUIRE(FindHold(plan, Reason::kImageListMissing) != nullptr);
    CHECK(FindHold(plan, Reason::kImageListMissing)->lifted_by_time);
    CHECK(plan.Creates());
  }
}

TEST_CASE("a create with a secret that cannot be read is blocked, and shows no secret") {
  OnePool pool;
  pool.Want("startTask", kSecretTask);
  pool.secrets.problems["token"] = "secret 'token': no such file";
  const PoolPlan plan = pool.DecideAbsent();
  CHECK(StepsOf(plan) == "");
  CHECK(FindHold(plan, Reason::kSecretMissing) != nullptr);
  const Change* line = FindChange(plan.changes, "startTask.environmentSettings[0].value");
  REQUIRE(line != nullptr);
  CHECK(line->sensitive);
}

TEST_CASE("a create is held by observe mode, by a freeze and by a backoff") {
  OnePool pool;
  SUBCASE("observe") { pool.spec.policy.mode = Mode::kObserve; }
  SUBCASE("freeze") { pool.context.frozen = true; }
  SUBCASE("unreadable spec") { pool.spec.frozen_reason = "no good state"; }
  SUBCASE("backoff") { pool.memory.backoff_until = pool.context.now + minutes(1); }
  const PoolPlan plan = pool.DecideAbsent();
  CHECK(StepsOf(plan) == "");
  CHECK(plan.Differs());
}

TEST_CASE("a pool that vanished from under this process was changed, not specified") {
  OnePool pool;
  CHECK(pool.DecideAbsent().changes.front().cause == Cause::kSpecChanged);
  pool.memory.managed = true;
  CHECK(pool.DecideAbsent().changes.front().cause == Cause::kPoolChanged);
}

}  // namespace
}  // namespace reconciler::plan
