// Plans that lose or add too much at once are parked, whole.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;

std::string Nodes(int nodes) { return fmt::format("  targetDedicatedNodes: {}\n", nodes); }
std::string Name(int index) { return fmt::format("pool-{:03}", index); }

void Write(keeper::Keeper& world, int first, int last, int nodes) {
  for (int i = first; i < last; ++i) world.Spec(Name(i), Nodes(nodes));
}

/// `pools` pools of so many nodes each, ready.
void Fleet(keeper::Keeper& world, int pools, int nodes) {
  Write(world, 0, pools, nodes);
  world.Settle();
  world.clock.Advance(std::chrono::hours(2));
}

bool IsParked(const keeper::Keeper& world) {
  return world.last.plan.parked && world.last.plan.parked->reason == Reason::kGuardTripped;
}

}  // namespace

TEST_CASE("a root default that sends 200 pools to zero parks the whole plan") {
  keeper::Keeper world;
  const auto defaults = [&](int nodes) {
    world.tree.Write("defaults.yaml", fmt::format("apiVersion: poolkeeper/v1\nkind: PoolDefaults\n"
                                                  "spec: {{targetDedicatedNodes: {}}}\n",
                                                  nodes));
  };
  defaults(1);
  for (int i = 0; i < 200; ++i) world.Spec(Name(i));
  world.Settle();
  defaults(0);
  CHECK(world.WritesOfCycles(4).empty());
  REQUIRE(IsParked(world));
  CHECK(world.last.plan.parked->message.find("200 of 200 owned pools would be lost") !=
        std::string::npos);
  CHECK(world.last.plan.parked->message.find("--allow-shrink") != std::string::npos);
  CHECK_FALSE(world.last.work_left);
  CHECK_FALSE(world.last.under_way);
  CHECK(world.StatusOf(Name(0)).condition == Condition::kBlocked);
  CHECK(world.StatusOf(Name(0)).reason == Reason::kGuardTripped);
  const auto told = world.Events(EventKind::kPlanParked);
  REQUIRE(told.size() == 1);
  CHECK(told[0].severity == Severity::kError);
  for (const char* blob : {"losses-demo.json"}) CHECK_FALSE(world.state.blobs.contains(blob));

  SUBCASE("a freeze beside it ends no guard") {
    world.state.frozen = true;
    CHECK(world.WritesOfCycles(3).empty());
    world.state.frozen = false;
    CHECK(world.WritesOfCycles(3).empty());
    CHECK(IsParked(world));
    CHECK(world.Events(EventKind::kPlanParked).size() == 1);
    CHECK(world.Events(EventKind::kPlanReleased).empty());
  }
  SUBCASE("each of the 200 pools says so in status, and none of them in the log") {
    world.trace.events.clear();
    world.WritesOfCycles(2);
    CHECK(world.Events(EventKind::kConditionChanged).empty());
  }
  SUBCASE("a process that starts now says who moved: the specs") {
    world.Restart();
    CHECK(world.WritesOfCycles(2).empty());
    REQUIRE(IsParked(world));
    for (const plan::PoolPlan& pool : world.last.plan.pools) {
      REQUIRE(pool.changes.size() == 1);
      CHECK(pool.changes[0].cause == Cause::kSpecChanged);
    }
  }
  SUBCASE("put back, the guard has nothing to say") {
    defaults(1);
    CHECK(world.WritesOfCycles(3).empty());
    CHECK_FALSE(IsParked(world));
    CHECK(world.Events(EventKind::kPlanReleased).size() == 1);
  }
  SUBCASE("a person lets it pass once") {
    world.Run({.allow_shrink = true});
    CHECK(world.TakeWrites().size() == 200);
    REQUIRE(world.RunUntilReady());
    CHECK(world.WritesOfCycles(3).empty());
  }
}

TEST_CASE("nothing of a parked plan runs, not even what is harmless in it") {
  keeper::Keeper world;
  Fleet(world, 10, 1);
  Write(world, 0, 5, 0);
  world.Spec("new", Nodes(1));
  CHECK(world.WritesOfCycles(2).empty());
  CHECK(IsParked(world));
}

