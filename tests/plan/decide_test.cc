// Ownership, observe mode, freezes and waits, through DecidePool.
#include "reconciler/plan/plan.h"
#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

using std::chrono::minutes;

TEST_CASE("an unclaimed pool is blocked, its differences shown without a cause") {
  OnePool pool;
  pool.ownership = Ownership::kUnclaimed;
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  pool.Want("targetDedicatedNodes", "4");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  REQUIRE(plan.changes.size() == 2);
  for (const Change& change : plan.changes) CHECK(change.cause == Cause::kNone);
  REQUIRE(plan.holds.size() == 1);
  CHECK(plan.holds[0].reason == Reason::kNotOwned);
  CHECK(plan.holds[0].message ==
        "a pool of this id exists and carries no owner; add `policy.adopt: true` to claim it");
  CHECK(plan.IsBlocked());
  CHECK_FALSE(plan.owned);
  CHECK(plan.in_sync.empty());
  CHECK_FALSE(plan.scale_in_sync.has_value());
}

TEST_CASE("with adopt an unclaimed pool is claimed and nothing else happens in that cycle") {
  OnePool pool;
  pool.ownership = Ownership::kUnclaimed;
  pool.spec.policy.adopt = true;
  pool.Want("targetDedicatedNodes", "4");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "adopt");
  CHECK(plan.steps[0].reason == Reason::kNone);
  // What comes of it is shown before anybody says yes.
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].path == "targetDedicatedNodes");
  CHECK(plan.changes[0].cause == Cause::kAdopted);
  CHECK(plan.holds.empty());
}

TEST_CASE("a pool of somebody else is never adopted and says whose it is") {
  OnePool pool;
  pool.spec.policy.adopt = true;
  Stamp stamp = ReadStamp(ReadMetadata(pool.live.body));
  SUBCASE("other owner") {
    stamp.owner = "fabrikam";
    pool.ownership = Ownership::kOtherOwner;
  }
  SUBCASE("other source") {
    stamp.source = "pools-old";
    pool.ownership = Ownership::kOtherSource;
  }
  SUBCASE("foreign name") {
    stamp.pool = "render-windows";
    pool.ownership = Ownership::kForeignName;
  }
  SUBCASE("copied") { pool.ownership = Ownership::kStampCopied; }
  pool.Set("metadata",
           WriteJson(WriteMetadata(WithStamp(ReadMetadata(pool.live.body), {}, stamp))));
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  REQUIRE(plan.holds.size() == 1);
  CHECK(plan.holds[0].reason == ReasonOf(pool.ownership));
  const std::string& message = plan.holds[0].message;
  CAPTURE(message);
  if (pool.ownership == Ownership::kOtherOwner) {
    CHECK(message ==
          "the pool belongs to owner 'fabrikam'; remove the spec here, or let the other owner give "
          "the pool up");
  }
  if (pool.ownership == Ownership::kOtherSource) {
    CHECK(message.starts_with("the pool is managed from source 'pools-old'; "));
  }
  if (pool.ownership == Ownership::kForeignName) {
    CHECK(message.starts_with("the stamp on it names pool 'render-windows'; "));
  }
}

TEST_CASE("a stamp that vanished from a pool of ours is OwnershipLost, or claimed again") {
  OnePool pool;
  pool.Remember();
  pool.ownership = Ownership::kUnclaimed;
  pool.Set("metadata", R"([{"name": "team", "value": "render"}])");
  SUBCASE("without adopt") {
    const PoolPlan plan = pool.Decide();
    CHECK(StepsOf(plan) == "");
    CHECK(FindHold(plan, Reason::kOwnershipLost) != nullptr);
  }
  SUBCASE("with adopt") {
    pool.spec.policy.adopt = true;
    const PoolPlan plan = pool.Decide();
    CHECK(StepsOf(plan) == "adopt");
    CHECK(plan.steps[0].reason == Reason::kReadopted);
  }
  SUBCASE("another pool of the same name is not lost") {
    pool.Set("creationTime", R"("2025-06-30T00:00:00Z")");
    CHECK(FindHold(pool.Decide(), Reason::kNotOwned) != nullptr);
  }
}

// --- Observe, freeze, waits -------------------------------------------------------------------

