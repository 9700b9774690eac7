#include "reconciler/plan/guard.h"

#include <doctest/doctest.h>

#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

PoolPlan Pool(const std::string& name, int before, int after) {
  PoolPlan pool;
  pool.pool = name;
  pool.presence = Presence::kPresent;
  pool.ownership = Ownership::kOurs;
  pool.owned = true;
  pool.nodes_before = before;
  pool.nodes_after = after;
  pool.nodes_known = true;
  if (before != after) pool.steps.push_back({.kind = StepKind::kResize});
  return pool;
}

PoolPlan NewPool(const std::string& name, int nodes) {
  PoolPlan pool = Pool(name, 0, nodes);
  pool.owned = false;
  pool.presence = Presence::kAbsent;
  return pool;
}

// `count` pools of `before` nodes, the first `moved` of which go to `after`.
AccountPlan Fleet(int count, int before, int moved, int after) {
  AccountPlan plan;
  plan.account = "contoso";
  for (int i = 0; i < count; ++i) {
    plan.pools.push_back(Pool("p" + std::to_string(i), before, i < moved ? after : before));
  }
  plan.nodes_after = SumNodes(plan, 0);
  return plan;
}

bool Trips(const AccountPlan& plan, const GuardInput& input = {}) {
  return CheckGuards(plan, input).has_value();
}

Loss Lost(const std::string& pool, int nodes, bool whole = true) {
  return {.time = {}, .pool = pool, .incarnation = "i", .nodes = nodes, .whole = whole};
}

TEST_CASE("one pool may always be lost, two of six may not") {
  CHECK_FALSE(Trips(Fleet(1, 1, 1, 0)));
  CHECK_FALSE(Trips(Fleet(2, 1, 1, 0)));
  CHECK(Trips(Fleet(6, 1, 2, 0)));
}

TEST_CASE("exactly 30 % of the pools may be lost") {
  CHECK_FALSE(Trips(Fleet(10, 1, 3, 0)));
  CHECK(Trips(Fleet(10, 1, 4, 0)));
  CHECK_FALSE(Trips(Fleet(7, 1, 2, 0)));  // 28.6 %
  CHECK(Trips(Fleet(9, 1, 3, 0)));        // 33.3 %
  CHECK(Trips(Fleet(6, 1, 2, 0)));        // 33.3 %
}

TEST_CASE("never more than 4 pools at once") {
  CHECK_FALSE(Trips(Fleet(200, 1, 4, 0)));
  CHECK(Trips(Fleet(200, 1, 5, 0)));
}

TEST_CASE("a pool that shrinks to one node is not lost") {
  CHECK_FALSE(Trips(Fleet(200, 2, 10, 1)));
}

TEST_CASE("orphans are owned pools too") {
  AccountPlan plan = Fleet(6, 1, 2, 0);
  CHECK(Trips(plan));
  plan.orphans = {"o1"};
  CHECK_FALSE(Trips(plan));
}

TEST_CASE("pools lost in the last hour count, the same pool once") {
  GuardInput input;
  input.losses = {Lost("q1", 1), Lost("q2", 1), Lost("q3", 1)};
  CHECK_FALSE(Trips(Fleet(200, 1, 1, 0), input));
  CHECK(Trips(Fleet(200, 1, 2, 0), input));
  input.losses = {Lost("p0", 1), Lost("p0", 1), Lost("q2", 1), Lost("q3", 1)};
  CHECK_FALSE(Trips(Fleet(200, 1, 2, 0), input));
  CHECK_FALSE(Trips(Fleet(200, 1, 0, 0), input));  // nothing more is lost
  input.losses = {Lost("q1", 1), Lost("q2", 1), Lost("q3", 1), Lost("q4", 1, false)};
  CHECK_FALSE(Trips(Fleet(200, 1, 1, 0), input));  // a pool that shrank was not lost
}

TEST_CASE("a list of losses that cannot be read counts as full") {
  GuardInput input;
  input.losses_unreadable = true;
  CHECK(Trips(Fleet(200, 1, 1, 0), input));
  CHECK(Trips(Fleet(200, 9, 1, 8), input));
  CHECK_FALSE(Trips(Fleet(200, 1, 0, 0), input));
  CHECK_FALSE(Trips(Fleet(200, 1, 1, 2), input));
  input.limits.allow_shrink = true;
  CHECK_FALSE(Trips(Fleet(200, 1, 1, 0), input));
}

