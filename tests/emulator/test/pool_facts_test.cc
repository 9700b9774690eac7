// What the reference tells of pools, fact by fact: which events give a new etag, and node counts.
#include <doctest/doctest.h>

#include "tests/emulator/test/job_world.h"

namespace emulator {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Tagged : JobWorld {
  explicit Tagged(int nodes = 1, const std::string& members = "",
                  ServiceConfig config = TestConfig())
      : JobWorld(nodes, members, std::move(config)) {}
  /// Whether a call gave the pool a new etag and lastModified, the same in header and body.
  bool Changes(const std::string& method, const std::string& action, const std::string& body = "") {
    Pass(seconds{1});
    const Json before = Get("/pools/p");
    const Response answer = Call(method, "/pools/p" + action, body);
    CAPTURE(answer.body);
    CHECK(answer.status < 300);
    const Json after = Get("/pools/p");
    const std::string header = HeaderOf(answer, "ETag");
    if (!header.empty()) CHECK(header == after.Text("eTag"));
    const bool changed = before.Text("eTag") != after.Text("eTag");
    CHECK(changed == (before.Text("lastModified") != after.Text("lastModified")));
    return changed;
  }
};

TEST_CASE("settings and sizes that are asked for give a new etag") {
  Tagged world{2};
  const std::string properties = R"({"applicationPackageReferences":[],"metadata":[]})";
  CHECK(world.Changes("PATCH", "", R"({"metadata":[{"name":"a","value":"b"}]})"));
  CHECK(world.Changes("POST", "/updateproperties", properties));
  CHECK(world.Changes("POST", "/resize", R"({"targetDedicatedNodes":3})"));
  CHECK_FALSE(world.Changes("POST", "/stopresize"));
  world.Pass(minutes{1});
  CHECK(world.Changes("POST", "/removenodes",
                      R"({"nodeList":[")" + world.Node().Text("id") + R"("]})"));
  world.Pass(minutes{1});
  CHECK(world.Changes("POST", "/enableautoscale",
                      R"({"autoScaleFormula":"$TargetDedicatedNodes=1"})"));
  CHECK_FALSE(world.Changes("POST", "/evaluateautoscale",
                            R"({"autoScaleFormula":"$TargetDedicatedNodes=5"})"));
  world.Pass(minutes{1});
  CHECK(world.Changes("POST", "/disableautoscale"));
  CHECK(world.Changes("DELETE", ""));
}

TEST_CASE("what happens by itself gives none, nor do nodes, jobs and tasks") {
  Tagged world;
  world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":9000})");
  world.service.FailNextAllocation("demo", "p", {});
  const std::string etag = world.Get("/pools/p").Text("eTag");
  const auto same = [&] { return world.Get("/pools/p").Text("eTag") == etag; };
  world.Call("POST", "/pools/p/stopresize");
  world.Pass(minutes{1});
  CHECK(world.Get("/pools/p").Find("resizeErrors") != nullptr);
  CHECK(same());
  world.Add("t");
  world.Call("POST", "/pools/p/nodes/" + world.Node().Text("id") + "/reboot");
  CHECK(same());
  world.Pass(minutes{5});
  CHECK(same());
  CHECK(world.Call("GET", "/pools/p", "", {{"If-None-Match", etag}}).status == 304);
}

TEST_CASE("a wide PATCH of an empty pool shows at once and leaves it steady") {
  Tagged world{0};
  CHECK(world.Changes("PATCH", "", R"({"vmSize":"STANDARD_D4_V3","taskSlotsPerNode":4})"));
  const Json pool = world.Get("/pools/p");
  CHECK(pool.Text("vmSize") == "standard_d4_v3");
  CHECK(pool.Text("allocationState") == "steady");
}

TEST_CASE("node counts hold all states, each pool, in the order of ids") {
  Tagged world{1, R"(,"targetLowPriorityNodes":2)"};
  world.Call("POST", "/pools", LinuxPool("A"));
  world.service.Preempt("demo", "p", 1);
  world.Add("t");
  const Json list = world.Get("/nodecounts");
  const Json::List& pools = *list.Find("value")->AsList();
  REQUIRE(pools.size() == 2);
  CHECK(pools[0].Text("poolId") == "A");
  CHECK(IntegerAt(*pools[0].Find("dedicated"), "total") == 0);
  const Json& spot = *pools[1].Find("lowPriority");
  CHECK(IntegerAt(spot, "preempted") == 1);
  CHECK(IntegerAt(spot, "total") == 2);
  CHECK(IntegerAt(spot, "running") + IntegerAt(*pools[1].Find("dedicated"), "running") == 1);
  const auto names = [&](const std::string& api_version) {
    const Json counts = world.Get("/nodecounts", api_version);
    return (*counts.Find("value")->AsList())[0].Find("dedicated")->AsObject()->size();
  };
  CHECK(names("2025-06-01") == 17);
  CHECK(names("2024-07-01.20.0") == 17);
  CHECK(names("2024-02-01.19.0") == 15);
  CHECK(names("2023-11-01.18.0") == 14);
}

