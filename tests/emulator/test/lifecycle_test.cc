// Resizing, nodes and autoscale as time goes by.
#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"
#include "tests/emulator/vm_size.h"

namespace emulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Sized : World {
  explicit Sized(int dedicated, int spot = 0, ServiceConfig config = TestConfig(),
                 const std::string& members = "")
      : World(std::move(config)) {
    Call("POST", "/pools",
         LinuxPool("p", fmt::format(R"(,"targetDedicatedNodes":{},"targetLowPriorityNodes":{}{})",
                                    dedicated, spot, members)));
    Pass(seconds{20});
  }
  Response Resize(const std::string& body) { return Call("POST", "/pools/p/resize", body); }
  std::int64_t Number(const char* name) { return IntegerAt(Get("/pools/p"), name); }
  std::string Text(const char* name) { return Get("/pools/p").Text(name); }
  /// `code1 code2` of resizeErrors.
  std::string Errors() {
    const Json pool = Get("/pools/p");
    std::string out;
    if (const Json* const errors = pool.Find("resizeErrors")) {
      for (const Json& error : *errors->AsList())
        out += (out.empty() ? "" : " ") + error.Text("code");
    }
    return out;
  }
  /// Node counts that are not 0: `idle=2 total=2`.
  std::string Counts(const char* kind = "dedicated") {
    const Json counts = Get("/nodecounts?$filter=poolId%20eq%20%27p%27");
    const Json* const of_kind = (*counts.Find("value")->AsList())[0].Find(kind);
    std::string out;
    for (const JsonMember& count : *of_kind->AsObject()) {
      if (*count.value.AsInteger() == 0) continue;
      out += fmt::format("{}{}={}", out.empty() ? "" : " ", count.name, *count.value.AsInteger());
    }
    return out;
  }
  std::vector<std::string> NodeIds() {
    std::vector<std::string> ids;
    const Json nodes = Get("/pools/p/nodes");
    for (const Json& node : *nodes.Find("value")->AsList()) ids.push_back(node.Text("id"));
    return ids;
  }
};

TEST_CASE("nodes come at the end of the resize and boot one stage after the other") {
  ServiceConfig config = TestConfig();
  config.timings.resize = seconds{2};
  Sized world{0, 0, config, R"(,"startTask":{"commandLine":"x"})"};
  CHECK(world.Resize(R"({"targetDedicatedNodes":2,"targetLowPriorityNodes":0})").status == 202);
  CHECK(world.Text("allocationState") == "resizing");
  CHECK(world.Number("targetDedicatedNodes") == 2);
  CHECK(world.Number("currentDedicatedNodes") == 0);
  world.Pass(seconds{2});
  CHECK(world.Text("allocationState") == "steady");
  CHECK(world.Number("currentDedicatedNodes") == 2);
  CHECK(world.Counts() == "creating=2 total=2");
  world.Pass(milliseconds{1150});
  CHECK(world.Counts() == "starting=2 total=2");
  world.Pass(milliseconds{1100});
  CHECK(world.Counts() == "waitingForStartTask=2 total=2");
  world.Pass(milliseconds{1100});
  CHECK(world.Counts() == "idle=2 total=2");
}

TEST_CASE("a start task that is not waited for does not hold the node back") {
  ServiceConfig config = TestConfig();
  config.timings.start_task = minutes{10};
  Sized waits{1, 0, config, R"(,"startTask":{"commandLine":"x"})"};
  CHECK(waits.Counts() == "waitingForStartTask=1 total=1");
  Sized goes_on{1, 0, config, R"(,"startTask":{"commandLine":"x","waitForSuccess":false})"};
  CHECK(goes_on.Counts() == "idle=1 total=1");
  const Json nodes = goes_on.Get("/pools/p/nodes");
  CHECK((*nodes.Find("value")->AsList())[0].At({"startTaskInfo"})->Text("state") == "running");
}

TEST_CASE("a failed start task shows on the node") {
  ServiceConfig config = TestConfig();
  config.start_task_failure_percent = 100;
  Sized world{1, 0, config, R"(,"startTask":{"commandLine":"x"})"};
  CHECK(world.Counts() == "startTaskFailed=1 total=1");
  const Json nodes = world.Get("/pools/p/nodes?$select=id,startTaskInfo");
  const Json& node = (*nodes.Find("value")->AsList())[0];
  CHECK(node.AsObject()->size() == 2);
  CHECK(node.Find("startTaskInfo")->Text("result") == "failure");
  CHECK(node.At({"startTaskInfo", "failureInfo"})->Text("category") == "usererror");
}

