// Callers who do to pools, nodes, jobs and tasks whatever a seed draws.
#pragma once

#include <string>
#include <vector>

#include "tests/emulator/random.h"
#include "tests/emulator/test/job_world.h"

namespace emulator {

inline constexpr int kSlots = 3;

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

  Random random;
};

}  // namespace emulator
