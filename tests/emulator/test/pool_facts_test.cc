// What the reference tells of pools, fact by fact: which events give a new etag, and node counts.
#include <doctest/doctest.h>

#include "tests/emulator/test/job_world.h"

namespace emulator {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Tagged : JobWorld {
  explicit Tagged(int nodes = 1, const std::string& members = "") : JobWorld(nodes, members) {}
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
  world.Call("POST", users, R"({"name":"ada","sshPublicKey":"k"})");
  CHECK(world.Call("PUT", users + "/ada", R"({"password":"x"})").status == 200);
  REQUIRE(keys.size() == 2);
  CHECK(keys[0] == "k");
  CHECK(keys[1] == "");
}

}  // namespace
}  // namespace emulator