TEST_CASE("a replaced user loses the credential that is left out and keeps its rights") {
  std::vector<std::optional<std::string>> keys;
  ServiceConfig config = TestConfig();
  config.on_node_user = [&](const NodeUserChange& change) { keys.push_back(change.key); };
  JobWorld world{1, "", config};
  const std::string users = "/pools/p/nodes/" + world.Node().Text("id") + "/users";
  const std::string key = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7";
  world.Call("POST", users, R"({"name":"ada","sshPublicKey":")" + key + "\"}");
  CHECK(world.Call("PUT", users + "/ada", R"({"password":"x"})").status == 200);
  REQUIRE(keys.size() == 2);
  CHECK(keys[0] == key);
  CHECK(keys[1] == "");
}

TEST_CASE(
    "5.1 members of a pool come in the order of the service, and metadata in that of the caller") {
  const std::string old = "2024-07-01.20.0";
  World world;
  world.Call("POST", "/pools",
             LinuxPool("p", R"(,"metadata":[{"name":"z","value":"1"},{"name":"a","value":"2"}],)"
                            R"("userAccounts":[{"name":"u","password":"s"}],"displayName":"d",)"
                            R"("startTask":{"commandLine":"x"},"targetDedicatedNodes":1)"),
             {}, old);
  world.service.FailNextAllocation("demo", "p", {});
  world.Pass(seconds{5});
  world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":5})");
  world.Pass(seconds{5});
  const Json pool = world.Get("/pools/p", old);
  std::string names;
  for (const JsonMember& member : *pool.AsObject()) names += member.name + " ";
  CHECK(
      names ==
      "odata.metadata id displayName url eTag lastModified creationTime state stateTransitionTime "
      "allocationState allocationStateTransitionTime vmSize resizeTimeout currentDedicatedNodes "
      "targetDedicatedNodes currentLowPriorityNodes targetLowPriorityNodes resizeErrors "
      "enableAutoScale enableInterNodeCommunication startTask userAccounts certificateReferences "
      "metadata taskSlotsPerNode taskSchedulingPolicy virtualMachineConfiguration "
      "currentNodeCommunicationMode ");
  CHECK(JsonText(*pool.Find("metadata")) ==
        R"([{"name":"z","value":"1"},{"name":"a","value":"2"}])");
  const Json& error = pool.Find("resizeErrors")->AsList()->front();
  CHECK(error.AsObject()->size() == 2);  // no values where there are none
}

TEST_CASE("4.2 what is wrong with a create is told with the names of the reference") {
  ServiceConfig config = TestConfig();
  config.accounts[0].applications.emplace();
  config.switches.reject_subnets = true;
  World world{config};
  const auto refused = [&](const std::string& more, const std::string& api_version) {
    return world.Call("POST", "/pools", LinuxPool("p", more), {}, api_version);
  };
  const Response package =
      refused(R"(,"applicationPackageReferences":[{"applicationId":"app"}])", "2024-02-01.19.0");
  CHECK(package.status == 409);
  CHECK(CodeOf(package) == "InvalidApplicationPackageReferences");
  CHECK(DetailOf(package, "app") == "The specified application package does not exist.");
  const Response timeout = refused(R"(,"resizeTimeout":"PT1M")", "2025-06-01");
  CHECK(DetailOf(timeout, "PropertyName") == "resizeTimeout");
  CHECK(DetailOf(timeout, "PropertyValue") == "PT1M");
  CHECK_FALSE(DetailOf(timeout, "Reason").empty());
  const Response subnet =
      refused(R"(,"networkConfiguration":{"subnetId":"/subscriptions/s/resourceGroups/g/providers/)"
              R"(Microsoft.Network/virtualNetworks/v/subnets/n"})",
              "2025-06-01");
  CHECK(subnet.status == 400);
  CHECK(DetailOf(subnet, "PropertyName") == "subnetId");
}

TEST_CASE("4.3 a pool that goes shows no targets, no autoscale and what is left of its time") {
  Tagged world{2};
  world.Call("POST", "/pools/p/enableautoscale",
             R"({"autoScaleFormula":"$TargetDedicatedNodes=2"})");
  world.Pass(minutes{1});
  world.Call("DELETE", "/pools/p");
  const Json pool = world.Get("/pools/p");
  CHECK(IntegerAt(pool, "targetDedicatedNodes") == 0);
  CHECK(pool.Text("resizeTimeout") == "PT7M9.497S");
  CHECK(pool.Text("allocationState") == "resizing");
  CHECK(JsonText(*pool.Find("enableAutoScale")) == "false");
  for (const char* const name :
       {"autoScaleFormula", "autoScaleEvaluationInterval", "autoScaleRun"}) {
    CAPTURE(name);
    CHECK(pool.Find(name) == nullptr);
  }
}