TEST_CASE("in observe mode differences have their causes and no step is taken") {
  OnePool pool;
  SUBCASE("of the account") { pool.context.account_mode = Mode::kObserve; }
  SUBCASE("of the pool") { pool.spec.policy.mode = Mode::kObserve; }
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  pool.Want("targetDedicatedNodes", "4");
  const PoolPlan plan = pool.Decide();
  CHECK(plan.observe_only);
  CHECK(StepsOf(plan) == "");
  REQUIRE(plan.changes.size() == 2);
  CHECK(plan.changes[0].cause == Cause::kSpecChanged);
  CHECK(plan.nodes_after == 2);
  CHECK_FALSE(plan.IsBlocked());
}

TEST_CASE("in observe mode an adoptable pool is not claimed, and its differences are shown") {
  OnePool pool;
  pool.context.account_mode = Mode::kObserve;
  pool.spec.policy.adopt = true;
  pool.ownership = Ownership::kUnclaimed;
  pool.Want("targetDedicatedNodes", "4");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  CHECK(plan.changes.size() == 1);
}

TEST_CASE("a freeze file holds every step and differences stay visible") {
  OnePool pool;
  pool.context.frozen = true;
  pool.Want("targetDedicatedNodes", "4");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  CHECK(plan.Differs());
  REQUIRE(FindHold(plan, Reason::kFreezeFile) != nullptr);
  CHECK(plan.IsFrozen());
  CHECK_FALSE(plan.IsBlocked());
  CHECK(plan.nodes_after == 2);
}

TEST_CASE("a spec that is frozen at its last good state is never written, nor adopted") {
  OnePool pool;
  pool.spec.frozen_reason = "pools/render.yaml:3:1: unknown key 'x'";
  pool.spec.policy.adopt = true;
  SUBCASE("ours") { pool.Want("targetDedicatedNodes", "4"); }
  SUBCASE("unclaimed") { pool.ownership = Ownership::kUnclaimed; }
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  REQUIRE(FindHold(plan, Reason::kSpecUnreadable) != nullptr);
  CHECK(FindHold(plan, Reason::kSpecUnreadable)->message == pool.spec.frozen_reason);
}

TEST_CASE("a pool that is being deleted is waited for") {
  OnePool pool;
  pool.Set("state", R"("deleting")");
  const PoolPlan plan = pool.Decide();
  CHECK(plan.presence == Presence::kDeleting);
  CHECK(StepsOf(plan) == "");
  REQUIRE(FindHold(plan, Reason::kDeleting) != nullptr);
  CHECK(FindHold(plan, Reason::kDeleting)->lifted_by_time);
  CHECK_FALSE(plan.owned);
}

TEST_CASE("after a failure nothing is sent until the backoff ends, to the tick") {
  OnePool pool;
  pool.Want("targetDedicatedNodes", "4");
  pool.memory.backoff_message = "resize: 503 ServerBusy";
  pool.memory.backoff_until = pool.context.now + std::chrono::nanoseconds(1);
  PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  const Hold* hold = FindHold(plan, Reason::kWaitingToRetry);
  REQUIRE(hold != nullptr);
  CHECK(hold->lifted_by_time);
  CHECK(hold->message == "resize: 503 ServerBusy; tried again at 2025-07-01T12:00:01Z");
  pool.memory.backoff_until = pool.context.now;
  CHECK(StepsOf(pool.Decide()) == "resize");
}

TEST_CASE("a backoff says nothing about a pool that needs nothing") {
  OnePool pool;
  pool.memory.backoff_until = pool.context.now + minutes(5);
  CHECK(pool.Decide().holds.empty());
}

TEST_CASE("what the service refused waits for another spec, or for a day") {
  OnePool pool;
  pool.Want("targetDedicatedNodes", "4");
  pool.memory.refused_digest = pool.spec.digest;
  pool.memory.backoff_until = pool.context.now + std::chrono::hours(24);
  pool.memory.backoff_message = "400 InvalidPropertyValue";
  PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  const Hold* hold = FindHold(plan, Reason::kServiceRefused);
  REQUIRE(hold != nullptr);
  CHECK_FALSE(hold->lifted_by_time);
  CHECK(hold->message.starts_with("400 InvalidPropertyValue; "));
  SUBCASE("another spec") { pool.spec.digest = "spec-2"; }
  SUBCASE("a day later") { pool.context.now += std::chrono::hours(24); }
  CHECK(StepsOf(pool.Decide()) == "resize");
}

}  // namespace
}  // namespace reconciler::plan