TEST_CASE("two shrinking pools may lose exactly 30 % of the nodes") {
  CHECK_FALSE(Trips(Fleet(10, 20, 2, 1)));  // 38 of 200
  CHECK_FALSE(Trips(Fleet(4, 50, 2, 20)));  // 60 of 200
  AccountPlan plan = Fleet(4, 50, 2, 20);
  plan.pools[0].nodes_after = 19;  // 61 of 200
  CHECK(Trips(plan));
}

TEST_CASE("two shrinking pools may lose exactly 10 nodes whatever their share") {
  CHECK_FALSE(Trips(Fleet(2, 6, 2, 1)));  // 10 of 12
  AccountPlan plan = Fleet(2, 7, 2, 1);   // 12 of 14
  CHECK(Trips(plan));
  plan.pools[0].nodes_after = 2;  // 11 of 14
  CHECK(Trips(plan));
  plan.pools[0].nodes_after = 3;  // 10 of 14
  CHECK_FALSE(Trips(plan));
}

TEST_CASE("one pool alone may shrink by any number") {
  CHECK_FALSE(Trips(Fleet(1, 1000, 1, 1)));
  CHECK_FALSE(Trips(Fleet(3, 1000, 1, 1)));
}

TEST_CASE("splitting a shrink over the hour does not pass") {
  GuardInput input;
  input.losses = {Lost("q", 30, false)};
  AccountPlan plan = Fleet(2, 50, 1, 41);  // 9 and 30 of 130 is exactly 30 %
  CHECK_FALSE(Trips(plan, input));
  plan.pools[0].nodes_after = 40;
  CHECK(Trips(plan, input));
  input.losses = {Lost("p0", 30, false)};  // the same pool again is one pool
  CHECK_FALSE(Trips(plan, input));
}

TEST_CASE("owned pools of more than 10 nodes may exactly double") {
  CHECK_FALSE(Trips(Fleet(1, 11, 1, 22)));
  CHECK(Trips(Fleet(1, 11, 1, 23)));
  CHECK_FALSE(Trips(Fleet(1, 10, 1, 1000)));
  CHECK_FALSE(Trips(Fleet(2, 11, 1, 33)));  // together 22 to 44
  CHECK(Trips(Fleet(2, 11, 1, 34)));
}

TEST_CASE("what somebody else has just added is not ours to lose") {
  AccountPlan plan = Fleet(3, 34, 3, 4);  // three pools of 4 that somebody grew by 30
  CHECK(Trips(plan));
  for (PoolPlan& pool : plan.pools) pool.nodes_of_others = 30;
  CHECK_FALSE(Trips(plan));
  CHECK(LossesOf(plan, Instant{}).empty());
  plan = Fleet(5, 9, 5, 0);  // as many pools of a spec with 0 nodes
  CHECK(Trips(plan));
  for (PoolPlan& pool : plan.pools) pool.nodes_of_others = 9;
  CHECK_FALSE(Trips(plan));
}

TEST_CASE("beside what somebody else has added, our own losses count to the node") {
  AccountPlan plan = Fleet(4, 50, 2, 20);  // 60 of 200
  plan.pools[3].nodes_before = 90;         // 40 of them theirs: taken back, and no larger fleet
  plan.pools[3].nodes_of_others = 40;
  plan.pools[3].steps.push_back({.kind = StepKind::kResize});
  CHECK_FALSE(Trips(plan));
  CHECK(LossesOf(plan, Instant{}).size() == 2);
  plan.pools[0].nodes_after = 19;  // 61 of 200
  CHECK(Trips(plan));
  plan.pools[0].nodes_after = 20;
  plan.pools[3].nodes_after = 49;  // one of ours below what is theirs
  CHECK(Trips(plan));
  CHECK(LossesOf(plan, Instant{})[2].nodes == 1);
  CHECK(LossesOf(plan, Instant{})[2].before == 50);
}

