// Whatever callers do to pools, nodes, jobs and tasks, the books stay right and time goes on.
#include <doctest/doctest.h>

#include "tests/emulator/test/walk.h"

namespace emulator {
namespace {

using std::chrono::seconds;

struct CheckedWalk : Walk {
  using Walk::Walk;

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
};

TEST_CASE("a random walk over pools, nodes, jobs and tasks keeps the books right") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    CheckedWalk world{seed};
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
