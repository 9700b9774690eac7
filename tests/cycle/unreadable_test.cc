// A spec with errors that never was good, and pools that go without us.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;
using keeper::Keeper;
using keeper::PoolText;

std::size_t Warnings(const Keeper& world, std::string_view property) {
  return static_cast<std::size_t>(
      std::count_if(world.trace.events.begin(), world.trace.events.end(), [&](const Event& event) {
        return event.kind == EventKind::kDifferenceFound && event.severity == Severity::kWarning &&
               event.property == property;
      }));
}

}  // namespace

TEST_CASE("a spec that never was good is shown as such, and its live pool is no orphan") {
  Keeper world;
  world.tree.Write("a.yaml", PoolText("a", "  targetDedicatedNodes: 1\n"));
  world.tree.Write("b.yaml", PoolText("b", "  targetDedicatedNodes: 1\n"));
  REQUIRE(world.RunUntilReady());

  world.state.blobs.clear();  // nobody knows any more that it ever was good
  world.Restart();
  world.tree.Write("b.yaml", PoolText("b", "  targetDedicatedNode: 1\n"));
  world.Run();
  CHECK(world.last.plan.orphans.empty());
  CHECK(world.last.plan.unmanaged.empty());
  REQUIRE(world.last.plan.unreadable.size() == 1);
  CHECK(world.PlanText().find("! pool b   demo, b.yaml") != std::string::npos);
  CHECK(world.PlanText().find("No changes") == std::string::npos);
  CHECK(world.StatusOf("b").condition == Condition::kBlocked);
  CHECK(world.StatusOf("b").reason == Reason::kSpecUnreadable);
  CHECK(world.StatusOf("a").condition == Condition::kReady);
}

TEST_CASE("a pool that somebody deletes is a warning, and is made again") {
  Keeper world;
  world.tree.Write("a.yaml", PoolText("a", "  targetDedicatedNodes: 1\n"));
  REQUIRE(world.RunUntilReady());
  CHECK(Warnings(world, "pool") == 0);
  REQUIRE(world.Call("DELETE", "/pools/a") == 202);
  REQUIRE(world.RunUntilReady());
  CHECK(Warnings(world, "pool") >= 1);
  CHECK(Warnings(world, "pool") <= 2);  // being deleted, and gone
  const std::size_t told = Warnings(world, "pool");
  world.Run();
  CHECK(Warnings(world, "pool") == told);
}

TEST_CASE("an orphan shows the nodes that still run") {
  Keeper world;
  world.tree.Write("a.yaml", PoolText("a", "  targetDedicatedNodes: 2\n"));
  world.tree.Write("b.yaml", PoolText("b", "  targetDedicatedNodes: 1\n"));
  REQUIRE(world.RunUntilReady());
  world.tree.Remove("a.yaml");
  world.Run();
  CHECK(world.StatusOf("a").reason == Reason::kOrphaned);
  CHECK(world.StatusOf("a").nodes_current == 2);
  CHECK(world.StatusOf("a").nodes_target == 2);
}

TEST_CASE("a plan for one pool speaks of no other") {
  Keeper world;
  world.tree.Write("a.yaml", PoolText("a", "  targetDedicatedNodes: 1\n"));
  world.tree.Write("b.yaml", PoolText("b", "  targetDedicatedNodes: 1\n"));
  world.Run({.act = false, .pools = {"A"}});
  CHECK(world.last.plan.checked == 1);
  CHECK(world.PlanText().find("pool a") != std::string::npos);
  CHECK(world.PlanText().find("pool b") == std::string::npos);
}