TEST_CASE("a node keeps the start task it got") {
  Sized world{1, 0, TestConfig(), R"(,"startTask":{"commandLine":"old"})"};
  world.Call("PATCH", "/pools/p", R"({"startTask":{"commandLine":"new"}})");
  world.Resize(R"({"targetDedicatedNodes":2,"targetLowPriorityNodes":0})");
  world.Pass(seconds{20});
  std::string commands;
  const Json nodes = world.Get("/pools/p/nodes");
  for (const Json& node : *nodes.Find("value")->AsList()) {
    commands += node.Find("startTask")->Text("commandLine") + " ";
  }
  CHECK((commands == "old new " || commands == "new old "));
}

TEST_CASE("shrinking lets nodes leave until the end of the resize") {
  Sized world{3};
  const std::string etag = world.Text("eTag");
  const Response resized = world.Resize(R"({"targetDedicatedNodes":1,"targetLowPriorityNodes":0})");
  CHECK(HeaderOf(resized, "ETag") != etag);
  CHECK(world.Counts() == "idle=1 leavingPool=2 total=3");
  CHECK(world.Number("currentDedicatedNodes") == 3);
  world.Pass(seconds{2});
  CHECK(world.Counts() == "idle=1 total=1");
}

TEST_CASE("resize keeps the timeout it was given and refuses a second one") {
  Sized world{0, 0, DefaultSide()};
  CHECK(
      world
          .Resize(
              R"({"targetDedicatedNodes":"1","resizeTimeout":"PT30M","nodeDeallocationOption":"Requeue"})")
          .status == 202);
  CHECK(world.Text("resizeTimeout") == "PT30M");
  CHECK(CodeOf(world.Resize(R"({"targetDedicatedNodes":1})")) == "PoolBeingResized");
  CHECK(CodeOf(world.Resize(R"({"targetDedicatedNodes":1,"resizeTimeout":"PT1M"})")) ==
        "InvalidPropertyValue");
  CHECK(CodeOf(world.Resize(R"({"targetDedicatedNodes":1,"nodeDeallocationOption":"now"})")) ==
        "InvalidPropertyValue");
  CHECK(CodeOf(world.Resize(R"({"targetDedicatedNodes":1,"nodeList":["n"]})")) ==
        "InvalidRequestBody");
  world.Pass(seconds{2});
  world.Resize(R"({"targetDedicatedNodes":1})");
  CHECK(world.Text("resizeTimeout") == "PT15M");
}

TEST_CASE("a target that is left out becomes the current count") {
  Sized world{0, 2};
  world.Resize(R"({"targetDedicatedNodes":1})");
  CHECK(world.Number("targetLowPriorityNodes") == 2);
}

TEST_CASE("stopresize keeps the targets and the etag, and leaves errors until the next resize") {
  Sized world{1};
  world.Resize(R"({"targetDedicatedNodes":4,"targetLowPriorityNodes":2})");
  const std::string etag = world.Text("eTag");
  CHECK(world.Call("POST", "/pools/p/stopresize").status == 202);
  CHECK(world.Text("allocationState") == "stopping");
  CHECK(world.Errors().empty());
  CHECK(world.Call("POST", "/pools/p/stopresize").status == 409);
  world.Pass(seconds{2});
  CHECK(world.Text("allocationState") == "steady");
  CHECK(world.Text("eTag") == etag);
  CHECK(world.Number("targetDedicatedNodes") == 4);
  CHECK(world.Number("currentDedicatedNodes") == 1);
  CHECK(world.Errors() == "ResizeStopped ResizeStopped");
  const Json pool = world.Get("/pools/p");
  CHECK(
      (*pool.Find("resizeErrors")->AsList())[1].Text("message") ==
      "Desired number of low priority nodes could not be allocated due to a stop resize operation");
  world.Pass(minutes{60});
  CHECK(world.Errors() == "ResizeStopped ResizeStopped");
  world.Resize(R"({"targetDedicatedNodes":1,"targetLowPriorityNodes":0})");
  CHECK(world.Errors().empty());
  world.Pass(seconds{2});
  CHECK(world.Errors().empty());
  CHECK(world.Call("POST", "/pools/p/stopresize").status == 409);
}

