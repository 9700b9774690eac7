#include "reconciler/plan/scale.h"

#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

using std::chrono::minutes;

constexpr const char* kImage = R"("vmSize": "standard_d2_v3", "virtualMachineConfiguration":
  {"imageReference": {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy",
   "sku": "22_04-lts"}})";
std::string Body(std::string_view scale) {
  std::string text = std::string("{") + kImage;
  return scale.empty() ? text + "}" : text + ", " + std::string(scale) + "}";
}

const char* const kAuto =
    R"("enableAutoScale": true, "autoScaleFormula": "$TargetDedicatedNodes = 3;")";

TEST_CASE("a new target is one resize that carries both targets") {
  OnePool pool;
  pool.Remember();
  pool.Set("targetLowPriorityNodes", "6");
  pool.Set("currentLowPriorityNodes", "6");
  pool.Want("targetDedicatedNodes", "4");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "resize");
  CHECK(plan.steps[0].dedicated == 4);
  CHECK(plan.steps[0].low_priority == 6);  // not ours: as observed
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].path == "targetDedicatedNodes");
  CHECK(plan.changes[0].position.line == 14);
  CHECK(plan.nodes_before == 8);
  CHECK(plan.nodes_after == 10);
}

TEST_CASE("the cause of a scale difference is who moved since this process saw it in sync") {
  OnePool pool;
  SUBCASE("the spec") {
    pool.Remember();
    pool.Want("targetDedicatedNodes", "4");
    CHECK(pool.Decide().changes[0].cause == Cause::kSpecChanged);
  }
  SUBCASE("the pool") {
    pool.Remember();
    pool.Set("targetDedicatedNodes", "6");
    CHECK(pool.Decide().changes[0].cause == Cause::kPoolChanged);
  }
  SUBCASE("both") {
    pool.Remember();
    pool.Want("targetDedicatedNodes", "4");
    pool.Set("targetDedicatedNodes", "6");
    CHECK(pool.Decide().changes[0].cause == Cause::kBoth);
  }
  SUBCASE("nobody knows") {
    pool.Set("targetDedicatedNodes", "6");
    CHECK(pool.Decide().changes[0].cause == Cause::kUnknown);
  }
  SUBCASE("last good says that the spec moved") {
    pool.Set("targetDedicatedNodes", "6");
    pool.spec.scale_left = {"targetLowPriorityNodes"};
    CHECK(pool.Decide().changes[0].cause == Cause::kSpecChanged);
  }
}

TEST_CASE("a running resize to the spec's targets is ours and waited for") {
  OnePool pool;
  pool.Set("allocationState", R"("resizing")");
  pool.Set("currentDedicatedNodes", "0");
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.Differs());
  CHECK(StepsOf(plan) == "");
  REQUIRE(FindHold(plan, Reason::kResizing) != nullptr);
  CHECK(FindHold(plan, Reason::kResizing)->lifted_by_time);
  CHECK(FindHold(plan, Reason::kResizing)->message ==
        "resizing, 0 of 2 dedicated and 0 of 0 Spot nodes");
}

TEST_CASE("another running resize is waited for, or stopped where the policy says so") {
  OnePool pool;
  pool.Set("allocationState", R"("resizing")");
  pool.Set("targetDedicatedNodes", "9");
  PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  REQUIRE(FindHold(plan, Reason::kResizing) != nullptr);
  CHECK(FindHold(plan, Reason::kResizing)->lifted_by_time);
  CHECK(FindHold(plan, Reason::kResizing)->property == kScaleGroup);

  pool.spec.policy.on_pending = OnPending::kStop;
  plan = pool.Decide();
  CHECK(StepsOf(plan) == "stop resize");
  CHECK(plan.nodes_after == 2);  // what the stop is for

  pool.Set("allocationState", R"("stopping")");  // a stop that runs is not sent twice
  plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  CHECK(FindHold(plan, Reason::kResizing) != nullptr);
}

TEST_CASE("an unknown allocation state is waited for") {
  OnePool pool;
  pool.Set("allocationState", R"("defragmenting")");
  pool.Want("targetDedicatedNodes", "4");
  CHECK(StepsOf(pool.Decide()) == "");
}

