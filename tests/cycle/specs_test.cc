// Spec trees that break, vanish and come back, and what the live pools see of it: nothing.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;
using Writes = std::vector<std::string>;

constexpr char kOne[] = "  targetDedicatedNodes: 1\n";
constexpr char kTwo[] = "  targetDedicatedNodes: 2\n";

std::string Defaults(const std::string& spec) {
  return "apiVersion: poolkeeper/v1\nkind: PoolDefaults\n" + spec;
}

bool AllExist(keeper::Keeper& world, const std::vector<std::string>& ids) {
  bool all = true;
  for (const std::string& id : ids) all &= !world.Get(id).IsNull();
  return all;
}

}  // namespace

TEST_CASE("a spec that breaks freezes its pool at the last good state, and mended it thaws") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Spec("other", kOne);
  world.Settle();
  world.Spec("linux", "  targetDedicatedNodes: many\n");
  world.Spec("other", kTwo);
  world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools/other/resize"});
  CHECK(world.StatusOf("linux").condition == Condition::kFrozen);
  CHECK(world.StatusOf("linux").reason == Reason::kSpecUnreadable);
  CHECK(world.StatusOf("linux").message.find("linux.yaml:8:25") != std::string::npos);
  REQUIRE(world.Call("POST", "/pools/linux/resize",
                     R"({"targetDedicatedNodes":5,"targetLowPriorityNodes":0})") == 202);
  for (int cycle = 0; cycle < 4; ++cycle) world.Run();
  CHECK(world.TakeWrites().empty());
  CHECK(world.last.plan.Frozen() == 1);
  CHECK(world.PlanOf("linux").changes.size() == 1);
  CHECK(world.Events(EventKind::kFrozen, "linux").size() == 1);

  world.Spec("linux", kTwo);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/resize"});
  CHECK(world.Events(EventKind::kThawed, "linux").size() == 1);
}

TEST_CASE("a frozen pool stays frozen over a restart") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  world.tree.Write("linux.yaml", "kind: [");
  world.Restart();
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.StatusOf("linux").condition == Condition::kFrozen);
  CHECK(world.last.plan.orphans.empty());
}

TEST_CASE("a spec folder that disappears removes nothing and calls nothing an orphan") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Spec("other", kOne);
  world.Settle();
  SUBCASE("while the keeper runs") {}
  SUBCASE("before it starts") { world.Restart(); }
  SUBCASE("before it starts, with its state folder") {
    world.Restart();
    world.state.blobs.clear();
  }
  world.tree.missing = true;
  CHECK(world.WritesOfCycles(4).empty());
  CHECK(AllExist(world, {"linux", "other"}));
  CHECK(world.last.plan.orphans.empty());
  CHECK(world.Events(EventKind::kOrphanFound).empty());
  for (const auto& status : world.last.statuses) CHECK(status.condition == Condition::kFrozen);
  // One cause, one alert, whatever the number of pools.
  CHECK(world.Events(EventKind::kFrozen).size() == (world.last.statuses.empty() ? 0 : 1));
  world.tree.missing = false;
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites().empty());
  CHECK(world.last.statuses.size() == 2);
}

TEST_CASE("a tree whose files are all gone removes nothing either") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  world.tree.Remove("linux.yaml");
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.last.plan.orphans.empty());
  CHECK(world.StatusOf("linux").condition == Condition::kFrozen);
}

TEST_CASE("folder defaults that break or vanish freeze those that they change, and nobody else") {
  keeper::Keeper world;
  world.tree.Write("farm/defaults.yaml", Defaults("spec: {targetDedicatedNodes: 2}\n"));
  world.tree.Write("farm/a.yaml", keeper::PoolText("a", ""));
  world.tree.Write("farm/own.yaml", keeper::PoolText("own", kOne));
  world.Spec("far", kOne);
  world.Settle();
  CHECK(world.Get("a").IntOr("targetDedicatedNodes", 0) == 2);
  SUBCASE("broken") { world.tree.Write("farm/defaults.yaml", Defaults("spec: [\n")); }
  SUBCASE("vanished") { world.tree.Remove("farm/defaults.yaml"); }
  world.tree.Write("farm/own.yaml", keeper::PoolText("own", kTwo));
  world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools/own/resize"});
  CHECK(world.StatusOf("a").condition == Condition::kFrozen);
  CHECK(world.StatusOf("far").condition == Condition::kReady);
  CHECK(world.Events(EventKind::kReleased).empty());
  world.tree.Write("farm/defaults.yaml", Defaults("spec: {targetDedicatedNodes: 3}\n"));
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools/a/resize"});
}

TEST_CASE("a removed spec leaves an orphan: reported, counted, never deleted") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Spec("other", kTwo);
  world.Settle();
  world.tree.Remove("linux.yaml");
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(AllExist(world, {"linux"}));
  CHECK(world.last.plan.orphans == std::vector<std::string>{"linux"});
  CHECK(world.StatusOf("linux").reason == Reason::kOrphaned);
  CHECK_FALSE(world.last.work_left);
  CHECK(world.last.plan.Empty());
  CHECK(world.Events(EventKind::kOrphanFound).size() == 1);

  // While a part of the tree cannot be read, nothing is known about it.
  world.tree.problems = {{"farm", "permission denied", true}};
  world.Run();
  CHECK(world.last.plan.orphans.empty());
  world.tree.problems.clear();
  world.Run();
  CHECK(world.Events(EventKind::kOrphanFound).size() == 1);
  CHECK(world.Events(EventKind::kOrphanEnded).empty());

  world.Spec("linux", kOne);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites().empty());
  CHECK(world.Events(EventKind::kOrphanEnded).size() == 1);
}

TEST_CASE("an orphan and a create with equal bodies are called a rename") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Spec("other", kTwo);
  world.Settle();
  world.tree.Remove("linux.yaml");
  world.Spec("render", kOne);
  world.Run();
  CHECK(world.PlanOf("render").renamed_from == "linux");
  CHECK(world.PlanText().find("linux") != std::string::npos);
  CHECK(world.Events(EventKind::kRenameSeen).size() == 1);
  CHECK(world.TakeWrites() == Writes{"POST /pools"});
  CHECK(AllExist(world, {"linux", "render"}));
}

TEST_CASE("a pool named in `apply` is the only one that is written") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Spec("other", kOne);
  world.Run({.pools = {"LINUX"}});
  CHECK(world.last.outcomes.size() == 1);
  CHECK(world.service.PoolIds("demo") == std::vector<std::string>{"linux"});
  CHECK(world.last.statuses.size() == 1);
}

TEST_CASE("a stop ends the cycle at once and nothing is written") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  std::stop_source stop;
  stop.request_stop();
  const auto& report = world.Run({}, stop.get_token());
  CHECK(world.TakeWrites().empty());
  CHECK_FALSE(report.observed);
  REQUIRE(report.failure);
  CHECK(report.failure->kind == ErrorKind::kCancelled);
  CHECK(world.Events(EventKind::kCycleFailed).empty());
  CHECK_FALSE(world.account->hold_until.has_value());
}
