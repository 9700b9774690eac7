// What is said, how often, and when it is said that it is over.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;
using std::chrono::minutes;

constexpr char kOne[] = "  targetDedicatedNodes: 1\n  startTask: {commandLine: hostname}\n";

void SetCommand(keeper::Keeper& world, const std::string& command) {
  REQUIRE(world.Call("PATCH", "/pools/linux",
                     R"({"startTask":{"commandLine":")" + command + R"("}})") == 200);
}

std::size_t Spoken(const keeper::Keeper& world) {
  return static_cast<std::size_t>(
      std::count_if(world.trace.events.begin(), world.trace.events.end(),
                    [](const Event& event) { return event.severity != Severity::kDebug; }));
}

/// An account in observe mode whose pool was made by a managing one.
struct Observed {
  Observed() {
    world.Spec("linux", kOne);
    world.Settle();
    world.Spec("linux", kOne, "  mode: observe\n");
    world.Run();
    world.trace.events.clear();
  }
  keeper::Keeper world;
};

}  // namespace

TEST_CASE("a drift is one WARNING when it appears, changes, each hour, and one INFO at its end") {
  Observed observed;
  keeper::Keeper& world = observed.world;
  SetCommand(world, "whoami");
  for (int cycle = 0; cycle < 50; ++cycle) world.RunAfter(minutes(1));
  auto told = world.Events(EventKind::kDifferenceFound);
  REQUIRE(told.size() == 1);
  CHECK(told[0].severity == Severity::kWarning);
  CHECK(told[0].pool == "linux");
  CHECK(told[0].property == "startTask.commandLine");
  CHECK(told[0].cause == Cause::kPoolChanged);
  CHECK(told[0].fields[0].second == "\"whoami\"");
  CHECK(told[0].fields[1].second == "\"hostname\"");

  SetCommand(world, "id");
  for (int cycle = 0; cycle < 30; ++cycle) world.RunAfter(minutes(1));
  CHECK(world.Events(EventKind::kDifferenceFound).size() == 2);
  for (int cycle = 0; cycle < 125; ++cycle) world.RunAfter(minutes(1));
  CHECK(world.Events(EventKind::kDifferenceFound).size() >= 4);
  CHECK(world.Events(EventKind::kDifferenceFound).size() <= 6);
  CHECK(world.Events(EventKind::kDifferenceEnded).empty());

  SetCommand(world, "hostname");
  for (int cycle = 0; cycle < 5; ++cycle) world.Run();
  told = world.Events(EventKind::kDifferenceEnded);
  REQUIRE(told.size() == 1);
  CHECK(told[0].severity == Severity::kInfo);
  CHECK(told[0].property == "startTask.commandLine");
}

TEST_CASE("quiet cycles say nothing") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  world.Run();
  const std::size_t before = Spoken(world);
  for (int cycle = 0; cycle < 100; ++cycle) world.Run();
  CHECK(Spoken(world) == before);
}

TEST_CASE("a change of the spec is no WARNING") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  world.Spec("linux", "  targetDedicatedNodes: 1\n  startTask: {commandLine: printenv}\n");
  world.Run();
  const auto told = world.Events(EventKind::kDifferenceFound);
  REQUIRE_FALSE(told.empty());
  CHECK(told.back().severity == Severity::kInfo);
  CHECK(told.back().cause == Cause::kSpecChanged);
  world.Run();
  CHECK(world.Events(EventKind::kDifferenceEnded).size() == told.size());
}

TEST_CASE("a failing list neither ends nor repeats what was said before") {
  Observed observed;
  keeper::Keeper& world = observed.world;
  SetCommand(world, "whoami");
  world.Run();
  CHECK(world.Events(EventKind::kDifferenceFound).size() == 1);
  world.transport.draw_fault = [](const HttpRequest&) { return doors::Fault::kError500; };
  for (int cycle = 0; cycle < 5; ++cycle) world.Run();
  world.transport.draw_fault = nullptr;
  world.Run();
  CHECK(world.Events(EventKind::kDifferenceFound).size() == 1);
  CHECK(world.Events(EventKind::kDifferenceEnded).empty());
  CHECK(world.Events(EventKind::kCycleFailed).size() == 1);
  CHECK(world.Events(EventKind::kCycleRecovered).size() == 1);
}

