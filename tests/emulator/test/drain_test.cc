// What becomes of running tasks when their node, pool or job goes.
#include <doctest/doctest.h>

#include "tests/emulator/test/job_world.h"

namespace emulator {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// A task that runs for a minute on the only node.
struct Busy : JobWorld {
  explicit Busy(int nodes = 1) : JobWorld(nodes) { Add("t"); }
  Response Shrink(const std::string& option) {
    return Call(
        "POST", "/pools/p/resize",
        fmt::format(R"({{"targetDedicatedNodes":0,"nodeDeallocationOption":"{}"}})", option));
  }
  std::string PoolIs() {
    const Json pool = Get("/pools/p");
    return fmt::format("{} {}", pool.Text("allocationState"),
                       IntegerAt(pool, "currentDedicatedNodes"));
  }
  std::string ResizeError() {
    const Json pool = Get("/pools/p");
    const Json* const errors = pool.Find("resizeErrors");
    return errors == nullptr ? "" : errors->AsList()->at(0).Text("code");
  }
};

TEST_CASE("a shrink that requeues takes the node at once, the task waits") {
  Busy world;
  world.Shrink("requeue");
  CHECK(world.TaskIs("t") == "active 1");
  CHECK(world.Get("/jobs/j/tasks/t").Find("nodeInfo") == nullptr);
  CHECK(world.States() == "leavingpool");
  world.Pass(seconds{2});
  CHECK(world.PoolIs() == "steady 0");
  world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":1})");
  world.Pass(seconds{10});
  CHECK(world.TaskIs("t") == "running 1");
}

TEST_CASE("a shrink that terminates ends the task") {
  Busy world;
  world.Shrink("terminate");
  CHECK(world.TaskIs("t") == "completed 0");
  CHECK(world.Get("/jobs/j/tasks/t").At({"executionInfo", "failureInfo"})->Text("code") ==
        "TaskEnded");
  world.Pass(seconds{2});
  CHECK(world.PoolIs() == "steady 0");
}

TEST_CASE("a shrink that waits for tasks ends with the last of them") {
  Busy world;
  world.Shrink("taskcompletion");
  world.Add("u");
  CHECK(world.States() == "leavingpool");
  CHECK(IntegerAt(world.Node(), "runningTasksCount") == 1);
  world.Pass(seconds{59});
  CHECK(world.PoolIs() == "resizing 1");
  CHECK(world.TaskIs("t") == "running 0");
  world.Pass(seconds{1});
  CHECK(world.TaskIs("t") == "completed 0");
  CHECK(world.TaskIs("u") == "active 0");
  CHECK(world.PoolIs() == "steady 0");
  CHECK(world.ResizeError().empty());
}

TEST_CASE("a shrink that waits is over as soon as somebody ends the task") {
  Busy world;
  world.Shrink("taskcompletion");
  world.Pass(seconds{30});
  world.Call("POST", "/jobs/j/tasks/t/terminate");
  CHECK(world.PoolIs() == "steady 0");
}

TEST_CASE("tasks that outlast the resize timeout keep their node and leave an error") {
  JobWorld world;
  world.Add("t", "sleep 2h");
  world.Call("POST", "/pools/p/resize",
             R"({"targetDedicatedNodes":0,"resizeTimeout":"PT5M",)"
             R"("nodeDeallocationOption":"taskcompletion"})");
  world.Pass(minutes{5} - seconds{1});
  CHECK(world.Get("/pools/p").Text("allocationState") == "resizing");
  world.Pass(seconds{1});
  const Json pool = world.Get("/pools/p");
  CHECK(pool.Text("allocationState") == "steady");
  CHECK(IntegerAt(pool, "currentDedicatedNodes") == 1);
  CHECK(pool.Find("resizeErrors")->AsList()->at(0).Text("code") == "AllocationTimedout");
  CHECK(world.States() == "running");
  world.Add("u", "sleep 1");
  world.Pass(hours{3});
  CHECK(world.TaskIs("u") == "completed 0");
}