TEST_CASE("a stopped shrink finishes without errors") {
  Sized world{2};
  world.Resize(R"({"targetDedicatedNodes":1,"targetLowPriorityNodes":0})");
  world.Call("POST", "/pools/p/stopresize");
  world.Pass(seconds{2});
  CHECK(world.Errors().empty());
  CHECK(world.Number("currentDedicatedNodes") == 1);
}

TEST_CASE("the core quota grants what fits and says so") {
  ServiceConfig config = TestConfig();
  config.accounts[0].dedicated_core_quota = 5;
  Sized world{4, 1, config};
  CHECK(world.Number("currentDedicatedNodes") == 2);
  CHECK(world.Number("currentLowPriorityNodes") == 1);
  CHECK(world.Errors() == "AccountCoreQuotaReached");
  world.Call("POST", "/pools", LinuxPool("q", R"(,"targetDedicatedNodes":1)"));
  world.Pass(seconds{3});
  CHECK(IntegerAt(world.Get("/pools/q"), "currentDedicatedNodes") == 0);
  world.Resize(R"({"targetDedicatedNodes":0,"targetLowPriorityNodes":0})");
  world.Pass(seconds{3});
  world.Call("POST", "/pools/q/resize", R"({"targetDedicatedNodes":2})");
  world.Pass(seconds{3});
  CHECK(IntegerAt(world.Get("/pools/q"), "currentDedicatedNodes") == 2);
}

TEST_CASE("the quota of a VM family counts beside that of the account, the tighter one is named") {
  ServiceConfig config = TestConfig();
  config.accounts[0].dedicated_core_quota = 7;
  config.accounts[0].family_core_quotas = {{"standardDv3Family", 4}};
  Sized world{3, 3, config};
  CHECK(world.Number("currentDedicatedNodes") == 2);
  CHECK(world.Number("currentLowPriorityNodes") == 3);
  CHECK(world.Errors() == "AccountVMSeriesCoreQuotaReached");
  const auto other = [&](const std::string& size) {
    std::string body = LinuxPool("q", R"(,"targetDedicatedNodes":2)");
    body.replace(body.find("STANDARD_D2_V3"), 14, size);
    world.Call("POST", "/pools", body);
    world.Pass(seconds{3});
    const Json pool = world.Get("/pools/q");
    world.Call("DELETE", "/pools/q");
    world.Pass(seconds{10});
    const Json* const errors = pool.Find("resizeErrors");
    return fmt::format("{} {}", IntegerAt(pool, "currentDedicatedNodes"),
                       errors == nullptr ? "" : (*errors->AsList())[0].Text("code"));
  };
  CHECK(other("Standard_D2_v3") == "0 AccountVMSeriesCoreQuotaReached");
  CHECK(other("Standard_D1s_v3") == "2 ");
  CHECK(other("Standard_D2s_v3") == "1 AccountCoreQuotaReached");
}

TEST_CASE("families are those of Resource Manager, cores those of the name") {
  CHECK(FamilyOf("standard_d2s_v3") == "standarddsv3family");
  CHECK(FamilyOf("standard_e4-2ds_v5") == "standardedsv5family");
  CHECK(FamilyOf("standard_nc24ads_a100_v4") == "standardncadsa100v4family");
  CHECK(FamilyOf("standard_a1") == "standardafamily");
  CHECK(CoresOf("standard_nc24ads_a100_v4") == 24);
  CHECK(CoresOf("standard_e4-2ds_v5") == 4);
  CHECK(CoresOf("x") == 1);
}

TEST_CASE("deleting a pool and stopping a resize give their cores back") {
  ServiceConfig config = TestConfig();
  config.accounts[0].dedicated_core_quota = 2;
  World world{config};
  for (int i = 0; i < 3; ++i) {
    world.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":1)"));
    if (i == 1) world.Call("POST", "/pools/p/stopresize");
    world.Pass(seconds{i == 0 ? 0 : 10});
    world.Call("DELETE", "/pools/p");
    world.Pass(seconds{10});
  }
  world.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":1)"));
  world.Pass(seconds{3});
  CHECK(IntegerAt(world.Get("/pools/p"), "currentDedicatedNodes") == 1);
}