TEST_CASE("4.4 a PATCH while the pool resizes or stops: values are looked at first") {
  const std::string old = "2024-07-01.20.0";
  ServiceConfig config = TestConfig();
  config.accounts[0].applications.emplace();
  World world{config};
  world.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":1)"));
  const auto patch = [&](const std::string& body) {
    return world.Call("PATCH", "/pools/p", body, {}, old);
  };
  for (const char* const body :
       {R"({"metadata":[{"name":"a","value":"b"}]})", R"({"startTask":{"commandLine":"x"}})",
        R"({"targetNodeCommunicationMode":"simplified"})"}) {
    CAPTURE(body);
    CHECK(patch(body).status == 200);
  }
  world.Call("POST", "/pools/p/stopresize");
  REQUIRE(world.Get("/pools/p").Text("allocationState") == "stopping");
  const Response unknown = patch(
      R"({"applicationPackageReferences":[{"applicationId":"/subscriptions/s/applications/a"}]})");
  CHECK(unknown.status == 409);
  CHECK(CodeOf(unknown) == "InvalidApplicationPackageReferences");
}

TEST_CASE("5.1 the communication mode is absent unless set, and default after updateproperties") {
  const std::string old = "2024-07-01.20.0";
  World world;
  world.Call("POST", "/pools", LinuxPool("p"), {}, old);
  world.Pass(seconds{5});
  CHECK(world.Get("/pools/p", old).Find("targetNodeCommunicationMode") == nullptr);
  world.Call("POST", "/pools/p/updateproperties",
             R"({"applicationPackageReferences":[],"metadata":[],"certificateReferences":[]})", {},
             old);
  CHECK(world.Get("/pools/p", old).Text("targetNodeCommunicationMode") == "default");
}

TEST_CASE("4.7 disabling autoscale while the pool stops, evaluating what cannot be evaluated") {
  Tagged world{1, "", DefaultSide()};
  world.Call("POST", "/pools/p/enableautoscale",
             R"({"autoScaleFormula":"$TargetDedicatedNodes=3"})");
  world.Call("POST", "/pools/p/stopresize");
  REQUIRE(world.Get("/pools/p").Text("allocationState") == "stopping");
  const Response evaluated =
      world.Call("POST", "/pools/p/evaluateautoscale",
                 R"({"autoScaleFormula":"$TargetDedicatedNodes=$something_useless"})");
  CHECK(evaluated.status == 200);
  const Json run = ParseJson(evaluated.body).value();
  CHECK(run.Find("error")->Text("code") == "AutoScalingFormulaEvaluationError");
  CHECK(run.Find("error")->Text("message") ==
        "The specified auto-scaling formula has evaluation error");
  const Json& detail = run.Find("error")->Find("values")->AsList()->front();
  CHECK(detail.Text("name") == "Message");
  CHECK(detail.Text("value").find("Undefined symbol: $something_useless") != std::string::npos);
  CHECK(run.Text("results").rfind("$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;", 0) == 0);
  CHECK_FALSE(world.Changes("POST", "/disableautoscale"));
}

TEST_CASE("10.3 a stopped resize says of each kind of node what it lacks") {
  Tagged world{1};
  world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":2,"targetLowPriorityNodes":1})");
  world.Call("POST", "/pools/p/stopresize");
  world.Pass(seconds{5});
  const Json pool = world.Get("/pools/p");
  const Json::List& errors = *pool.Find("resizeErrors")->AsList();
  REQUIRE(errors.size() == 2);
  const std::string rest = " nodes could not be allocated due to a stop resize operation";
  CHECK(errors[0].Text("code") == "ResizeStopped");
  CHECK(errors[0].Text("message") == "Desired number of dedicated" + rest);
  CHECK(errors[1].Text("message") == "Desired number of low priority" + rest);
}

TEST_CASE("6.1 images past their date stay listed, agents without an image are known") {
  World world;
  const std::string list = world.Call("GET", "/supportedimages").body;
  CHECK(list.find(R"("batchSupportEndOfLife":"202)") != std::string::npos);
  for (const char* const capability :
       {"DockerCompatible", "NvidiaTeslaDriverInstalled", "NvidiaGridDriverInstalled",
        "SupportsRDMAOnly", "IntelMPIRuntimeInstalled", "Generation2VMImage"}) {
    CAPTURE(capability);
    CHECK(list.find(capability) != std::string::npos);
  }
  int pools = 0;
  const std::string gallery =
      R"(,"virtualMachineConfiguration":{"imageReference":{"sharedGalleryImageId":"/g"},)"
      R"("nodeAgentSKUId":")";
  for (const char* const agent :
       {"batch.node.el 9-arm64", "batch.node.ubuntu 24.04-arm64", "batch.node.azurelinux 3.0",
        "batch.node.azurelinux 3.0-arm64", "batch.node.mariner 2.0"}) {
    CAPTURE(agent);
    const std::string body =
        fmt::format(R"({{"id":"p{}","vmSize":"Standard_D2_v3"{}{}"}}}})", ++pools, gallery, agent);
    CHECK(world.Call("POST", "/pools", body).status == 201);
  }
}

}  // namespace
}  // namespace emulator
