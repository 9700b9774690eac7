// The worked cycle of the design: a start task and a target change in one spec.
#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;

// Targets on line 14, the start task on line 21.
std::string RenderSpec(int nodes, const std::string& command) {
  return "# The farm's Linux pool.\n"
         "#\n"
         "# Size and start task are edited by the render team.\n"
         "apiVersion: poolkeeper/v1\n"
         "kind: Pool\n"
         "metadata:\n"
         "  name: render-linux\n"
         "  account: demo\n"
         "spec:\n"
         "  vmSize: standard_d2_v3\n"
         "  virtualMachineConfiguration:\n"
         "    imageReference: {publisher: canonical, offer: ubuntuserver, sku: 18.04-lts}\n"
         "\n"
         "  targetDedicatedNodes: " +
         std::to_string(nodes) +
         "\n"
         "\n"
         "  metadata:\n"
         "    - {name: team, value: render}\n"
         "\n"
         "  startTask:\n"
         "    waitForSuccess: true\n"
         "    commandLine: " +
         command + "\n";
}

struct Sent {
  std::string call, if_match, body;
};
std::vector<Sent> SentSince(const keeper::Keeper& world, std::size_t first) {
  std::vector<Sent> sent;
  for (std::size_t i = first; i < world.transport.log.size(); ++i) {
    const auto& entry = world.transport.log[i];
    sent.push_back({entry.method + " " + entry.target.substr(0, entry.target.find('?')),
                    entry.if_match, entry.body});
  }
  return sent;
}

}  // namespace