TEST_CASE("nodes are theirs only if this process saw them come, lately, to what the spec holds") {
  OnePool pool;
  pool.context.wall = At("2025-07-01T12:00:00Z");
  pool.Remember();
  const auto grown = [&](int nodes, std::string_view since) {
    pool.Set("allocationStateTransitionTime", "\"" + std::string(since) + "\"");
    pool.Set("targetDedicatedNodes", std::to_string(nodes));
    return pool.Decide();
  };
  CHECK(grown(9, "2025-07-01T11:59:00Z").nodes_of_others == 7);
  CHECK(grown(9, "2025-07-01T11:59:00Z").HasWork());
  CHECK(grown(9, "2025-07-01T11:00:00Z").nodes_of_others == 7);
  CHECK(grown(9, "2025-07-01T10:59:59Z").nodes_of_others == 0);  // may carry work by now
  CHECK(grown(9, "").nodes_of_others == 0);
  CHECK(grown(1, "2025-07-01T11:59:00Z").nodes_of_others == 0);  // they took, we give
  CHECK(grown(2, "2025-07-01T11:59:00Z").nodes_of_others == 0);
  SUBCASE("the spec moved as well") {
    pool.Want("targetDedicatedNodes", "1");
    CHECK(grown(9, "2025-07-01T11:59:00Z").nodes_of_others == 0);
  }
  SUBCASE("the spec alone moved") {
    pool.Want("targetDedicatedNodes", "1");
    CHECK(grown(2, "2025-07-01T11:59:00Z").nodes_of_others == 0);
    CHECK(pool.Decide().HasWork());
  }
  SUBCASE("a new process") {
    pool.memory = {};
    CHECK(grown(9, "2025-07-01T11:59:00Z").nodes_of_others == 0);
  }
  SUBCASE("observed only") {
    pool.context.account_mode = Mode::kObserve;
    CHECK(grown(9, "2025-07-01T11:59:00Z").nodes_of_others == 0);
  }
  SUBCASE("not ours") {
    pool.ownership = Ownership::kUnclaimed;
    CHECK(grown(9, "2025-07-01T11:59:00Z").nodes_of_others == 0);
  }
  SUBCASE("autoscale was switched on") {
    pool.Set("enableAutoScale", "true");
    CHECK(grown(9, "2025-07-01T11:59:00Z").nodes_of_others == 0);
  }
}

TEST_CASE("where a formula should decide, what somebody set by hand counts in full") {
  OnePool pool(R"({"vmSize": "standard_d2_v3", "virtualMachineConfiguration": {"imageReference":
      {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"}},
      "enableAutoScale": true, "autoScaleFormula": "$TargetDedicatedNodes = 2;"})");
  pool.context.wall = At("2025-07-01T12:00:00Z");
  pool.Set("targetDedicatedNodes", "2");
  pool.Remember();
  pool.Set("enableAutoScale", "false");
  pool.Set("targetDedicatedNodes", "9");
  pool.Set("allocationStateTransitionTime", "\"2025-07-01T11:59:00Z\"");
  const PoolPlan plan = pool.Decide();
  REQUIRE(plan.HasWork());
  CHECK(plan.nodes_before - plan.nodes_after == 7);
  CHECK(plan.nodes_of_others == 0);
}

TEST_CASE("creates do not count as growth, only for maxNodes") {
  AccountPlan plan = Fleet(1, 11, 0, 0);
  plan.pools.push_back(NewPool("new", 500));
  plan.nodes_after = SumNodes(plan, 0);
  CHECK_FALSE(Trips(plan));
  GuardInput input;
  input.limits.nodes_max = 511;
  CHECK_FALSE(Trips(plan, input));
  input.limits.nodes_max = 510;
  CHECK(Trips(plan, input));
  input.limits.allow_growth = true;
  CHECK_FALSE(Trips(plan, input));
}

TEST_CASE("an account beyond its maxNodes parks no plan that adds nothing") {
  AccountPlan plan = Fleet(2, 100, 1, 99);
  GuardInput input;
  input.limits.nodes_max = 50;
  CHECK_FALSE(Trips(plan, input));
  plan.pools[1].nodes_after = 101;
  plan.pools[1].steps.push_back({.kind = StepKind::kResize});
  CHECK(Trips(plan, input));
}

TEST_CASE("pools that are not ours, not there, held or observed count for nothing") {
  AccountPlan plan = Fleet(6, 10, 5, 0);
  CHECK(Trips(plan));
  SUBCASE("not ours") {
    for (PoolPlan& pool : plan.pools) pool.owned = false;
  }
  SUBCASE("held") {
    for (PoolPlan& pool : plan.pools) pool.steps.clear();
  }
  SUBCASE("observed") {
    for (PoolPlan& pool : plan.pools) pool.observe_only = true;
  }
  CHECK_FALSE(Trips(plan));
}

TEST_CASE("each consent lifts its own guards") {
  GuardInput shrink;
  shrink.limits.allow_shrink = true;
  GuardInput growth;
  growth.limits.allow_growth = true;
  CHECK_FALSE(Trips(Fleet(200, 1, 200, 0), shrink));
  CHECK(Trips(Fleet(200, 1, 200, 0), growth));
  CHECK_FALSE(Trips(Fleet(1, 11, 1, 100), growth));
  CHECK(Trips(Fleet(1, 11, 1, 100), shrink));
}

