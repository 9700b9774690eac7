// Allocations that end short, nodes that go away, and nodes that are older than their start task.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;
using std::chrono::minutes;
using std::chrono::seconds;
using Writes = std::vector<std::string>;

constexpr char kFour[] = "  targetDedicatedNodes: 4\n";

/// Minutes between the retries of a pool whose allocation fails with `code` again and again.
std::vector<long> RetryGaps(keeper::Keeper& world, const std::string& code, std::size_t wanted) {
  std::vector<long> gaps;
  Tick before = world.clock.Now();
  for (int cycle = 0; cycle < 2'000 && gaps.size() < wanted; ++cycle) {
    world.service.FailNextAllocation("demo", "linux", {code, {0, 0}});
    world.Run();
    for (const auto& outcome : world.last.outcomes) {
      if (outcome.step != plan::StepKind::kRetryAllocation) continue;
      gaps.push_back(std::chrono::duration_cast<minutes>(world.clock.Now() - before).count());
      before = world.clock.Now();
    }
  }
  world.RunAfter(seconds(5));
  return gaps;
}

std::size_t Alerts(const keeper::Keeper& world, Reason reason) {
  return static_cast<std::size_t>(
      std::count_if(world.trace.events.begin(), world.trace.events.end(), [&](const Event& event) {
        return event.reason == reason && event.severity == Severity::kWarning;
      }));
}

}  // namespace

TEST_CASE("a failed allocation is asked for again after 5 minutes, doubling to an hour") {
  keeper::Keeper world;
  world.service.FailNextAllocation("demo", "linux", {"AllocationTimedout", {1, 0}});
  world.Spec("linux", kFour);
  CHECK(RetryGaps(world, "AllocationTimedout", 6) == std::vector<long>{5, 10, 20, 40, 60, 60});
  CHECK(world.StatusOf("linux").condition == Condition::kDegraded);
  CHECK(world.StatusOf("linux").reason == Reason::kAllocationFailed);
  CHECK(world.StatusOf("linux").message.find("AllocationTimedout") != std::string::npos);
  CHECK(world.last.plan.Blocked() == 0);
}

TEST_CASE("the plan names the retry, its error and the number of tries") {
  keeper::Keeper world;
  world.service.FailNextAllocation("demo", "linux", {"AllocationTimedout", {1, 0}});
  world.Spec("linux", kFour);
  world.Run();
  world.RunAfter(seconds(5));
  world.service.FailNextAllocation("demo", "linux", {"AllocationTimedout", {1, 0}});
  world.RunAfter(minutes(6));
  CHECK(world.PlanText().find("retry allocation (1 of 4, AllocationTimedout, 1st try)") !=
        std::string::npos);
  world.RunAfter(seconds(5));
  world.RunAfter(minutes(11));
  CHECK(world.PlanText().find("2nd try") != std::string::npos);
  REQUIRE(world.RunUntilReady());
  CHECK(world.StatusOf("linux").nodes_current == 4);
  CHECK(world.WritesOfCycles(3).empty());
}

TEST_CASE("where a quota is reached the first retry is in half an hour") {
  keeper::Keeper world;
  world.service.FailNextAllocation("demo", "linux", {"AccountCoreQuotaReached", {1, 0}});
  world.Spec("linux", kFour);
  CHECK(RetryGaps(world, "AccountCoreQuotaReached", 3) == std::vector<long>{30, 60, 60});
  CHECK(world.StatusOf("linux").reason == Reason::kQuotaReached);
}

TEST_CASE("a resize that somebody else stopped is an alert and is asked for after an hour") {
  keeper::Keeper world;
  world.Spec("linux", "  targetDedicatedNodes: 1\n");
  world.Settle();
  world.Spec("linux", kFour);
  world.Run();
  REQUIRE(world.Call("POST", "/pools/linux/stopresize") == 202);
  (void)world.TakeWrites();
  world.RunAfter(seconds(5));
  CHECK(world.StatusOf("linux").condition == Condition::kDegraded);
  CHECK(world.StatusOf("linux").reason == Reason::kStoppedByOther);
  const Tick seen = world.clock.Now();
  while (world.TakeWrites().empty()) world.Run();
  CHECK(std::chrono::duration_cast<minutes>(world.clock.Now() - seen).count() == 60);
  CHECK(Alerts(world, Reason::kStoppedByOther) == 1);
  REQUIRE(world.RunUntilReady());
  CHECK(world.StatusOf("linux").nodes_current == 4);
}