TEST_CASE("fixed targets on an autoscaling pool: disable, then resize") {
  OnePool pool(Body(kAuto));
  pool.Set("targetDedicatedNodes", "3");
  pool.Set("targetLowPriorityNodes", "60");
  pool.spec.body = Json(Body(R"("targetDedicatedNodes": 4)"));
  PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "disable autoscale, resize");
  CHECK(FindChange(plan.changes, "enableAutoScale") != nullptr);
  CHECK(FindChange(plan.changes, "targetDedicatedNodes") != nullptr);
  CHECK(plan.steps[1].low_priority == 60);
  REQUIRE(plan.released.size() == 1);
  CHECK(plan.released[0].text ==
        "released targetLowPriorityNodes, stays 60; write 0 to remove these nodes");
  CHECK(plan.nodes_before == 63);
  CHECK(plan.nodes_after == 64);

  SUBCASE("equal targets need no resize") {
    pool.spec.body = Json(Body(R"("targetDedicatedNodes": 3, "targetLowPriorityNodes": 60)"));
    plan = pool.Decide();
    CHECK(StepsOf(plan) == "disable autoscale");
    CHECK(plan.released.empty());
  }
  SUBCASE("not while it resizes: the call would end that, unconditionally") {
    pool.Set("allocationState", R"("resizing")");
    plan = pool.Decide();
    CHECK(StepsOf(plan) == "");
    CHECK(FindHold(plan, Reason::kResizing) != nullptr);
    pool.spec.policy.on_pending = OnPending::kStop;
    CHECK(StepsOf(pool.Decide()) == "disable autoscale");
  }
}

TEST_CASE("autoscale on a fixed pool is enabled once it is steady or stopping") {
  OnePool pool(Body(R"("targetDedicatedNodes": 2)"));
  pool.spec.body = Json(Body(kAuto));
  PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "enable autoscale");
  CHECK(FindChange(plan.changes, "enableAutoScale") != nullptr);
  CHECK(FindChange(plan.changes, "autoScaleFormula") != nullptr);
  CHECK(FindChange(plan.changes, "autoScaleEvaluationInterval") == nullptr);
  CHECK(plan.nodes_after == 3);  // the constant of the formula
  CHECK(plan.nodes_known);
  pool.Set("allocationState", R"("stopping")");
  CHECK(StepsOf(pool.Decide()) == "enable autoscale");
  pool.Set("allocationState", R"("resizing")");
  CHECK(StepsOf(pool.Decide()) == "");
  pool.spec.policy.on_pending = OnPending::kStop;
  CHECK(StepsOf(pool.Decide()) == "stop resize");
}

TEST_CASE("a formula that is not constant leaves the nodes unknown") {
  OnePool pool(Body(R"("targetDedicatedNodes": 2)"));
  pool.spec.body = Json(Body(
      R"("enableAutoScale": true, "autoScaleFormula": "$TargetDedicatedNodes = $PendingTasks.GetSample(1);")"));
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.nodes_known);
  CHECK(plan.nodes_after == 2);
}

TEST_CASE("formula and interval are compared as the service keeps them") {
  OnePool pool(Body(kAuto));
  CHECK_FALSE(pool.Decide().Differs());  // PT15M is the default
  SUBCASE("white space at the end does not count") {
    pool.Set("autoScaleFormula", R"("$TargetDedicatedNodes = 3;\r\n")");
    CHECK_FALSE(pool.Decide().Differs());
  }
  SUBCASE("an interval by its length") {
    pool.Set("autoScaleEvaluationInterval", R"("PT60M")");
    pool.Want("autoScaleEvaluationInterval", R"("PT1H")");
    CHECK_FALSE(pool.Decide().Differs());
  }
  SUBCASE("a formula that differs is enabled again") {
    pool.Set("autoScaleFormula", R"("$TargetDedicatedNodes = 4;")");
    const PoolPlan plan = pool.Decide();
    CHECK(StepsOf(plan) == "enable autoscale");
    REQUIRE(plan.changes.size() == 1);
    CHECK(plan.changes[0].path == "autoScaleFormula");
  }
  SUBCASE("an interval that is not the default counts though it is not named") {
    pool.Set("autoScaleEvaluationInterval", R"("PT5M")");
    const PoolPlan plan = pool.Decide();
    CHECK(StepsOf(plan) == "enable autoscale");
    REQUIRE(plan.changes.size() == 1);
    CHECK(plan.changes[0].path == "autoScaleEvaluationInterval");
  }
  SUBCASE("targets are the formula's") {
    pool.Set("targetDedicatedNodes", "77");
    CHECK_FALSE(pool.Decide().Differs());
  }
}

TEST_CASE("the targets of an autoscaling pool accuse nobody") {
  OnePool pool(Body(kAuto));
  pool.Remember();
  pool.Set("targetDedicatedNodes", "3");
  pool.Want("autoScaleFormula", R"("$TargetDedicatedNodes = 5;")");
  CHECK(pool.Decide().changes[0].cause == Cause::kSpecChanged);
}

