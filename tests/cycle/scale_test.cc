// Targets and autoscale: growing, shrinking, switching, letting go.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;
using Writes = std::vector<std::string>;

constexpr char kResize[] = "POST /pools/linux/resize";
constexpr char kAuto[] =
    "  enableAutoScale: true\n  autoScaleFormula: $TargetDedicatedNodes = 2;\n";

std::string Dedicated(int nodes) { return fmt::format("  targetDedicatedNodes: {}\n", nodes); }

std::string Both(int dedicated, int spot) {
  return Dedicated(dedicated) + fmt::format("  targetLowPriorityNodes: {}\n", spot);
}

std::int64_t Target(keeper::Keeper& world, const std::string& which) {
  return world.Get("linux").IntOr("target" + which + "Nodes", -1);
}

void SomebodyResizes(keeper::Keeper& world, int dedicated, int spot) {
  REQUIRE(world.Call("POST", "/pools/linux/resize",
                     fmt::format(R"({{"targetDedicatedNodes":{},"targetLowPriorityNodes":{}}})",
                                 dedicated, spot)) == 202);
}

}  // namespace

TEST_CASE("growing and shrinking are one resize each, then quiet") {
  keeper::Keeper world;
  world.Spec("linux", Dedicated(1));
  world.Settle();
  for (const int nodes : {4, 1, 0, 2}) {
    CAPTURE(nodes);
    world.Spec("linux", Dedicated(nodes));
    world.Run();
    CHECK(world.TakeWrites() == Writes{kResize});
    CHECK(world.PlanOf("linux").changes.front().cause == Cause::kSpecChanged);
    REQUIRE(world.RunUntilReady());
    CHECK(Target(world, "Dedicated") == nodes);
    CHECK(world.StatusOf("linux").nodes_current == nodes);
    CHECK(world.WritesOfCycles(2).empty());
  }
}

TEST_CASE("a target that the spec does not name is sent as it is") {
  keeper::Keeper world;
  world.Spec("linux", Both(1, 3));
  world.Settle();
  world.Spec("linux", Dedicated(2));
  world.Run();
  CHECK(world.TakeWrites() == Writes{kResize});
  CHECK(world.PlanText().find("released targetLowPriorityNodes, stays 3") != std::string::npos);
  REQUIRE(world.RunUntilReady());
  CHECK(Target(world, "Dedicated") == 2);
  CHECK(Target(world, "LowPriority") == 3);
  SomebodyResizes(world, 2, 1);  // theirs now
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites().empty());
  SomebodyResizes(world, 5, 1);  // ours
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{kResize});
  CHECK(Target(world, "Dedicated") == 2);
  CHECK(Target(world, "LowPriority") == 1);
}

TEST_CASE("autoscale is switched on and off again, and each time the pool comes to rest") {
  keeper::Keeper world;
  world.Spec("linux", Dedicated(1));
  world.Settle();
  world.Spec("linux", kAuto);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/enableautoscale"});
  CHECK(world.Get("linux").BoolOr("enableAutoScale", false));
  CHECK(world.StatusOf("linux").nodes_current == 2);
  CHECK(world.WritesOfCycles(2).empty());

  world.Spec("linux", Dedicated(1));
  world.Run();
  CHECK(world.PlanText().find("enableAutoScale") != std::string::npos);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/disableautoscale", kResize});
  CHECK_FALSE(world.Get("linux").BoolOr("enableAutoScale", true));
  CHECK(world.StatusOf("linux").nodes_current == 1);
  CHECK(world.WritesOfCycles(2).empty());
}

TEST_CASE("a changed formula is enabled anew, on a pool that already scales itself") {
  keeper::Keeper world;
  world.Spec("linux", kAuto);
  world.Settle();
  world.clock.Advance(std::chrono::minutes(1));
  world.Spec("linux", "  enableAutoScale: true\n  autoScaleFormula: $TargetDedicatedNodes = 4;\n");
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/enableautoscale"});
  CHECK(world.StatusOf("linux").nodes_current == 4);
}

TEST_CASE("two changes of a formula within 30 s: the pool waits, the account does not") {
  keeper::Keeper world;
  world.Spec("linux", kAuto);
  world.Spec("other", Dedicated(1));
  world.Settle();
  for (const int nodes : {3, 4}) {
    world.Spec("linux", fmt::format("  enableAutoScale: true\n  autoScaleFormula: "
                                    "$TargetDedicatedNodes = {};\n",
                                    nodes));
    world.Run();
    while (nodes == 3 && world.Get("linux").StringOr("allocationState") != "steady") {
      world.clock.Advance(std::chrono::seconds(1));
    }
    world.last.next_due = {};
  }
  REQUIRE_FALSE(world.last.outcomes.empty());
  CHECK(world.last.outcomes.back().code == "TooManyEnableAutoScaleRequests");
  CHECK_FALSE(world.account->hold_until.has_value());
  CHECK(world.StatusOf("linux").reason == Reason::kThrottled);
  world.Spec("other", Dedicated(2));
  (void)world.TakeWrites();
  world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools/other/resize"});
  REQUIRE(world.RunUntilReady());
  CHECK(world.StatusOf("linux").nodes_current == 4);
}