TEST_CASE("the message says what trips, by how much, and what lifts it") {
  const auto message = [](const AccountPlan& plan, const GuardInput& input = {}) {
    const std::optional<Hold> hold = CheckGuards(plan, input);
    REQUIRE(hold.has_value());
    CHECK(hold->reason == Reason::kGuardTripped);
    return hold->message;
  };
  CHECK(message(Fleet(200, 1, 7, 0)) ==
        "7 of 200 owned pools would be lost (p0, p1, p2, p3, p4 and 2 more), at most 4 may be; "
        "look at the plan, `poolkeeper apply --allow-shrink` lifts this for one plan");
  GuardInput input;
  input.losses = {Lost("q1", 1), Lost("q2", 1), Lost("q3", 1), Lost("q4", 1)};
  CHECK(message(Fleet(200, 1, 1, 0), input) ==
        "5 of 200 owned pools would be lost (p0, with 4 of the last hour), at most 4 may be; look "
        "at the plan, `poolkeeper apply --allow-shrink` lifts this for one plan");
  CHECK(message(Fleet(4, 50, 2, 10)) ==
        "2 pools would lose 80 of 200 owned target nodes (p0, p1), at most 60 may be; look at the "
        "plan, `poolkeeper apply --allow-shrink` lifts this for one plan");
  CHECK(message(Fleet(1, 11, 1, 23)) ==
        "the owned pools would grow from 11 to 23 target nodes, more than double; look at the "
        "plan, `poolkeeper apply --allow-growth` lifts this for one plan");
  input.limits.nodes_max = 20;
  CHECK(message(Fleet(1, 11, 1, 22), input) ==
        "the account would have 22 target nodes, 2 more than its maxNodes of 20; raise maxNodes, "
        "or `poolkeeper apply --allow-growth` lifts this for one plan");
  input.losses_unreadable = true;
  CHECK(message(Fleet(9, 5, 1, 0), input)
            .starts_with("pools would be lost (p0) and the list of the last hour's losses cannot "
                         "be read, so it counts as full; "));
  input.losses_problem = "losses-demo.json of the state folder: not JSON";
  CHECK(message(Fleet(9, 5, 1, 0), input)
            .starts_with("pools would be lost (p0) and the list of the last hour's losses cannot "
                         "be read, so it counts as full (losses-demo.json of the state folder: not "
                         "JSON); "));
}

TEST_CASE("the losses of a plan are the owned pools whose targets go down") {
  AccountPlan plan = Fleet(3, 5, 2, 0);
  plan.pools[1].nodes_after = 3;
  plan.pools.push_back(NewPool("new", 4));
  const Instant now{std::chrono::hours(500000)};
  const std::vector<Loss> losses = LossesOf(plan, now);
  REQUIRE(losses.size() == 2);
  CHECK(losses[0].pool == "p0");
  CHECK(losses[0].nodes == 5);
  CHECK(losses[0].whole);
  CHECK(losses[0].time == now);
  CHECK(losses[1].nodes == 2);
  CHECK_FALSE(losses[1].whole);
}

TEST_CASE("losses are written and read back, and forgotten after an hour") {
  const Instant now{std::chrono::hours(500000)};
  std::vector<Loss> losses = {Lost("old", 3), Lost("edge", 2, false), Lost("new", 1)};
  losses[0].time = now - std::chrono::hours(1) - std::chrono::seconds(1);
  losses[1].time = now - std::chrono::hours(1);
  losses[2].time = now;
  const auto read = ReadLosses(WriteLosses(losses), now);
  REQUIRE(read.has_value());
  REQUIRE(read->size() == 2);
  CHECK((*read)[0].pool == "edge");
  CHECK((*read)[0].nodes == 2);
  CHECK((*read)[0].incarnation == "i");
  CHECK_FALSE((*read)[0].whole);
  CHECK((*read)[1].whole);
}

TEST_CASE("a list of losses that is anything else is an error") {
  const Instant now{};
  CHECK_FALSE(ReadLosses("", now).has_value());
  CHECK_FALSE(ReadLosses("[]", now).has_value());
  CHECK_FALSE(ReadLosses(R"({"formatVersion": "2", "losses": []})", now).has_value());
  CHECK_FALSE(ReadLosses(R"({"formatVersion": "1", "losses": [{"pool": "p"}]})", now).has_value());
  CHECK(ReadLosses(R"({"formatVersion": "1", "losses": []})", now).has_value());
}

}  // namespace
}  // namespace reconciler::plan