TEST_CASE("a spec without targets and formula does not own the size") {
  OnePool pool(Body(""));
  pool.Set("targetDedicatedNodes", "40");
  CHECK_FALSE(pool.Decide().Differs());
  pool.Set("enableAutoScale", "true");
  pool.Set("autoScaleFormula", R"("$TargetDedicatedNodes = 1;")");
  CHECK_FALSE(pool.Decide().Differs());
  CHECK(pool.Decide().nodes_after == 40);

  pool.Want("enableAutoScale", "false");  // alone: only keeps autoscale off
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "disable autoscale");
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].path == "enableAutoScale");
  CHECK(plan.nodes_after == 40);
}

TEST_CASE("what left the scale group is released, with what to do") {
  OnePool pool(Body(""));
  pool.Set("targetDedicatedNodes", "40");
  pool.Set("currentDedicatedNodes", "40");
  SUBCASE("the last target") {
    pool.spec.scale_left = {"targetDedicatedNodes"};
    const PoolPlan plan = pool.Decide();
    REQUIRE(plan.released.size() == 1);
    CHECK(plan.released[0].text ==
          "released targetDedicatedNodes, stays 40; write 0 to empty the pool");
    CHECK(StepsOf(plan) == "");
    CHECK_FALSE(plan.Differs());
  }
  SUBCASE("a target of zero needs no advice") {
    pool.spec.scale_left = {"targetLowPriorityNodes"};
    CHECK(pool.Decide().released.at(0).text == "released targetLowPriorityNodes, stays 0");
  }
  SUBCASE("one of two targets") {
    pool.Want("targetDedicatedNodes", "40");
    pool.Set("targetLowPriorityNodes", "60");
    pool.Set("currentLowPriorityNodes", "60");
    pool.spec.scale_left = {"targetLowPriorityNodes"};
    CHECK(pool.Decide().released.at(0).text ==
          "released targetLowPriorityNodes, stays 60; write 0 to remove these nodes");
  }
  SUBCASE("autoscale") {
    pool.Set("enableAutoScale", "true");
    pool.spec.scale_left = {"enableAutoScale", "autoScaleFormula", "autoScaleEvaluationInterval"};
    const PoolPlan plan = pool.Decide();
    REQUIRE(plan.released.size() == 2);
    CHECK(plan.released[1].text ==
          "released autoScaleFormula, the pool keeps autoscaling; write enableAutoScale: false to "
          "stop it");
  }
  SUBCASE("targets that a formula replaces") {
    pool.spec.body = Json(Body(kAuto));
    pool.spec.scale_left = {"targetDedicatedNodes"};
    CHECK(pool.Decide().released.at(0).text ==
          "released targetDedicatedNodes, the formula decides");
  }
  SUBCASE("a timeout is a parameter of our next call") {
    pool.spec.scale_left = {"resizeTimeout"};
    CHECK(pool.Decide().released.empty());
  }
  SUBCASE("auto to fixed, after the restart that found autoscale off") {
    pool.Want("targetLowPriorityNodes", "0");
    pool.spec.was_auto_scale = true;
    CHECK(pool.Decide().released.at(0).text ==
          "released targetDedicatedNodes, stays 40; write 0 to remove these nodes");
  }
}

TEST_CASE("an accepted call without effect is parked until the scale of the spec changes") {
  OnePool pool;
  pool.Want("targetDedicatedNodes", "4");
  pool.memory.scale_not_sticking = ReadScale(pool.spec.body).digest;
  PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  CHECK(FindHold(plan, Reason::kNotSticking) != nullptr);
  CHECK(plan.IsBlocked());
  pool.Want("targetDedicatedNodes", "5");
  plan = pool.Decide();
  CHECK(StepsOf(plan) == "resize");
}

// --- Failed allocations -----------------------------------------------------------------------

OnePool& Short(OnePool& pool, std::string_view code) {
  pool.Set("targetDedicatedNodes", "40");
  pool.Want("targetDedicatedNodes", "40");
  pool.Set("currentDedicatedNodes", "20");
  pool.Set("resizeErrors", R"([{"code": ")" + std::string(code) + R"(", "message": "no"}])");
  return pool;
}

TEST_CASE("a failed allocation is asked for again when it is due") {
  OnePool pool;
  Short(pool, "AllocationTimedout");
  pool.memory.allocation_tries = 2;
  pool.memory.allocation_due = pool.context.now + minutes(5);
  PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  const Hold* hold = FindHold(plan, Reason::kAllocationFailed);
  REQUIRE(hold != nullptr);
  CHECK(hold->lifted_by_time);
  CHECK(hold->message ==
        "20 of 40, AllocationTimedout: no; asked for again at 2025-07-01T12:05:00Z");
  CHECK_FALSE(plan.Differs());
  CHECK_FALSE(plan.IsBlocked());

  pool.context.now += minutes(5);
  plan = pool.Decide();
  CHECK(StepsOf(plan) == "retry allocation");
  CHECK(plan.steps[0].dedicated == 40);
  CHECK(plan.steps[0].summary == "retry allocation (20 of 40, AllocationTimedout, 3rd try)");
  CHECK(plan.nodes_after == 40);
}