TEST_CASE("an account out of reach speaks again when it fails at another stage, or when asked to") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  world.trace.events.clear();
  auto at = FailedAt::kName;
  world.transport.draw_fault = [](const HttpRequest&) { return doors::Fault::kRefused; };
  world.bent.on_answer = [&](const HttpRequest&, HttpAnswer& answer) { answer.failed_at = at; };
  for (int cycle = 0; cycle < 5; ++cycle) world.Run();
  CHECK(world.Events(EventKind::kCycleFailed).size() == 1);
  at = FailedAt::kTls;
  for (int cycle = 0; cycle < 5; ++cycle) world.Run();
  CHECK(world.Events(EventKind::kCycleFailed).size() == 2);
  world.account->alerts.SayAgain(cycle::kObserveAlert);
  for (int cycle = 0; cycle < 5; ++cycle) world.Run();
  CHECK(world.Events(EventKind::kCycleFailed).size() == 3);
}

TEST_CASE("a condition is told when it changes, with its reason, and the status keeps its time") {
  keeper::Keeper world;
  world.Spec("linux", "  targetDedicatedNodes: 0\n  targetLowPriorityNodes: 2\n");
  world.Settle();
  const Instant ready_since = world.StatusOf("linux").since;
  world.RunAfter(minutes(5));
  CHECK(world.StatusOf("linux").since == ready_since);
  world.trace.events.clear();
  world.service.Preempt("demo", "linux", 1);
  world.RunNow();
  const auto told = world.Events(EventKind::kConditionChanged);
  REQUIRE(told.size() == 1);
  CHECK(told[0].severity == Severity::kWarning);
  CHECK(told[0].reason == Reason::kPreempted);
  CHECK(world.StatusOf("linux").since > ready_since);
}

TEST_CASE("an image near its end of life is one warning for each step") {
  keeper::Keeper world;
  std::string text = keeper::PoolText("linux", "  targetDedicatedNodes: 0\n");
  const std::string old = "offer: ubuntuserver, sku: 18.04-lts";
  text.replace(text.find(old), old.size(), "offer: 0001-com-ubuntu-server-focal, sku: 20_04-lts");
  world.tree.Write("linux.yaml", text);
  world.Settle();
  for (int cycle = 0; cycle < 5; ++cycle) world.Run();
  CHECK(world.Events(EventKind::kImageWarning).size() == 1);
  CHECK(world.StatusOf("linux").condition == Condition::kReady);
  REQUIRE(world.StatusOf("linux").image_days.has_value());
  CHECK(*world.StatusOf("linux").image_days == 59);
  world.RunAfter(std::chrono::hours(24 * 31));
  world.Run();
  CHECK(world.Events(EventKind::kImageWarning).size() == 2);
  world.RunAfter(std::chrono::hours(24 * 31));
  world.Run();
  CHECK(world.StatusOf("linux").condition == Condition::kDegraded);
  CHECK(world.StatusOf("linux").reason == Reason::kImageEndOfLife);
  CHECK(world.Events(EventKind::kImageWarning).size() == 3);
  CHECK(world.TakeWrites().empty());
}