TEST_CASE("an allocation can be made to fail once") {
  Sized world{0};
  world.service.FailNextAllocation("demo", "P", {"AllocationTimedout", {1, 0}});
  world.Resize(R"({"targetDedicatedNodes":3,"targetLowPriorityNodes":0})");
  world.Pass(seconds{2});
  CHECK(world.Errors() == "AllocationTimedout");
  CHECK(world.Number("currentDedicatedNodes") == 1);
  world.Resize(R"({"targetDedicatedNodes":3,"targetLowPriorityNodes":0})");
  world.Pass(seconds{2});
  CHECK(world.Errors().empty());
  CHECK(world.Number("currentDedicatedNodes") == 3);
}

TEST_CASE("a slow allocation runs into the resize timeout") {
  ServiceConfig config = TestConfig();
  config.timings.nodes_per_second = 0.01;
  Sized world{20, 0, config};
  CHECK(world.Text("allocationState") == "resizing");
  world.Pass(minutes{15});
  CHECK(world.Text("allocationState") == "steady");
  CHECK(world.Number("currentDedicatedNodes") == 9);
  CHECK(world.Errors() == "AllocationTimedout");
}

TEST_CASE("preempted nodes stay in the pool and come back") {
  Sized world{0, 2};
  CHECK(world.service.Preempt("demo", "p", 1) == 1);
  CHECK(world.Counts("lowPriority") == "idle=1 preempted=1 total=2");
  CHECK(world.Number("currentLowPriorityNodes") == 2);
  world.Pass(seconds{60});
  CHECK(world.Counts("lowPriority") == "idle=2 total=2");
  world.service.Preempt("demo", "p", 2);
  world.Resize(R"({"targetDedicatedNodes":0,"targetLowPriorityNodes":0})");
  world.Pass(minutes{5});
  CHECK(world.Counts("lowPriority").empty());
}

TEST_CASE("removed nodes are the named ones and lower the target at once") {
  Sized world{3, 1};
  const std::string victim = world.NodeIds().front();
  CHECK(world.Call("POST", "/pools/p/removenodes", R"({"nodeList":[]})").status == 400);
  CHECK(CodeOf(world.Call("POST", "/pools/p/removenodes", "{}")) == "MissingRequiredProperty");
  CHECK(CodeOf(world.Call("POST", "/pools/p/removenodes", R"({"nodeList":["x"]})")) ==
        SwitchesOfRun().unknown_node_code);
  CHECK(
      world.Call("POST", "/pools/p/removenodes", R"({"nodeList":[")" + victim + R"("]})").status ==
      202);
  CHECK(world.Number("targetDedicatedNodes") + world.Number("targetLowPriorityNodes") == 3);
  CHECK(world.Text("allocationState") == "resizing");
  world.Pass(seconds{2});
  const auto left = world.NodeIds();
  CHECK(left.size() == 3);
  CHECK(std::find(left.begin(), left.end(), victim) == left.end());
}

TEST_CASE("node ids tell dedicated from Spot nodes") {
  Sized world{1, 1};
  std::string ends;
  for (const std::string& id : world.NodeIds()) {
    CHECK(id.substr(0, 6) == "tvmps_");
    CHECK(id.size() == 72);
    ends += id.back();
  }
  CHECK((ends == "dp" || ends == "pd"));
  CHECK(world.Get("/pools/p/nodes/" + world.NodeIds()[0]).Text("affinityId") ==
        "TVM:" + world.NodeIds()[0]);
  CHECK(CodeOf(world.Call("GET", "/pools/p/nodes/x")) == "NodeNotFound");
  CHECK(CodeOf(world.Call("GET", "/pools/q/nodes")) == "PoolNotFound");
}

TEST_CASE("the same seed and calls give the same ids and answers") {
  Sized one{2}, two{2};
  CHECK(one.Call("GET", "/pools/p/nodes").body == two.Call("GET", "/pools/p/nodes").body);
  CHECK(HeaderOf(one.Call("GET", "/pools"), "request-id") ==
        HeaderOf(two.Call("GET", "/pools"), "request-id"));
  ServiceConfig other = TestConfig();
  other.seed = 2;
  Sized three{2, 0, other};
  CHECK(one.NodeIds() != three.NodeIds());
}

}  // namespace
}  // namespace emulator
