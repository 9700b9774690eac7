// Moments of which a state must not forget anything: what is wished, waited for, or on its way out.
#include <doctest/doctest.h>

#include <functional>

#include "tests/emulator/test/job_world.h"

namespace emulator {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Moment : JobWorld {
  explicit Moment(ServiceConfig given = TestConfig()) : JobWorld(2, "", given), config(given) {}

  std::string View() {
    std::string out;
    for (const char* const path :
         {"/pools", "/jobs", "/jobschedules", "/jobs/j/tasks", "/pools/p/nodes", "/nodecounts"}) {
      const Response answer = Call("GET", path);
      out += fmt::format("{} {}\n", answer.status, answer.body);
    }
    return out;
  }
  /// Whether a service that is loaded now sees the same after `act` and after each of five minutes.
  void GoesOn(const std::function<void(World&)>& act = [](World&) {}) {
    Moment loaded(config);
    REQUIRE(std::holds_alternative<Instant>(loaded.service.LoadState(service.SaveState())));
    loaded.now = now;
    act(*this);
    act(loaded);
    for (int minute = 0; minute < 5; ++minute) {
      CAPTURE(minute);
      CHECK(loaded.View() == View());
      loaded.Pass(minutes{1});
      Pass(minutes{1});
    }
  }
  ServiceConfig config;
};

void Grow(World& world) {
  CHECK(world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":5})").status == 202);
}

/// Makes the service ask again when the pool is due.
void SomethingElse(World& world) {
  CHECK(world
            .Call("POST", "/jobs/j/tasks",
                  fmt::format(R"({{"id":"{}","commandLine":"sleep 1"}})",
                              "t" + std::to_string(world.now.time_since_epoch().count())))
            .status == 201);
}

TEST_CASE("state: a wished failure waits for the next resize") {
  Moment world;
  world.service.FailNextAllocation("demo", "p", {"AllocationFailed", {1, 0}});
  world.GoesOn(Grow);
  CHECK(IntegerAt(world.Get("/pools/p"), "currentDedicatedNodes") == 3);
}

TEST_CASE("state: cores in use count for quotas") {
  ServiceConfig config = TestConfig();
  config.accounts.front().dedicated_core_quota = 6;
  Moment world(config);
  world.GoesOn(Grow);
  CHECK(IntegerAt(world.Get("/pools/p"), "currentDedicatedNodes") == 3);
}

TEST_CASE("state: jobs and schedules that are being deleted go, a former state is told") {
  Moment world;
  world.Call("POST", "/jobschedules",
             R"({"id":"s","schedule":{"recurrenceInterval":"PT1H"},)"
             R"("jobSpecification":{"poolInfo":{"poolId":"p"}}})");
  world.Call("POST", "/jobs", JobWorld::Job("k"));
  world.Call("POST", "/jobs/k/disable", R"({"disableTasks":"requeue"})");
  world.Pass(seconds{10});
  world.Call("DELETE", "/jobs/j");
  world.Call("DELETE", "/jobschedules/s");
  world.GoesOn();
  CHECK(world.Call("GET", "/jobs/j").status == 404);
  CHECK(world.Call("GET", "/jobschedules/s").status == 404);
}

TEST_CASE("state: a node waits for its task, and says so when it waited too long") {
  for (const bool too_long : {false, true}) {
    CAPTURE(too_long);
    Moment world;
    world.Add("t", too_long ? "sleep 60m" : "sleep 90");
    const std::string node = world.Node(0).Text("state") == "running" ? world.Node(0).Text("id")
                                                                      : world.Node(1).Text("id");
    CHECK(world
              .Call("POST", "/pools/p/removenodes",
                    R"({"resizeTimeout":"PT5M","nodeDeallocationOption":"taskcompletion",)"
                    R"("nodeList":[")" +
                        node + R"("]})")
              .status == 202);
    world.GoesOn(SomethingElse);
    world.GoesOn(SomethingElse);
    const Json pool = world.Get("/pools/p");
    CHECK((pool.Find("resizeErrors") != nullptr) == too_long);
  }
}

TEST_CASE("state: a node stays until the data of its tasks may go") {
  Moment world;
  world.Add("t", "sleep 5", R"(,"constraints":{"retentionTime":"PT3M"})");
  world.Pass(seconds{10});
  const std::string node = world.Get("/jobs/j/tasks/t").Find("nodeInfo")->Text("nodeId");
  CHECK(world
            .Call("POST", "/pools/p/removenodes",
                  R"({"nodeDeallocationOption":"retaineddata","nodeList":[")" + node + R"("]})")
            .status == 202);
  world.GoesOn(SomethingElse);
  CHECK(IntegerAt(world.Get("/pools/p"), "currentDedicatedNodes") == 1);
}

TEST_CASE("state: a reboot waits for the node's task") {
  Moment world;
  world.Add("t", "sleep 90");
  const std::string node = world.Get("/jobs/j/tasks/t").Find("nodeInfo")->Text("nodeId");
  CHECK(world
            .Call("POST", "/pools/p/nodes/" + node + "/reboot",
                  R"({"nodeRebootOption":"taskcompletion"})")
            .status == 202);
  world.GoesOn(SomethingElse);
}

TEST_CASE("state: a job tells the state before its last one") {
  Moment world;
  for (const char* const action : {"disable", "enable"}) {
    CAPTURE(action);
    world.Call("POST", std::string("/jobs/j/") + action, R"({"disableTasks":"requeue"})");
    CHECK(world.Get("/jobs/j").Find("previousState") != nullptr);
    world.GoesOn();
  }
}

TEST_CASE("state: nodes go on in the state that somebody forced") {
  Moment world;
  CHECK(world.service.ForceNodes("demo", "p", NodeState::kUnusable, 1, true) == 1);
  world.GoesOn();
  CHECK(world.States().find("unusable") != std::string::npos);
}

TEST_CASE("state: the pause between two enableautoscale calls goes on") {
  Moment world;
  const std::string body =
      R"({"autoScaleFormula":"$TargetDedicatedNodes=1","autoScaleEvaluationInterval":"PT5M"})";
  CHECK(world.Call("POST", "/pools/p/enableautoscale", body).status == 200);
  world.Pass(seconds{10});
  world.GoesOn(
      [&](World& one) { CHECK(one.Call("POST", "/pools/p/enableautoscale", body).status == 503); });
}

}  // namespace
}  // namespace emulator
