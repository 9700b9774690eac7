// Pools that do not exist yet, from an empty account to a quiet one.
#include <doctest/doctest.h>

#include <algorithm>

#include "reconciler/core/json.h"
#include "reconciler/plan/record.h"
#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;
using Writes = std::vector<std::string>;

constexpr char kStartTask[] =
    "  targetDedicatedNodes: 1\n"
    "  startTask: {commandLine: hostname, waitForSuccess: true}\n"
    "  metadata: [{name: team, value: render}]\n";

}  // namespace

TEST_CASE("a pool is created with one call, stamped, and the next cycles write nothing") {
  keeper::Keeper world;
  world.Spec("linux", kStartTask);
  world.Run();
  CHECK(world.last.writes == 1);
  CHECK(world.last.under_way);
  CHECK(world.StatusOf("linux").condition == Condition::kProgressing);
  CHECK(world.StatusOf("linux").reason == Reason::kResizing);
  CHECK(world.TakeWrites() == Writes{"POST /pools"});

  const auto items = ReadMetadata(world.Get("linux"));
  REQUIRE(items.size() == 7);
  CHECK(items[0] == MetadataItem{"team", "render"});
  CHECK(world.Item("linux", "poolkeeper.owner") == "contoso-batch");
  CHECK(world.Item("linux", "poolkeeper.source") == "pools-main");
  CHECK(world.Item("linux", "poolkeeper.pool") == "linux");
  CHECK(world.Item("linux", "poolkeeper.incarnation").size() == 32);
  CHECK(world.Item("linux", "poolkeeper.revision") == world.specs->revision);
  const auto record = plan::ReadRecord(world.Item("linux", "poolkeeper.applied"));
  REQUIRE(record);
  CHECK(record->entries.size() == 4);
  REQUIRE(record->Find("startTask") != nullptr);
  CHECK_FALSE(record->Find("startTask")->changed_minute.has_value());
  CHECK(record->Find("metadata.team") != nullptr);
  CHECK(record->Find("targetDedicatedNodes") == nullptr);

  REQUIRE(world.RunUntilReady());
  CHECK(world.WritesOfCycles(3).empty());
  CHECK_FALSE(world.last.work_left);
  CHECK_FALSE(world.last.under_way);
  CHECK(world.last.plan.Empty());
}

TEST_CASE("the node agent comes from the image list, which is asked for once") {
  keeper::Keeper world;
  world.Spec("linux", "  targetDedicatedNodes: 0\n");
  REQUIRE(world.RunUntilReady());
  CHECK(world.Get("linux").FindPath("virtualMachineConfiguration.nodeAgentSKUId")->AsString() ==
        "batch.node.ubuntu 18.04");
  for (int cycle = 0; cycle < 10; ++cycle) world.Run();
  world.Restart();
  world.Run();
  const auto asked = std::count_if(
      world.transport.log.begin(), world.transport.log.end(),
      [](const auto& entry) { return entry.target.rfind("/supportedimages", 0) == 0; });
  CHECK(asked == 1);  // the state folder remembers it for the next process
}

TEST_CASE("a pool without targets is created empty, and its size stays somebody else's") {
  keeper::Keeper world;
  world.Spec("linux");
  world.Settle();
  CHECK(world.Get("linux").IntOr("targetDedicatedNodes", -1) == 0);
  CHECK(world.Call("POST", "/pools/linux/resize",
                   R"({"targetDedicatedNodes":2,"targetLowPriorityNodes":0})") == 202);
  REQUIRE(world.RunUntilReady());
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.Get("linux").IntOr("targetDedicatedNodes", -1) == 2);
}

TEST_CASE("a pool with a formula is created with autoscale on, and comes to rest") {
  keeper::Keeper world;
  world.Spec("linux", "  enableAutoScale: true\n  autoScaleFormula: $TargetDedicatedNodes = 3;\n");
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools"});
  CHECK(world.Get("linux").BoolOr("enableAutoScale", false));
  CHECK(world.StatusOf("linux").nodes_current == 3);
  CHECK(world.WritesOfCycles(3).empty());
}

TEST_CASE("a pool whose image is not listed is blocked, and the others are created") {
  keeper::Keeper world;
  world.Spec("good", "  targetDedicatedNodes: 0\n");
  std::string text = keeper::PoolText("bad", "  targetDedicatedNodes: 0\n");
  text.replace(text.find("18.04-lts"), 9, "18.05-lts");
  world.tree.Write("bad.yaml", text);
  world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools"});
  CHECK(world.StatusOf("bad").condition == Condition::kBlocked);
  CHECK(world.StatusOf("bad").reason == Reason::kImageNotListed);
  CHECK(world.StatusOf("bad").message.find("18.04-lts") != std::string::npos);
  CHECK(world.last.plan.Blocked() == 1);
  for (int cycle = 0; cycle < 5; ++cycle) world.Run();
  CHECK(world.StatusOf("good").condition == Condition::kReady);
  CHECK(world.TakeWrites().empty());
}

TEST_CASE("a pool that somebody deleted is created anew, as another incarnation") {
  keeper::Keeper world;
  world.Spec("linux", kStartTask);
  world.Settle();
  const std::string before = world.Item("linux", "poolkeeper.incarnation");
  CHECK(world.Call("DELETE", "/pools/linux") == 202);
  world.RunNow();
  CHECK(world.StatusOf("linux").reason == Reason::kDeleting);
  CHECK(world.TakeWrites().empty());
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools"});
  CHECK(world.Item("linux", "poolkeeper.incarnation") != before);
}

TEST_CASE("a spec of another case is the live pool, and nothing differs") {
  keeper::Keeper world;
  world.Spec("linux", kStartTask);
  world.Settle();
  world.tree.Remove("linux.yaml");
  world.tree.Write("linux.yaml", keeper::PoolText("Linux", kStartTask));
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.StatusOf("linux").condition == Condition::kReady);
  world.tree.Write("linux.yaml", keeper::PoolText("Linux", "  targetDedicatedNodes: 2\n"));
  REQUIRE(world.RunUntilReady());
  const Writes writes = world.TakeWrites();
  CHECK(std::all_of(writes.begin(), writes.end(), [](const std::string& write) {
    return write.find("/pools/linux") != std::string::npos;
  }));
  CHECK(world.service.PoolIds("demo").size() == 1);
}

TEST_CASE("`plan` on an empty account shows the create and sends nothing but reads") {
  keeper::Keeper world;
  world.Spec("linux", kStartTask);
  world.Run({.act = false});
  CHECK(world.TakeWrites().empty());
  CHECK(world.last.plan.ToCreate() == 1);
  CHECK(world.last.work_left);
  CHECK(world.state.blobs.empty());
}

TEST_CASE("items that leave no room for the record give a pool without memory, not no pool") {
  keeper::Settings settings;
  settings.service.switches.metadata_bytes_max = 1400;
  keeper::Keeper world(settings);
  const std::string items =
      "  targetDedicatedNodes: 0\n  startTask: {commandLine: hostname}\n"
      "  displayName: A pool\n  taskSlotsPerNode: 2\n"
      "  metadata: [{name: note, value: " +
      std::string(1065, 'x') + "}]\n";
  world.Spec("linux", items);
  REQUIRE(world.RunUntilReady());
  CHECK(world.Item("linux", "poolkeeper.applied") == "0");
  REQUIRE(world.StatusOf("linux").notes.size() == 1);
  CHECK(world.StatusOf("linux").notes.front().rfind("MemoryReduced", 0) == 0);
  CHECK(world.WritesOfCycles(3).empty());
}