TEST_CASE("each alert that lasts ends with one INFO of the cycle that saw its end") {
  keeper::Keeper world;
  world.Spec("linux", "  targetDedicatedNodes: 1\n");
  world.Spec("other", "  targetDedicatedNodes: 1\n");
  world.Settle();
  world.trace.events.clear();
  const auto ends = [&](EventKind found, EventKind ended, auto&& mend) {
    for (int cycle = 0; cycle < 3; ++cycle) world.RunNow();
    const auto begun = world.Events(found);
    REQUIRE(begun.size() == 1);
    CHECK(begun[0].severity != Severity::kInfo);
    CHECK(world.Events(ended).empty());
    mend();
    for (int cycle = 0; cycle < 3; ++cycle) world.Run();
    const auto over = world.Events(ended);
    REQUIRE(over.size() == 1);
    CHECK(over[0].severity == Severity::kInfo);
    CHECK(over[0].pool == begun[0].pool);
    CHECK(over[0].account == "demo");
    CHECK(over[0].cycle.size() == 8);
    CHECK(over[0].cycle != begun[0].cycle);
    CHECK(over[0].revision.starts_with("sha256:"));
    CHECK(world.Events(found).size() == 1);
    // The end is a line of the pass that saw it, not of the one before.
    const auto cycles = world.Events(EventKind::kCycleEnded);
    CHECK(over[0].cycle == cycles[cycles.size() - 3].cycle);
  };
  SUBCASE("an orphan") {
    world.tree.Remove("other.yaml");
    ends(EventKind::kOrphanFound, EventKind::kOrphanEnded,
         [&] { world.Spec("other", "  targetDedicatedNodes: 1\n"); });
  }
  SUBCASE("a freeze") {
    world.state.frozen = true;
    ends(EventKind::kFrozen, EventKind::kThawed, [&] { world.state.frozen = false; });
  }
  SUBCASE("a spec that broke") {
    world.tree.Write("other.yaml", keeper::PoolText("other", "  nodes: 1\n"));
    ends(EventKind::kFrozen, EventKind::kThawed,
         [&] { world.Spec("other", "  targetDedicatedNodes: 1\n"); });
  }
  SUBCASE("a plan that a guard parked") {
    world.Spec("linux", "  targetDedicatedNodes: 0\n");
    world.Spec("other", "  targetDedicatedNodes: 0\n");
    ends(EventKind::kPlanParked, EventKind::kPlanReleased, [&] {
      world.Spec("linux", "  targetDedicatedNodes: 1\n");
      world.Spec("other", "  targetDedicatedNodes: 1\n");
    });
  }
  SUBCASE("an account that cannot be read") {
    world.transport.draw_fault = [](const HttpRequest&) { return doors::Fault::kError500; };
    ends(EventKind::kCycleFailed, EventKind::kCycleRecovered,
         [&] { world.transport.draw_fault = nullptr; });
  }
}

TEST_CASE("a full state folder is one warning while it lasts, and one line when it is over") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  world.trace.events.clear();
  world.state.full = true;
  world.Spec("linux", "  targetDedicatedNodes: 2\n");
  for (int cycle = 0; cycle < 30; ++cycle) world.RunAfter(minutes(1));
  CHECK(world.Events(EventKind::kStateFailed).size() == 1);
  CHECK(world.Events(EventKind::kStateFailed)[0].detail == "no space left on device");
  CHECK(world.last.state_problem == "no space left on device");
  for (int cycle = 0; cycle < 40; ++cycle) world.RunAfter(minutes(1));
  CHECK(world.Events(EventKind::kStateFailed).size() == 2);  // an hour later
  CHECK(world.Events(EventKind::kStateRecovered).empty());
  world.state.full = false;
  for (int cycle = 0; cycle < 3; ++cycle) world.RunAfter(minutes(1));
  CHECK(world.Events(EventKind::kStateRecovered).size() == 1);
  CHECK(world.Events(EventKind::kStateFailed).size() == 2);
  CHECK(world.last.state_problem.empty());
}

TEST_CASE("a pool that nobody claimed, an orphan and a freeze are one line each") {
  keeper::Keeper world;
  world.Spec("linux", "  targetDedicatedNodes: 0\n");
  world.Spec("other", "  targetDedicatedNodes: 0\n");
  world.Settle();
  world.trace.events.clear();
  const auto count_lines = [&] {
    std::size_t lines = 0;
    for (const Event& event : world.trace.events) {
      if (event.severity != Severity::kDebug && event.kind != EventKind::kCycleEnded) ++lines;
    }
    return lines;
  };
  SUBCASE("orphan") {
    world.tree.Remove("other.yaml");
    for (int cycle = 0; cycle < 3; ++cycle) world.RunNow();
    CHECK(world.Events(EventKind::kOrphanFound).size() == 1);
    CHECK(count_lines() == 1);
  }
  SUBCASE("freeze") {
    world.state.frozen = true;
    world.Spec("other", "  targetDedicatedNodes: 1\n");
    for (int cycle = 0; cycle < 3; ++cycle) world.RunNow();
    CHECK(world.Events(EventKind::kFrozen).size() == 1);
    CHECK(world.Events(EventKind::kDifferenceFound).size() == 1);
    CHECK(count_lines() == 2);
  }
  SUBCASE("a pool that went while nobody looked") {
    REQUIRE(world.Call("DELETE", "/pools/other") == 202);
    world.clock.Advance(minutes(5));
    world.Restart();
    world.RunNow();
    const auto told = world.Events(EventKind::kDifferenceFound, "other");
    REQUIRE(told.size() == 1);
    CHECK(told[0].cause == Cause::kPoolChanged);
    CHECK(told[0].detail == "the pool is gone, nobody here deleted it");
    REQUIRE(world.RunUntilReady());
  }
}
