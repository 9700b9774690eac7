// Whatever callers do to pools, nodes, jobs and tasks, the books stay right and time goes on.
#include <doctest/doctest.h>

#include "tests/emulator/random.h"
#include "tests/emulator/test/job_world.h"

namespace emulator {
namespace {

using std::chrono::seconds;

constexpr int kSlots = 3;

struct Walk : JobWorld {
  explicit Walk(std::uint64_t seed)
      : JobWorld(3, fmt::format(R"(,"targetLowPriorityNodes":1,"taskSlotsPerNode":{})", kSlots)),
        random(seed) {
    Call("POST", "/jobs", Job("k", R"(,"priority":5,"constraints":{"maxTaskRetryCount":1})"));
    Call("POST", "/pools", LinuxPool("q", R"(,"targetDedicatedNodes":1)"));
  }
  template <class... Text>
  std::string One(Text... texts) {
    const std::vector<std::string> all{texts...};
    return all[random.Below(all.size())];
  }
  std::string SomeJob() { return "/jobs/" + One("j", "k"); }
  std::string SomeTask() { return SomeJob() + fmt::format("/tasks/t{}", random.Below(40)); }
  std::string SomePool() { return "/pools/" + One("p", "q"); }
  std::string Option() { return One("requeue", "terminate", "taskcompletion", "retaineddata"); }
  std::string NodeId(const std::string& pool) {
    const Json nodes = Get(pool + "/nodes");
    const Json* const value = nodes.Find("value");
    if (value == nullptr || value->AsList()->empty()) return "none";
    return value->AsList()->at(random.Below(value->AsList()->size())).Text("id");
  }

  void Step() {
    const std::string pool = SomePool();
    switch (random.Below(14)) {
      case 0:
      case 1:
      case 2:
        Call("POST", SomeJob() + "/tasks",
             fmt::format(R"({{"id":"t{}","commandLine":"sleep {}; exit {}","requiredSlots":{},)"
                         R"("constraints":{{"retentionTime":"PT1M"}}}})",
                         random.Below(40), random.Below(100), random.Below(2),
                         1 + random.Below(kSlots)));
        return;
      case 3:
        Call("POST", pool + "/resize",
             fmt::format(R"({{"targetDedicatedNodes":{},"targetLowPriorityNodes":{},)"
                         R"("resizeTimeout":"PT5M","nodeDeallocationOption":"{}"}})",
                         random.Below(5), random.Below(3), Option()));
        return;
      case 4:
        Call("POST", pool + "/removenodes",
             fmt::format(R"({{"nodeList":["{}"],"nodeDeallocationOption":"{}"}})", NodeId(pool),
                         Option()));
        return;
      case 5: {
        const std::string action = One("reboot", "reimage", "deallocate");
        const std::string name = action == "deallocate" ? "nodeDeallocateOption"
                                 : action == "reboot"   ? "nodeRebootOption"
                                                        : "nodeReimageOption";
        Call("POST", pool + "/nodes/" + NodeId(pool) + '/' + action,
             fmt::format(R"({{"{}":"{}"}})", name, Option()));
        return;
      }
      case 6:
        Call("POST", pool + "/nodes/" + NodeId(pool) + '/' +
                         One("start", "enablescheduling", "disablescheduling"));
        return;
      case 7:
        Call("POST", SomeJob() + "/disable",
             fmt::format(R"({{"disableTasks":"{}"}})", One("requeue", "terminate", "wait")));
        return;
      case 8:
        Call("POST", SomeJob() + "/enable");
        return;
      case 9:
        Call("PATCH", SomeJob(),
             fmt::format(R"({{"poolInfo":{{"poolId":"{}"}}}})", One("p", "q", "later")));
        return;
      case 10:
        Call("POST", SomeTask() + '/' + One("terminate", "reactivate"));
        return;
      case 11:
        Call("DELETE", random.Below(8) == 0 ? pool : SomeTask());
        return;
      case 12:
        if (random.Below(2) == 0) {
          Call("POST", pool + "/enableautoscale",
               R"({"autoScaleFormula":"$TargetDedicatedNodes=$PendingTasks;)"
               R"($NodeDeallocationOption=taskcompletion","autoScaleEvaluationInterval":"PT5M"})");
        } else {
          Call("POST", pool + "/disableautoscale");
        }
        return;
      default:
        service.Preempt("demo", "p", 1);
        Call("POST", pool + "/stopresize");
        Call("POST", "/pools", LinuxPool(One("p", "q"), R"(,"targetDedicatedNodes":2)"));
    }
  }

  /// Running tasks of all nodes, each checked on the way.
  std::int64_t RunningOnNodes() {
    std::int64_t running = 0;
    const Json pools = Get("/pools?$select=id,taskSlotsPerNode");
    for (const Json& pool : *pools.Find("value")->AsList()) {
      const Json nodes = Get("/pools/" + pool.Text("id") + "/nodes");
      for (const Json& node : *nodes.Find("value")->AsList()) {
        const std::int64_t here = IntegerAt(node, "runningTasksCount");
        running += here;
        CHECK(IntegerAt(node, "runningTaskSlotsCount") >= here);
        CHECK(IntegerAt(node, "runningTaskSlotsCount") <= IntegerAt(pool, "taskSlotsPerNode"));
        if (node.Text("state") == "idle" || node.Text("state") == "offline") CHECK(here == 0);
        if (node.Text("state") == "running") CHECK(here > 0);
      }
    }
    return running;
  }
  void CheckBooks() {
    std::int64_t running = 0;
    for (const char* const job : {"j", "k"}) {
      std::int64_t active = 0, completed = 0, here = 0;
      const Json tasks = Get("/jobs/" + std::string(job) + "/tasks");
      for (const Json& task : *tasks.Find("value")->AsList()) {
        active += task.Text("state") == "active" ? 1 : 0;
        here += task.Text("state") == "running" ? 1 : 0;
        completed += task.Text("state") == "completed" ? 1 : 0;
        CHECK((task.Find("nodeInfo") != nullptr) >= (task.Text("state") == "running"));
      }
      const Json counts = Get("/jobs/" + std::string(job) + "/taskcounts");
      CHECK(IntegerAt(*counts.Find("taskCounts"), "active") == active);
      CHECK(IntegerAt(*counts.Find("taskCounts"), "running") == here);
      CHECK(IntegerAt(*counts.Find("taskCounts"), "completed") == completed);
      if (JobIs(job) == "disabled") CHECK(here == 0);
      running += here;
    }
    CHECK(RunningOnNodes() == running);
    const auto next = service.NextEvent();
    CHECK((!next || *next > now));
  }

  Random random;
};

TEST_CASE("a random walk over pools, nodes, jobs and tasks keeps the books right") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    Walk world{seed};
    for (int step = 0; step < 80; ++step) {
      CAPTURE(step);
      world.Step();
      if (world.random.Below(2) == 0) world.Pass(seconds{world.random.Below(60)});
      world.CheckBooks();
    }
    world.Pass(std::chrono::hours{24});
    world.CheckBooks();
  }
}

}  // namespace
}  // namespace emulator