TEST_CASE("losses of the last hour count, so that a split plan does not pass") {
  keeper::Keeper world;
  Fleet(world, 20, 1);
  Write(world, 0, 4, 0);
  world.Run();
  CHECK_FALSE(IsParked(world));
  CHECK(world.TakeWrites().size() == 4);
  SUBCASE("in the same process") {}
  SUBCASE("in the next one") { world.Restart(); }
  Write(world, 4, 5, 0);
  world.Run();
  CHECK(IsParked(world));
  CHECK(world.last.plan.parked->message.find("with 4 of the last hour") != std::string::npos);
  CHECK(world.TakeWrites().empty());
  world.RunAfter(std::chrono::minutes(61));
  CHECK_FALSE(IsParked(world));
  CHECK(world.TakeWrites().size() == 1);
}

TEST_CASE("pools that are made smaller step by step are added up") {
  keeper::Keeper world;
  Fleet(world, 8, 10);
  Write(world, 0, 2, 5);
  world.Run();
  CHECK_FALSE(IsParked(world));
  REQUIRE(world.RunUntilReady());
  Write(world, 2, 4, 5);
  world.Run();
  CHECK_FALSE(IsParked(world));
  REQUIRE(world.RunUntilReady());
  Write(world, 0, 2, 0);  // 30 of 80 nodes within the hour
  world.Run();
  CHECK(IsParked(world));
}

TEST_CASE("a shrink that failed and is tried again is one loss, not two") {
  keeper::Keeper world;
  Fleet(world, 8, 10);
  // 20 of 80 nodes is within the limit, 40 of 100 would not be.
  Write(world, 0, 2, 0);
  int left = 2;
  world.transport.draw_fault = [&](const HttpRequest& request) {
    const bool hit = left > 0 && request.method == "POST";
    if (hit) --left;
    return hit ? doors::Fault::kError500 : doors::Fault::kNone;
  };
  world.Run();
  CHECK_FALSE(IsParked(world));
  REQUIRE(world.RunUntilReady());
  CHECK_FALSE(IsParked(world));
  CHECK(world.Get(Name(0)).IntOr("targetDedicatedNodes", -1) == 0);
}

TEST_CASE("losses that cannot be read count as full, and those that cannot be written stop it") {
  keeper::Keeper world;
  Fleet(world, 10, 1);
  Write(world, 0, 1, 0);
  SUBCASE("unreadable text") { world.state.blobs["losses-demo.json"] = "{"; }
  SUBCASE("unreadable folder") { world.state.broken = true; }
  SUBCASE("full disk") { world.state.full = true; }
  world.Run();
  CHECK(IsParked(world));
  CHECK(world.TakeWrites().empty());
  CHECK(world.last.plan.parked->message.find("losses") != std::string::npos);
}

TEST_CASE("a broken state folder stops no growth and no create") {
  keeper::Keeper world;
  Fleet(world, 2, 1);
  world.state.full = true;
  world.Spec(Name(0), Nodes(2));
  world.Spec("new", Nodes(1));
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites().size() == 2);
}

TEST_CASE("a fleet that would more than double is parked, a new pool of any size is not") {
  keeper::Keeper world;
  Fleet(world, 2, 6);
  world.Spec("new", Nodes(50));
  world.Run();
  CHECK_FALSE(IsParked(world));
  REQUIRE(world.RunUntilReady());
  (void)world.TakeWrites();
  world.Spec("new", Nodes(120));
  world.Run();
  CHECK(IsParked(world));
  CHECK(world.last.plan.parked->message.find("--allow-growth") != std::string::npos);
  CHECK(world.TakeWrites().empty());
  world.Run({.allow_growth = true});
  CHECK(world.TakeWrites().size() == 1);
}

TEST_CASE("maxNodes counts creates too") {
  keeper::Settings settings;
  settings.nodes_max = 5;
  keeper::Keeper world(settings);
  world.Spec("a", Nodes(5));
  world.Settle();
  world.Spec("b", Nodes(1));
  CHECK(world.WritesOfCycles(2).empty());
  CHECK(IsParked(world));
  world.Spec("a", Nodes(4));
  world.Run();
  CHECK_FALSE(IsParked(world));
  CHECK(world.TakeWrites().size() == 2);
}