TEST_CASE("a node that keeps the data of its tasks stays until they are no longer retained") {
  JobWorld world;
  world.Add("t", "sleep 10", R"(,"constraints":{"retentionTime":"PT3M"})");
  world.Call("POST", "/pools/p/resize",
             R"({"targetDedicatedNodes":0,"nodeDeallocationOption":"retaineddata"})");
  world.Pass(minutes{3});
  CHECK(world.Get("/pools/p").Text("allocationState") == "resizing");
  world.Pass(seconds{10});
  CHECK(world.Get("/pools/p").Text("allocationState") == "steady");
  CHECK(IntegerAt(world.Get("/pools/p"), "currentDedicatedNodes") == 0);
}

TEST_CASE("removed nodes wait for their tasks, too") {
  Busy world{2};
  const bool first = world.Node(0).Text("state") == "running";
  const std::string id = world.Node(first ? 0 : 1).Text("id");
  world.Call("POST", "/pools/p/removenodes",
             fmt::format(R"({{"nodeList":["{}"],"resizeTimeout":"PT5M",)"
                         R"("nodeDeallocationOption":"taskcompletion"}})",
                         id));
  world.Pass(seconds{30});
  CHECK(world.PoolIs() == "resizing 2");
  world.Pass(seconds{30});
  CHECK(world.PoolIs() == "steady 1");
  CHECK(world.TaskIs("t") == "completed 0");
}

TEST_CASE("requeued tasks go on on the nodes that stay") {
  Busy world{2};
  const bool first = world.Node(0).Text("state") == "running";
  world.Call("POST", "/pools/p/removenodes",
             fmt::format(R"({{"nodeList":["{}"]}})", world.Node(first ? 0 : 1).Text("id")));
  CHECK(world.TaskIs("t") == "running 1");
}

TEST_CASE("a pool that is deleted requeues its tasks; the job waits for a pool of that name") {
  Busy world;
  world.Call("DELETE", "/pools/p");
  CHECK(world.TaskIs("t") == "active 1");
  world.Pass(minutes{1});
  CHECK(world.Call("GET", "/pools/p").status == 404);
  CHECK(world.JobIs() == "active");
  world.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":1)"));
  world.Pass(seconds{20});
  CHECK(world.TaskIs("t") == "running 1");
}

TEST_CASE("a preempted node requeues its task") {
  JobWorld world{0, R"(,"targetLowPriorityNodes":1)"};
  world.Add("t");
  CHECK(world.service.Preempt("demo", "p", 1) == 1);
  CHECK(world.TaskIs("t") == "active 1");
  world.Pass(minutes{1});
  CHECK(world.TaskIs("t") == "running 1");
}

TEST_CASE("a reboot requeues, ends or awaits the tasks of the node") {
  for (const std::string option : {"requeue", "terminate", "taskcompletion"}) {
    CAPTURE(option);
    Busy world;
    const std::string node = "/pools/p/nodes/" + world.Node().Text("id");
    world.Call("POST", node + "/reboot", R"({"nodeRebootOption":")" + option + "\"}");
    CHECK(world.States() == "rebooting");
    const bool waits = option == "taskcompletion";
    CHECK(world.TaskIs("t") ==
          (waits ? "running 0" : (option == "requeue" ? "active 1" : "completed 0")));
    world.Pass(seconds{59});
    CHECK((world.States() == "rebooting") == waits);
    world.Pass(seconds{1});
    CHECK((world.States() == "rebooting") == waits);
    world.Pass(seconds{10});
    CHECK(world.States() == "idle");
    CHECK(world.TaskIs("t") == (option == "requeue" ? "completed 1" : "completed 0"));
  }
}

TEST_CASE("a node that is deallocated for good has waited for its task") {
  Busy world;
  const std::string node = "/pools/p/nodes/" + world.Node().Text("id");
  world.Call("POST", node + "/deallocate", R"({"nodeDeallocateOption":"taskcompletion"})");
  world.Pass(seconds{59});
  CHECK(world.States() == "deallocating");
  CHECK(world.TaskIs("t") == "running 0");
  world.Pass(seconds{5});
  CHECK(world.States() == "deallocated");
  world.Add("u");
  CHECK(world.TaskIs("u") == "active 0");
  world.Call("POST", node + "/start");
  world.Pass(seconds{5});
  CHECK(world.TaskIs("u") == "running 0");
}

