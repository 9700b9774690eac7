// What people do to single nodes.
#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Nodes : World {
  explicit Nodes(int count = 1, const std::string& members = "",
                 ServiceConfig config = TestConfig())
      : World(std::move(config)) {
    Call("POST", "/pools",
         LinuxPool("p", fmt::format(R"(,"targetDedicatedNodes":{}{})", count, members)));
    Pass(seconds{20});
    const Json nodes = Get("/pools/p/nodes");
    node = "/pools/p/nodes/" + nodes.Find("value")->AsList()->at(0).Text("id");
  }
  Response Act(const std::string& action, const std::string& body = "",
               const std::string& api_version = "2025-06-01") {
    return Call("POST", node + '/' + action, body, {}, api_version);
  }
  std::string Text(const char* name) { return Get(node).Text(name); }
  std::string State() { return Text("state"); }
  std::int64_t Count(const char* name) {
    const Json counts = Get("/nodecounts");
    return IntegerAt(*(*counts.Find("value")->AsList())[0].Find("dedicated"), name);
  }

  std::string node;
};

constexpr char kTask[] = R"(,"startTask":{"commandLine":"old"})";

TEST_CASE("a reboot shows at once, then the node starts and runs the start task of today") {
  Nodes world{1, kTask};
  const std::string booted = world.Text("lastBootTime");
  world.Call("PATCH", "/pools/p", R"({"startTask":{"commandLine":"new"}})");
  const Response answer = world.Act("reboot");
  CHECK(answer.status == 202);
  CHECK(answer.body.empty());
  CHECK(HeaderOf(answer, "DataServiceId") == "http://batch.local" + world.node + "/reboot");
  CHECK(HeaderOf(answer, "ETag").empty());
  CHECK(world.State() == "rebooting");
  CHECK(world.Count("rebooting") == 1);
  CHECK(world.Text("lastBootTime") == booted);
  CHECK(world.Get(world.node).Find("startTask")->Text("commandLine") == "old");
  CHECK(CodeOf(world.Act("reboot")) == "NodeBeingRebooted");
  world.Pass(milliseconds{2'200});
  CHECK(world.State() == "starting");
  CHECK(world.Text("lastBootTime") != booted);
  CHECK(CodeOf(world.Act("reboot")) == "NodeBeingStarted");
  world.Pass(milliseconds{1'100});
  CHECK(world.State() == "waitingforstarttask");
  CHECK(world.Get(world.node).Find("startTask")->Text("commandLine") == "new");
  world.Pass(milliseconds{1'100});
  CHECK(world.State() == "idle");
}

TEST_CASE("a node that is being created can be rebooted and keeps its transition time") {
  World world;
  world.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":1)"));
  world.Pass(seconds{2});
  const Json before = (*world.Get("/pools/p/nodes").Find("value")->AsList())[0];
  REQUIRE(before.Text("state") == "creating");
  world.Pass(milliseconds{500});
  const std::string node = "/pools/p/nodes/" + before.Text("id");
  CHECK(world.Call("POST", node + "/reboot").status == 202);
  CHECK(world.Get(node).Text("state") == "rebooting");
  CHECK(world.Get(node).Text("stateTransitionTime") == before.Text("stateTransitionTime"));
  CHECK(world.Get(node).Find("lastBootTime") == nullptr);
}

TEST_CASE("a reimaged node forgets its users, a rebooted one does not") {
  Nodes world;
  const std::string user = R"({"name":"ada","password":"x"})";
  CHECK(world.Act("users", user).status == 201);
  world.Act("reboot", R"({"nodeRebootOption":"Terminate"})");
  world.Pass(seconds{20});
  CHECK(CodeOf(world.Act("users", user)) == "NodeUserExists");
  CHECK(world.Act("reimage", R"({"nodeReimageOption":"taskcompletion"})").status == 202);
  CHECK(world.State() == "reimaging");
  CHECK(CodeOf(world.Act("reimage")) == "NodeBeingReimaged");
  world.Pass(seconds{20});
  CHECK(world.Act("users", user).status == 201);
}

TEST_CASE("a deallocated node waits until it is started") {
  Nodes world;
  CHECK(CodeOf(world.Act("start")) == SwitchesOfRun().wrong_state_code);
  CHECK(world.Act("deallocate").status == 202);
  CHECK(world.State() == "deallocating");
  CHECK(world.Text("schedulingState") == "disabled");
  CHECK(world.Act("start").status == 409);
  world.Pass(seconds{3});
  CHECK(world.State() == "deallocated");
  CHECK(world.Count("deallocated") == 1);
  CHECK(IntegerAt(world.Get("/pools/p"), "currentDedicatedNodes") == 1);
  world.Pass(seconds{3600});
  CHECK(world.State() == "deallocated");
  CHECK(world.Act("reboot").status == 409);
  CHECK(world.Act("start").status == 202);
  CHECK(world.State() == "starting");
  world.Pass(seconds{3});
  CHECK(world.State() == "idle");
  CHECK(world.Text("schedulingState") == "enabled");
}

TEST_CASE("start and deallocate do not exist before 2024-07-01.20.0") {
  Nodes world{1, "", DefaultSide()};
  CHECK(world.Act("deallocate", "", "2024-02-01.19.0").status == 404);
  CHECK(world.Act("start", "", "2024-02-01.19.0").status == 404);
  CHECK(world.Act("deallocate", "", "2024-07-01.20.0").status == 202);
}

TEST_CASE("a node that takes no tasks is offline, and says so only once") {
  Nodes world;
  const Response answer = world.Act("disablescheduling", R"({"nodeDisableSchedulingOption":null})");
  CHECK(answer.status == 200);
  CHECK(HeaderOf(answer, "DataServiceId") ==
        "http://batch.local" + world.node + "/disablescheduling");
  CHECK(world.State() == "offline");
  CHECK(world.Count("offline") == 1);
  CHECK(CodeOf(world.Act("disablescheduling")) == "NodeAlreadyInTargetSchedulingState");
  world.Act("reboot");
  world.Pass(seconds{20});
  CHECK(world.State() == "offline");
  CHECK(world.Act("enablescheduling").status == 200);
  CHECK(world.State() == "idle");
  CHECK(CodeOf(world.Act("enablescheduling")) == "NodeAlreadyInTargetSchedulingState");
}

TEST_CASE("a failed start task ends with a reboot") {
  ServiceConfig config = TestConfig();
  config.start_task_failure_percent = 100;
  Nodes world{1, kTask, config};
  REQUIRE(world.State() == "starttaskfailed");
  CHECK(world.Act("deallocate").status == 409);
  world.Call("PATCH", "/pools/p", R"({"startTask":{"commandLine":"x","waitForSuccess":false}})");
  CHECK(world.Act("reboot").status == 202);
  world.Pass(seconds{20});
  CHECK(world.State() == "idle");
}

TEST_CASE("node actions look at the body, then at pool and node, then at the state") {
  Nodes world{1, "", DefaultSide()};
  CHECK(CodeOf(world.Act("reboot", R"({"nodeReimageOption":"requeue"})")) == "InvalidRequestBody");
  CHECK(CodeOf(world.Act("reboot", "[]")) == "InvalidRequestBody");
  CHECK(DetailOf(world.Act("reboot", R"({"nodeRebootOption":"now"})"), "PropertyName") ==
        "nodeRebootOption");
  CHECK(
      DetailOf(world.Act("disablescheduling", R"({"nodeDisableSchedulingOption":"retaineddata"})"),
               "PropertyName") == "nodeDisableSchedulingOption");
  CHECK(CodeOf(world.Call("POST", "/pools/q/nodes/x/reboot")) == "PoolNotFound");
  CHECK(CodeOf(world.Call("POST", "/pools/p/nodes/x/reboot")) == "NodeNotFound");
  CHECK(world.Call("GET", world.node + "/reboot").status == 405);
  CHECK(world.Act("restart").status == 404);
  world.Call("DELETE", "/pools/p");
  CHECK(world.Act("reboot").status == 409);
  CHECK(world.Act("disablescheduling").status == 409);
}

TEST_CASE("logs are uploaded into a folder that the answer names") {
  Nodes world;
  const Response answer =
      world.Act("uploadbatchservicelogs",
                R"({"containerUrl":"https://c","startTime":"2025-07-01T11:00:00Z"})");
  CHECK(answer.status == 200);
  const Json body = ParseJson(answer.body).value();
  CHECK(body.Text("virtualDirectoryName").find("/p/tvmps_") != std::string::npos);
  CHECK(IntegerAt(body, "numberOfFilesUploaded") == 4);
  CHECK(DetailOf(world.Act("uploadbatchservicelogs", R"({"containerUrl":"https://c"})"),
                 "PropertyName") == "startTime");
  CHECK(CodeOf(world.Act("uploadbatchservicelogs",
                         R"({"containerUrl":"https://c","startTime":"soon"})")) ==
        "InvalidPropertyValue");
}

TEST_CASE("extensions of a node are those of its pool, without what is protected") {
  World world;
  const std::string pool = LinuxPool("p", R"(,"targetDedicatedNodes":1)");
  const std::string agent = R"("nodeAgentSKUId")";
  std::string body = pool;
  body.insert(body.find(agent),
              R"("extensions":[{"name":"keys","publisher":"q","type":"t","settings":{"a":"1"},)"
              R"("protectedSettings":{"b":"2"}}],)");
  REQUIRE(world.Call("POST", "/pools", body).status == 201);
  world.Pass(seconds{20});
  const Json nodes = world.Get("/pools/p/nodes");
  const std::string node = "/pools/p/nodes/" + nodes.Find("value")->AsList()->at(0).Text("id");
  const Json list = world.Get(node + "/extensions");
  REQUIRE(list.Find("value")->AsList()->size() == 1);
  const Json one = world.Get(node + "/extensions/KEYS");
  CHECK(one.Text("provisioningState") == "Succeeded");
  CHECK(JsonText(*one.Find("vmExtension")).find("\"b\"") == std::string::npos);
  CHECK(one.Find("vmExtension")->Text("type") == "t");
  CHECK(world.Call("GET", node + "/extensions/other").status == 404);
}

}  // namespace
}  // namespace emulator
