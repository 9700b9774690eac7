// A pool with nodes that are idle, and a job that runs on it.
#pragma once

#include <fmt/format.h>

#include "tests/emulator/test/world.h"

namespace emulator {

struct JobWorld : World {
  explicit JobWorld(int nodes = 1, const std::string& members = "",
                    ServiceConfig config = TestConfig())
      : World(std::move(config)) {
    Call("POST", "/pools",
         LinuxPool("p", fmt::format(R"(,"targetDedicatedNodes":{}{})", nodes, members)));
    Call("POST", "/jobs", Job("j"));
    Pass(std::chrono::seconds{20});
    Get("/pools");
  }
  static std::string Job(const std::string& id, const std::string& more = "",
                         const std::string& pool = "p") {
    return fmt::format(R"({{"id":"{}","poolInfo":{{"poolId":"{}"}}{}}})", id, pool, more);
  }
  Response Add(const std::string& id, const std::string& line = "sleep 60",
               const std::string& more = "", const std::string& job = "j") {
    return Call("POST", "/jobs/" + job + "/tasks",
                fmt::format(R"({{"id":"{}","commandLine":"{}"{}}})", id, line, more));
  }
  /// State and node count of a task: `running 0`; the count is of requeues.
  std::string TaskIs(const std::string& id, const std::string& job = "j") {
    const Json task = Get("/jobs/" + job + "/tasks/" + id);
    return fmt::format("{} {}", task.Text("state"),
                       IntegerAt(*task.Find("executionInfo"), "requeueCount"));
  }
  std::string JobIs(const std::string& job = "j") { return Get("/jobs/" + job).Text("state"); }
  Json Node(std::size_t place = 0, const std::string& pool = "p") {
    const Json nodes = Get("/pools/" + pool + "/nodes");
    return nodes.Find("value")->AsList()->at(place);
  }
  /// States of the nodes, sorted by node id: `idle running`.
  std::string States(const std::string& pool = "p") {
    std::string out;
    const Json nodes = Get("/pools/" + pool + "/nodes");
    for (const Json& node : *nodes.Find("value")->AsList()) {
      out += (out.empty() ? "" : " ") + node.Text("state");
    }
    return out;
  }
  /// `active=1 running=2`: the counts that are not 0.
  std::string Counts(const std::string& job = "j", const char* member = "taskCounts") {
    std::string out;
    const Json counts = Get("/jobs/" + job + "/taskcounts");
    for (const JsonMember& count : *counts.Find(member)->AsObject()) {
      if (*count.value.AsInteger() == 0) continue;
      out += fmt::format("{}{}={}", out.empty() ? "" : " ", count.name, *count.value.AsInteger());
    }
    return out;
  }
};

}  // namespace emulator