TEST_CASE("a node that takes no more tasks runs on or gives them back") {
  Busy world;
  const std::string node = "/pools/p/nodes/" + world.Node().Text("id");
  world.Call("POST", node + "/disablescheduling",
             R"({"nodeDisableSchedulingOption":"taskcompletion"})");
  world.Add("u");
  CHECK(world.States() == "running");
  world.Pass(minutes{1});
  CHECK(world.States() == "offline");
  CHECK(world.TaskIs("u") == "active 0");
  world.Call("POST", node + "/enablescheduling");
  CHECK(world.TaskIs("u") == "running 0");
  world.Call("POST", node + "/disablescheduling");
  CHECK(world.TaskIs("u") == "active 1");
  CHECK(world.States() == "offline");
}

TEST_CASE("a node that takes no more tasks takes none into its free slots") {
  JobWorld world{1, R"(,"taskSlotsPerNode":2)"};
  world.Add("t");
  world.Call("POST", "/pools/p/nodes/" + world.Node().Text("id") + "/disablescheduling",
             R"({"nodeDisableSchedulingOption":"taskcompletion"})");
  world.Add("u");
  CHECK(world.TaskIs("t") == "running 0");
  CHECK(world.TaskIs("u") == "active 0");
}

TEST_CASE("a disabled job requeues, ends or awaits its tasks, and starts none") {
  for (const std::string option : {"requeue", "terminate", "wait"}) {
    CAPTURE(option);
    Busy world;
    world.Call("POST", "/jobs/j/disable", R"({"disableTasks":")" + option + "\"}");
    world.Add("u");
    world.Pass(seconds{30});
    const bool waits = option == "wait";
    CHECK(world.JobIs() == (waits ? "disabling" : "disabled"));
    CHECK(world.States() == (waits ? "running" : "idle"));
    world.Pass(seconds{31});
    CHECK(world.JobIs() == "disabled");
    CHECK(world.TaskIs("t") == (option == "requeue" ? "active 1" : "completed 0"));
    CHECK(world.TaskIs("u") == "active 0");
    world.Call("POST", "/jobs/j/enable");
    world.Pass(seconds{1});
    CHECK(world.States() == "running");
  }
}

TEST_CASE("a disabled job can be pointed at another pool and goes on there") {
  Busy world;
  world.Call("POST", "/pools", LinuxPool("q", R"(,"targetDedicatedNodes":1)"));
  world.Pass(seconds{20});
  const std::string other = R"({"poolInfo":{"poolId":"q"}})";
  CHECK(CodeOf(world.Call("PATCH", "/jobs/j", other)) == SwitchesOfRun().wrong_state_code);
  CHECK(world.Call("PATCH", "/jobs/j", R"({"poolInfo":{"poolId":"P"}})").status == 200);
  world.Call("POST", "/jobs/j/disable", R"({"disableTasks":"requeue"})");
  world.Pass(seconds{1});
  CHECK(world.Call("PATCH", "/jobs/j", other).status == 200);
  world.Call("POST", "/jobs/j/enable");
  world.Pass(seconds{1});
  CHECK(world.TaskIs("t") == "running 1");
  CHECK(world.States("p") == "idle");
  CHECK(world.States("q") == "running");
  CHECK(world.Get("/jobs/j").Find("executionInfo")->Text("poolId") == "q");
}

TEST_CASE("a job that is terminated or deleted ends its tasks") {
  Busy world;
  world.Add("u");
  world.Call("POST", "/jobs/j/terminate");
  CHECK(world.States() == "idle");
  CHECK(world.Counts() == "active=1 completed=1 failed=1");
  world.Pass(minutes{2});
  CHECK(world.TaskIs("u") == "active 0");
  Busy other;
  other.Call("DELETE", "/jobs/j");
  CHECK(other.States() == "idle");
  other.Pass(minutes{2});
  CHECK(IntegerAt(other.Node(), "totalTasksRun") == 1);
}

}  // namespace
}  // namespace emulator