TEST_CASE("a changed start task and target are planned, sent in two writes, and read back") {
  keeper::Keeper world({.nodes_max = 2'000});
  world.tree.Write("pools/render.yaml", RenderSpec(2, "hostname"));
  REQUIRE(world.RunUntilReady());

  world.tree.Write("pools/render.yaml", RenderSpec(4, "printenv"));
  const std::string etag = std::string(world.Get("render-linux").StringOr("eTag"));
  const std::size_t first = world.transport.log.size();
  world.Run();

  CHECK(
      world.PlanText() ==
      "~ pool render-linux   demo, pools/render.yaml\n"
      "    startTask.commandLine    \"hostname\" -> \"printenv\"    line 21, SpecChanged   reaches "
      "nodes when they restart\n"
      "    targetDedicatedNodes     2 -> 4                      line 14, SpecChanged\n"
      "Plan: 0 to create, 1 to change, 0 blocked.\n");

  const std::vector<Sent> sent = SentSince(world, first);
  REQUIRE(sent.size() == 6);
  CHECK(sent[0].call == "GET /pools");
  CHECK(sent[1].call == "GET /nodecounts");

  CHECK(sent[2].call == "PATCH /pools/render-linux");
  CHECK(sent[2].if_match == etag);
  const auto patch = ParseJson(sent[2].body);
  REQUIRE(patch);
  CHECK(patch->FindPath("startTask.commandLine")->AsString() == "printenv");
  CHECK(ReadMetadata(*patch).front() == MetadataItem{"team", "render"});
  CHECK(patch->AsObject().size() == 2);

  CHECK(sent[3].call == "GET /pools/render-linux");

  CHECK(sent[4].call == "POST /pools/render-linux/resize");
  CHECK(sent[4].if_match != etag);
  CHECK(sent[4].body == R"({"targetDedicatedNodes":4,"targetLowPriorityNodes":0})");

  CHECK(sent[5].call == "GET /pools/render-linux");
  CHECK(world.StatusOf("render-linux").condition == Condition::kProgressing);
  CHECK(world.last.next_due - world.clock.Now() == std::chrono::seconds(5));

  REQUIRE(world.RunUntilReady());
  (void)world.TakeWrites();
  world.Run();
  CHECK(world.TakeWrites().empty());
  const std::string no_changes = "No changes. 1 pool matches " + world.specs->revision + ".\n";
  CHECK(world.PlanText().ends_with(
      "render-linux: 2 nodes booted before 2026-01-01T00:01:12Z may run the old start task\n" +
      no_changes));
}

TEST_CASE("killed after the PATCH, the next process only resizes") {
  keeper::Keeper world;
  world.tree.Write("pools/render.yaml", RenderSpec(2, "hostname"));
  REQUIRE(world.RunUntilReady());
  (void)world.TakeWrites();

  world.tree.Write("pools/render.yaml", RenderSpec(4, "printenv"));
  world.transport.kill = [](const HttpRequest& request, bool after) {
    return after && request.method == "PATCH";
  };
  CHECK_THROWS_AS(world.Run(), doors::KeeperKilled);
  world.transport.kill = nullptr;
  CHECK(world.TakeWrites() == std::vector<std::string>{"PATCH /pools/render-linux"});

  world.Restart();
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == std::vector<std::string>{"POST /pools/render-linux/resize"});
}

TEST_CASE("somebody resizes between the read and the write: decided anew, cause Both") {
  keeper::Keeper world;
  world.tree.Write("pools/render.yaml", RenderSpec(2, "hostname"));
  REQUIRE(world.RunUntilReady());
  (void)world.TakeWrites();

  world.tree.Write("pools/render.yaml", RenderSpec(4, "hostname"));
  bool once = true;
  world.transport.draw_fault = [&](const HttpRequest& request) {
    const bool hit = once && request.method == "POST";
    if (hit) once = false;
    return hit ? doors::Fault::kStaleEtag : doors::Fault::kNone;
  };
  world.transport.foreign_edit = [&](const HttpRequest&) {
    CHECK(world.Call("POST", "/pools/render-linux/resize",
                     R"({"targetDedicatedNodes":6,"targetLowPriorityNodes":0})") == 202);
  };
  world.Run();
  CHECK(world.last.outcomes.size() == 1);
  CHECK(world.last.outcomes[0].result == cycle::ActionOutcome::Result::kWait);
  REQUIRE(world.RunUntilReady());
  CHECK(world.Get("render-linux").IntOr("targetDedicatedNodes", 0) == 4);
  bool both = false;
  for (const Event& event : world.trace.events) both |= event.cause == Cause::kBoth;
  CHECK(both);
}

TEST_CASE("a new process knows from an earlier one that the target was changed in the spec") {
  keeper::Keeper world({.nodes_max = 2'000});
  world.tree.Write("pools/render.yaml", RenderSpec(2, "hostname"));
  REQUIRE(world.RunUntilReady());
  world.Restart();
  world.tree.Write("pools/render.yaml", RenderSpec(4, "hostname"));
  world.Run({.act = false});
  REQUIRE(world.last.plan.pools.size() == 1);
  REQUIRE(world.last.plan.pools[0].changes.size() == 1);
  CHECK(world.last.plan.pools[0].changes[0].cause == Cause::kSpecChanged);

  // Read, committed, and not carried out: it is still the spec that moved.
  world.state.frozen = true;
  world.Run();
  world.Restart();
  world.Run({.act = false});
  REQUIRE(world.last.plan.pools[0].changes.size() == 1);
  CHECK(world.last.plan.pools[0].changes[0].cause == Cause::kSpecChanged);

  // Somebody had moved the pool as well.
  REQUIRE(world.Call("POST", "/pools/render-linux/resize",
                     R"({"targetDedicatedNodes":7,"targetLowPriorityNodes":0})") == 202);
  world.Restart();
  world.Run({.act = false});
  REQUIRE(world.last.plan.pools[0].changes.size() == 1);
  CHECK(world.last.plan.pools[0].changes[0].cause == Cause::kBoth);
}

TEST_CASE("what an earlier process saw accuses nobody, and says nothing about another pool") {
  keeper::Keeper world({.nodes_max = 2'000});
  world.tree.Write("pools/render.yaml", RenderSpec(2, "hostname"));
  REQUIRE(world.RunUntilReady());
  const std::string created(world.Get("render-linux").StringOr("creationTime"));
  const auto resize = [&] {
    REQUIRE(world.Call("POST", "/pools/render-linux/resize",
                       R"({"targetDedicatedNodes":7,"targetLowPriorityNodes":0})") == 202);
  };
  const auto cause = [&] {
    world.Run({.act = false});
    REQUIRE(world.last.plan.pools[0].changes.size() == 1);
    return world.last.plan.pools[0].changes[0].cause;
  };
  const std::string key = "seen-demo.json";
  REQUIRE(world.state.blobs.contains(key));
  SUBCASE("the pool moved while nobody looked") {
    resize();
    world.Restart();
    CHECK(cause() == Cause::kUnknown);
  }
  SUBCASE("it is a pool of another creation time") {
    std::string& blob = world.state.blobs[key];
    const std::size_t at = blob.find(created);
    REQUIRE(at != std::string::npos);
    blob.replace(at, created.size(), "2001-01-01T00:00:00Z");
    world.tree.Write("pools/render.yaml", RenderSpec(4, "hostname"));
    world.Restart();
    CHECK(cause() == Cause::kUnknown);
  }
  SUBCASE("the file is garbage") {
    world.state.blobs[key] = "[1, {";
    world.tree.Write("pools/render.yaml", RenderSpec(4, "hostname"));
    world.Restart();
    CHECK(cause() == Cause::kUnknown);
  }
  SUBCASE("a quiet process writes nothing, and one that only looks never does") {
    world.state.blobs.erase(key);
    world.WritesOfCycles(2);
    CHECK_FALSE(world.state.blobs.contains(key));
    resize();
    world.Restart();
    world.Run({.act = false});
    CHECK_FALSE(world.state.blobs.contains(key));
  }
}