TEST_CASE("a new target does not wait for the backoff of the old one") {
  keeper::Keeper world;
  world.service.FailNextAllocation("demo", "linux", {"AllocationTimedout", {1, 0}});
  world.Spec("linux", kFour);
  world.Run();
  world.RunAfter(seconds(5));
  (void)world.TakeWrites();
  world.Spec("linux", "  targetDedicatedNodes: 2\n");
  world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/resize"});
  REQUIRE(world.RunUntilReady());
}

TEST_CASE("Spot nodes that were taken away degrade the pool until they are back") {
  keeper::Keeper world;
  world.Spec("linux", "  targetDedicatedNodes: 0\n  targetLowPriorityNodes: 3\n");
  world.Settle();
  CHECK(world.service.Preempt("demo", "linux", 2) == 2);
  world.RunNow();
  CHECK(world.StatusOf("linux").condition == Condition::kDegraded);
  CHECK(world.StatusOf("linux").reason == Reason::kPreempted);
  CHECK(world.StatusOf("linux").message == "2 of 3 Spot nodes preempted");
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites().empty());
}

TEST_CASE("nodes whose start task failed degrade the pool") {
  keeper::Keeper world;
  world.service.FailStartTasks("demo", "linux", true);
  world.Spec("linux",
             "  targetDedicatedNodes: 2\n"
             "  startTask: {commandLine: /bin/false, waitForSuccess: true}\n");
  for (int cycle = 0; cycle < 6; ++cycle) world.Run();
  CHECK(world.StatusOf("linux").condition == Condition::kDegraded);
  CHECK(world.StatusOf("linux").reason == Reason::kNodesFailed);
  CHECK(world.StatusOf("linux").message == "2 of 2 nodes startTaskFailed");
}

TEST_CASE("nodes that are older than their start task are named until they are new") {
  keeper::Keeper world;
  world.Spec("linux", "  targetDedicatedNodes: 2\n  startTask: {commandLine: hostname}\n");
  world.Settle();
  CHECK(world.StatusOf("linux").notes.empty());
  world.clock.Advance(minutes(10));
  world.Spec("linux", "  targetDedicatedNodes: 2\n  startTask: {commandLine: printenv}\n");
  REQUIRE(world.RunUntilReady());
  world.Run();
  CHECK(world.StatusOf("linux").condition == Condition::kReady);
  REQUIRE(world.StatusOf("linux").notes.size() == 1);
  CHECK(world.StatusOf("linux").notes[0].rfind("NodesNotRefreshed: 2 nodes booted before", 0) == 0);
  // The nodes go and come back: by a resize to nothing and back, which somebody else does.
  world.Spec("linux", "  targetDedicatedNodes: 0\n  startTask: {commandLine: printenv}\n");
  REQUIRE(world.RunUntilReady());
  world.Spec("linux", "  targetDedicatedNodes: 2\n  startTask: {commandLine: printenv}\n");
  REQUIRE(world.RunUntilReady());
  world.Run();
  CHECK(world.StatusOf("linux").notes.empty());
}

TEST_CASE(
    "nodes that booted in the minute of the change are named by a process that starts later") {
  keeper::Keeper world;
  world.Spec("linux", "  targetDedicatedNodes: 2\n  startTask: {commandLine: hostname}\n");
  // The nodes boot early in a minute.
  const auto into_minute = world.clock.Wall().time_since_epoch() % minutes(1);
  world.clock.Advance(minutes(1) - std::chrono::duration_cast<Tick>(into_minute));
  const auto minute_now = [&] { return std::chrono::floor<minutes>(world.clock.Wall()); };
  REQUIRE(world.RunUntilReady());
  const auto ready_in = minute_now();
  world.Spec("linux", "  targetDedicatedNodes: 2\n  startTask: {commandLine: printenv}\n");
  world.RunNow();
  REQUIRE(minute_now() == ready_in);
  world.Restart();
  world.Run({.act = false});
  REQUIRE(world.StatusOf("linux").notes.size() == 1);
  CHECK(world.StatusOf("linux").notes[0].rfind("NodesNotRefreshed: 2 nodes booted before", 0) == 0);
}