TEST_CASE("without a due time a failed allocation waits for one") {
  OnePool pool;
  CHECK(StepsOf(Short(pool, "AllocationFailed").Decide()) == "");
  CHECK(FindHold(pool.Decide(), Reason::kAllocationFailed) != nullptr);
}

TEST_CASE("what kind of failure it is follows from the code and from who stopped it") {
  OnePool pool;
  Short(pool, "AccountCoreQuotaReached");
  const auto reason = [&] {
    return FailedAllocation(ReadScale(pool.spec.body), pool.live, pool.memory).value().reason;
  };
  CHECK(reason() == Reason::kQuotaReached);
  Short(pool, "ResizeStopped");
  CHECK(reason() == Reason::kStoppedByOther);
  pool.memory.stop_resize_sent = true;
  CHECK(reason() == Reason::kResizeStopped);
}

TEST_CASE(
    "a resize error is believed only after our last resize, and only when nodes are missing") {
  OnePool pool;
  Short(pool, "AllocationTimedout");
  pool.Set("allocationStateTransitionTime", R"("2025-07-01T11:00:00Z")");
  const auto code = [&] {
    return FailedAllocation(ReadScale(pool.spec.body), pool.live, pool.memory).value().code;
  };
  CHECK(code() == "AllocationTimedout");
  pool.memory.last_resize = At("2025-07-01T11:00:00Z");  // not after it: an old error
  CHECK(code() == "");
  pool.memory.last_resize = At("2025-07-01T10:59:59Z");
  CHECK(code() == "AllocationTimedout");
  pool.Set("currentDedicatedNodes", "40");
  CHECK_FALSE(FailedAllocation(ReadScale(pool.spec.body), pool.live, pool.memory).has_value());
}

TEST_CASE(
    "no allocation is retried while a resize runs, under autoscale, or for a foreign target") {
  OnePool pool;
  Short(pool, "AllocationTimedout");
  pool.memory.allocation_due = pool.context.now;
  CHECK(StepsOf(pool.Decide()) == "retry allocation");
  SUBCASE("resizing") { pool.Set("allocationState", R"("resizing")"); }
  SUBCASE("size is not ours") { pool.WantNothingOf("targetDedicatedNodes"); }
  SUBCASE("autoscale") {
    pool.spec.body = Json(Body(kAuto));
    pool.Set("enableAutoScale", "true");
    pool.Set("autoScaleFormula", R"("$TargetDedicatedNodes = 3;")");
    pool.Set("autoScaleEvaluationInterval", R"("PT15M")");
  }
  SUBCASE("foreign target") { pool.Set("targetDedicatedNodes", "41"); }
  CHECK(StepsOf(pool.Decide()).find("retry") == std::string::npos);
}

TEST_CASE("the allocation backoff doubles from 5 to 60 minutes, quota starts at 30") {
  CHECK(AllocationDelay("AllocationTimedout", 0) == minutes(5));
  CHECK(AllocationDelay("AllocationTimedout", 1) == minutes(10));
  CHECK(AllocationDelay("AllocationTimedout", 3) == minutes(40));
  CHECK(AllocationDelay("AllocationTimedout", 4) == minutes(60));
  CHECK(AllocationDelay("", 1000000) == minutes(60));
  CHECK(AllocationDelay("AccountVMSeriesCoreQuotaReached", 0) == minutes(30));
  CHECK(AllocationDelay("accountspotcorequotareached", 1) == minutes(60));
  CHECK(AllocationDelay("ResizeStopped", 0) == minutes(60));
}

TEST_CASE("the digest of a live scale has the targets only where they are not the formula's") {
  OnePool pool;
  const std::string before = LiveScaleDigest(pool.live);
  pool.Set("targetLowPriorityNodes", "1");
  CHECK(LiveScaleDigest(pool.live) != before);
  OnePool scaled(Body(kAuto));
  const std::string formula = LiveScaleDigest(scaled.live);
  scaled.Set("targetDedicatedNodes", "9");
  scaled.Set("autoScaleEvaluationInterval", R"("PT900S")");
  CHECK(LiveScaleDigest(scaled.live) == formula);
  scaled.Set("autoScaleFormula", R"("$TargetDedicatedNodes = 1;")");
  CHECK(LiveScaleDigest(scaled.live) != formula);
}

}  // namespace
}  // namespace reconciler::plan