TEST_CASE("a deleted target line is released once, and the pool keeps its nodes") {
  keeper::Keeper world;
  world.Spec("linux", Dedicated(3));
  world.Settle();
  world.Spec("linux");
  world.Run();
  CHECK(
      world.PlanText().find("released targetDedicatedNodes, stays 3; write 0 to empty the pool") !=
      std::string::npos);
  CHECK_FALSE(world.last.work_left);
  CHECK(world.last.plan.Empty());
  world.Run();
  CHECK(world.PlanText().find("released") == std::string::npos);
  for (int cycle = 0; cycle < 3; ++cycle) world.Run();
  CHECK(world.TakeWrites().empty());
  CHECK(world.Events(EventKind::kReleased).size() == 1);
  CHECK(Target(world, "Dedicated") == 3);
  CHECK(world.StatusOf("linux").condition == Condition::kReady);
}

TEST_CASE("from autoscale to one target the other one is released as the formula left it") {
  keeper::Keeper world;
  world.Spec("linux",
             "  enableAutoScale: true\n  autoScaleFormula: |\n    $TargetDedicatedNodes = 1;\n"
             "    $TargetLowPriorityNodes = 2;\n");
  world.Settle();
  world.Spec("linux", Dedicated(1));
  world.Run();
  CHECK(world.PlanText().find("released targetLowPriorityNodes, stays 2") != std::string::npos);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites().front() == "POST /pools/linux/disableautoscale");
  CHECK(Target(world, "Dedicated") == 1);
  CHECK(Target(world, "LowPriority") == 2);
}

TEST_CASE("`enableAutoScale: false` alone keeps autoscale off and leaves the size alone") {
  keeper::Keeper world;
  world.Spec("linux", "  enableAutoScale: false\n");
  world.Settle();
  REQUIRE(world.Call("POST", "/pools/linux/enableautoscale",
                     R"({"autoScaleFormula":"$TargetDedicatedNodes = 2;"})") == 200);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/disableautoscale"});
  CHECK(Target(world, "Dedicated") == 2);
  CHECK(world.WritesOfCycles(2).empty());
}

TEST_CASE("a resize of somebody else that still runs is waited for") {
  keeper::Keeper world;
  world.Spec("linux", Dedicated(1));
  world.Settle();
  SomebodyResizes(world, 6, 0);
  world.RunNow();
  CHECK(world.TakeWrites().empty());
  CHECK(world.PlanText().find("policy.resize.onPending: stop does not wait") != std::string::npos);
  const auto alerts = world.Events(EventKind::kDifferenceFound);
  REQUIRE_FALSE(alerts.empty());
  CHECK(alerts.back().cause == Cause::kPoolChanged);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{kResize});
  CHECK(Target(world, "Dedicated") == 1);
}

TEST_CASE("a resize of somebody else that still runs is stopped where the policy says so") {
  keeper::Keeper world;
  world.Spec("linux", Dedicated(1), "  resize: {onPending: stop}\n");
  world.Settle();
  SomebodyResizes(world, 6, 0);
  world.RunNow();
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/stopresize"});
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{kResize});
  CHECK(Target(world, "Dedicated") == 1);
  CHECK(world.Events(EventKind::kConditionChanged).size() > 0);
  for (const Event& event : world.trace.events) CHECK(event.reason != Reason::kStoppedByOther);
}

TEST_CASE("our own running resize is never stopped") {
  keeper::Keeper world;
  world.Spec("linux", Dedicated(1), "  resize: {onPending: stop}\n");
  world.Settle();
  world.Spec("linux", Dedicated(3), "  resize: {onPending: stop}\n");
  world.Run();
  world.RunNow();
  CHECK(world.StatusOf("linux").reason == Reason::kResizing);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{kResize});
}

TEST_CASE("an accepted resize without effect is parked until the spec changes") {
  keeper::Keeper world;
  world.Spec("linux", Dedicated(1));
  world.Settle();
  // The service says 202 and does nothing.
  world.bent.on_request = [](HttpRequest& request) {
    if (request.target.find("/resize?") != std::string::npos) request.method = "GET";
  };
  std::string etag;
  world.bent.on_answer = [&](const HttpRequest& request, HttpAnswer& answer) {
    if (request.target.find("/resize?") == std::string::npos) return;
    answer.status = 202;
    answer.body.clear();
    answer.headers = {{"ETag", std::string(world.Get("linux").StringOr("eTag"))}};
  };
  world.Spec("linux", Dedicated(2));
  world.Run();
  CHECK(world.last.writes == 1);
  CHECK(world.StatusOf("linux").condition == Condition::kBlocked);
  CHECK(world.StatusOf("linux").reason == Reason::kNotSticking);
  for (int cycle = 0; cycle < 4; ++cycle) {
    world.Run();
    CHECK(world.last.writes == 0);
  }
  world.bent.on_request = nullptr;
  world.bent.on_answer = nullptr;
  world.Spec("linux", Dedicated(3));
  REQUIRE(world.RunUntilReady());
  CHECK(Target(world, "Dedicated") == 3);
}
