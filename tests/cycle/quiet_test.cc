// Rows that do not change are not looked at again; what changes beside them must be seen all the
// same.
#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;
using Writes = std::vector<std::string>;

constexpr char kOne[] = "  targetDedicatedNodes: 1\n  startTask: {commandLine: hostname}\n";

/// One pool that has been quiet for some cycles.
struct Quiet {
  Quiet() {
    world.Spec("linux", kOne);
    world.Settle();
    for (int cycle = 0; cycle < 3; ++cycle) world.Run();
  }
  keeper::Keeper world;
};

}  // namespace

TEST_CASE("a freeze file shows on quiet pools too, and goes again") {
  Quiet quiet;
  quiet.world.state.frozen = true;
  quiet.world.Run();
  CHECK(quiet.world.StatusOf("linux").condition == Condition::kFrozen);
  quiet.world.state.frozen = false;
  quiet.world.Run();
  CHECK(quiet.world.StatusOf("linux").condition == Condition::kReady);
}

TEST_CASE("a spec that changes and changes back is seen each time") {
  Quiet quiet;
  quiet.world.Spec("linux", "  targetDedicatedNodes: 1\n  startTask: {commandLine: id}\n");
  quiet.world.Run({.act = false});
  CHECK(quiet.world.last.work_left);
  quiet.world.Spec("linux", kOne);
  quiet.world.Run({.act = false});
  CHECK_FALSE(quiet.world.last.work_left);
  CHECK(quiet.world.last.plan.Empty());
}

TEST_CASE("a quiet pool whose spec goes is an orphan, and is quiet again when it comes back") {
  Quiet quiet;
  quiet.world.Spec("other", "  targetDedicatedNodes: 0\n");
  quiet.world.Settle();
  quiet.world.tree.Remove("linux.yaml");
  for (int cycle = 0; cycle < 3; ++cycle) quiet.world.Run();
  CHECK(quiet.world.last.plan.orphans == std::vector<std::string>{"linux"});
  quiet.world.Spec("linux", kOne);
  for (int cycle = 0; cycle < 3; ++cycle) quiet.world.Run();
  CHECK(quiet.world.last.plan.orphans.empty());
  CHECK(quiet.world.StatusOf("linux").condition == Condition::kReady);
}

TEST_CASE("nodes that fail under a quiet row degrade the pool") {
  Quiet quiet;
  quiet.world.bent.on_answer = [](const HttpRequest& request, HttpAnswer& answer) {
    if (request.target.rfind("/nodecounts", 0) != 0) return;
    for (const auto& [from, to] :
         {std::pair{"\"idle\":1", "\"idle\":0"}, std::pair{"\"unusable\":0", "\"unusable\":1"}}) {
      const std::size_t at = answer.body.find(from);
      if (at != std::string::npos) answer.body.replace(at, std::string(from).size(), to);
    }
  };
  quiet.world.Run();
  CHECK(quiet.world.StatusOf("linux").reason == Reason::kNodesFailed);
  quiet.world.bent.on_answer = nullptr;
  quiet.world.Run();
  CHECK(quiet.world.StatusOf("linux").condition == Condition::kReady);
}

TEST_CASE("counts that fail after quiet cycles leave no pool Ready") {
  Quiet quiet;
  quiet.world.bent.on_answer = [](const HttpRequest& request, HttpAnswer& answer) {
    if (request.target.rfind("/nodecounts", 0) == 0) answer.body = "{";
  };
  quiet.world.Run();
  CHECK(quiet.world.StatusOf("linux").reason == Reason::kNodeCountsUnknown);
  quiet.world.bent.on_answer = nullptr;
  quiet.world.Run();
  CHECK(quiet.world.StatusOf("linux").condition == Condition::kReady);
}

TEST_CASE("a pool that vanishes after quiet cycles is made again") {
  Quiet quiet;
  REQUIRE(quiet.world.Call("DELETE", "/pools/linux") == 202);
  quiet.world.clock.Advance(std::chrono::minutes(1));
  REQUIRE(quiet.world.RunUntilReady());
  CHECK(quiet.world.TakeWrites() == Writes{"POST /pools"});
}

TEST_CASE("a copy of a quiet pool's stamp is seen beside the quiet row") {
  Quiet quiet;
  Value body;
  body.Set("id", "copy");
  body.Set("vmSize", "standard_d2_v3");
  const Value live = quiet.world.Get("linux");
  body.Set("virtualMachineConfiguration", *live.Find("virtualMachineConfiguration"));
  auto items = ReadMetadata(live);
  for (MetadataItem& item : items) {
    if (item.name == "poolkeeper.pool") item.value = "copy";
  }
  body.Set("metadata", WriteMetadata(items));
  REQUIRE(quiet.world.Call("POST", "/pools", WriteJson(body)) == 201);
  for (int cycle = 0; cycle < 3; ++cycle) {
    quiet.world.Run();
    CHECK(quiet.world.last.plan.orphans.empty());
    CHECK(quiet.world.last.unmanaged == 1);
    CHECK(quiet.world.StatusOf("linux").condition == Condition::kReady);
  }
}

TEST_CASE("a change of somebody else after quiet cycles has its true cause") {
  Quiet quiet;
  REQUIRE(quiet.world.Call("PATCH", "/pools/linux", R"({"startTask":{"commandLine":"whoami"}})") ==
          200);
  quiet.world.Run();
  CHECK(quiet.world.PlanOf("linux").changes.at(0).cause == Cause::kPoolChanged);
  CHECK(quiet.world.TakeWrites() == Writes{"PATCH /pools/linux"});
}
