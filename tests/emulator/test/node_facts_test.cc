// What the reference tells of nodes, lists and errors, fact by fact.
#include <doctest/doctest.h>

#include <set>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Nodes : World {
  explicit Nodes(const std::string& members, ServiceConfig config = TestConfig(),
                 const std::string& api_version = "2025-06-01")
      : World(std::move(config)) {
    Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":2)" + members), {},
         api_version);
    Pass(seconds{2});
    Get("/pools");
  }
  Json::List All(const std::string& filter = "", const std::string& api_version = "2025-06-01") {
    const std::string query = filter.empty() ? "" : "?$filter=" + PercentEncode(filter);
    return *Get("/pools/p/nodes" + query, api_version).Find("value")->AsList();
  }
};

TEST_CASE("a node that is being created knows its addresses, not yet its boot or agent") {
  Nodes world{""};
  const Json node = world.All()[0];
  REQUIRE(node.Text("state") == "creating");
  CHECK_FALSE(node.Text("ipAddress").empty());
  CHECK_FALSE(node.Text("allocationTime").empty());
  CHECK(node.Find("lastBootTime") == nullptr);
  CHECK(node.Find("nodeAgentInfo") == nullptr);
  CHECK(node.Find("recentTasks") == nullptr);
  CHECK(node.Find("errors") == nullptr);
  CHECK(node.At({"virtualMachineInfo", "imageReference"})->Text("exactVersion") == "latest");
  CHECK(world.Get("/pools/p")
            .At({"virtualMachineConfiguration", "imageReference"})
            ->Find("exactVersion") == nullptr);
}

TEST_CASE("nodes in classic mode have a rule for SSH beside those of the pool") {
  const std::string old = "2024-07-01.20.0";
  const std::string classic = R"(,"targetNodeCommunicationMode":"classic")";
  const std::string rules =
      R"(,"networkConfiguration":{"endpointConfiguration":{"inboundNATPools":[{"name":"web",)"
      R"("protocol":"udp","backendPort":80,"frontendPortRangeStart":1000,)"
      R"("frontendPortRangeEnd":1999}]}})";
  const auto endpoints = [&](const std::string& members) {
    Nodes world{members, TestConfig(), old};
    std::string out;
    const Json node = world.All("", old)[0];
    const Json* const list = node.At({"endpointConfiguration", "inboundEndpoints"});
    if (list == nullptr) return std::string{"none"};
    for (const Json& endpoint : *list->AsList()) {
      out += endpoint.Text("name").substr(0, endpoint.Text("name").find('.') + 1) +
             fmt::format("{} ", IntegerAt(endpoint, "backendPort"));
    }
    return out;
  };
  Nodes one{classic, TestConfig(), old};
  std::set<std::string> names;
  for (const Json& node : one.All("", old)) {
    const Json& endpoint =
        node.At({"endpointConfiguration", "inboundEndpoints"})->AsList()->front();
    names.insert(endpoint.Text("name"));
    CHECK(endpoint.Text("protocol") == "tcp");
    CHECK(IntegerAt(endpoint, "frontendPort") >= 50'000);
    CHECK(endpoint.Text("publicFQDN").rfind("dns", 0) == 0);
    CHECK(endpoint.Text("publicFQDN").find("-azurebatch-cloudservice.") != std::string::npos);
  }
  CHECK(names == std::set<std::string>{"SSHRule.0", "SSHRule.1"});
  CHECK(endpoints("") == "none");
  CHECK(endpoints(classic) == "SSHRule.22 ");
  CHECK(endpoints(classic + rules) == "web.80 SSHRule.22 ");
  CHECK(endpoints(rules) == "web.80 ");
}

TEST_CASE("nodes of pools with both families have both addresses, from 2025-06-01 on") {
  const std::string rule =
      R"("endpointConfiguration":{"inboundNATPools":[{"name":"ssh","protocol":"tcp",)"
      R"("backendPort":22,"frontendPortRangeStart":1000,"frontendPortRangeEnd":1999}]})";
  Nodes both{R"(,"networkConfiguration":{"publicIPAddressConfiguration":{"ipFamilies":)"
             R"(["IPv6","IPv4"]},)" +
             rule + "}"};
  CHECK_FALSE(both.All()[0].Text("ipv6Address").empty());
  CHECK(both.All("", "2024-07-01.20.0")[0].Find("ipv6Address") == nullptr);
  const std::string login = "/pools/p/nodes/" + both.All()[0].Text("id") + "/remoteloginsettings";
  CHECK_FALSE(both.Get(login).Text("ipv6RemoteLoginIPAddress").empty());
  CHECK(IntegerAt(both.Get(login), "ipv6RemoteLoginPort") ==
        IntegerAt(both.Get(login), "remoteLoginPort"));
  Nodes one{R"(,"networkConfiguration":{)" + rule + "}"};
  CHECK(one.All()[0].Find("ipv6Address") == nullptr);
  CHECK(one.Get("/pools/p/nodes/" + one.All()[0].Text("id") + "/remoteloginsettings")
            .Find("ipv6RemoteLoginIPAddress") == nullptr);
}

TEST_CASE("nodes are filtered by state, times and their start task") {
  ServiceConfig config = TestConfig();
  config.start_task_failure_percent = 100;
  Nodes world{R"(,"startTask":{"commandLine":"x"})", config};
  CHECK(world.All("startTaskInfo/state eq 'running'").empty());
  CHECK(world.All("lastBootTime gt DateTime'2000-01-01T00:00:00Z'").empty());
  CHECK(world.All("state eq 'creating' and allocationTime le DateTime'2030-01-01T00:00:00Z'")
            .size() == 2);
  world.Pass(milliseconds{2'250});
  CHECK(world.All("startTaskInfo/state eq 'running'").size() == 2);
  CHECK(world.All("startTaskInfo/exitCode ge 0").empty());
  world.Pass(minutes{1});
  CHECK(world.All("startTaskInfo/state eq 'completed'").size() == 2);
  CHECK(world.All("startTaskInfo/result ne 'success'").size() == 2);
  CHECK(world.All("startTaskInfo/exitCode eq 1").size() == 2);
  CHECK(world.All("startTaskInfo/endTime lt DateTime'2025-07-01T12:00:00Z'").empty());
  CHECK(world.All("startTaskInfo/startTime gt DateTime'2025-07-01T12:00:00Z'").size() == 2);
  CHECK(CodeOf(world.Call("GET", "/pools/p/nodes?$filter=" +
                                     PercentEncode("startTaskInfo/state ne 'running'"))) ==
        "InvalidQueryParameterValue");
  CHECK(CodeOf(world.Call("GET", "/pools/p/nodes?$filter=" + PercentEncode("vmSize eq 'x'"))) ==
        "InvalidQueryParameterValue");
}

TEST_CASE("operations that take no conditions do not look at them") {
  Nodes world{""};
  world.Pass(minutes{1});
  const Headers wrong{{"If-Match", "0x1"}};
  const std::string node = "/pools/p/nodes/" + world.All()[0].Text("id");
  CHECK(world.Call("GET", "/pools", "", wrong).status == 200);
  CHECK(world.Call("GET", node, "", wrong).status == 200);
  CHECK(world.Call("POST", node + "/reboot", "", wrong).status == 202);
  CHECK(world.Call("POST", "/pools", LinuxPool("q"), wrong).status == 201);
  world.Pass(minutes{1});
  world.Call("POST", "/pools/q/enableautoscale",
             R"({"autoScaleFormula":"$TargetDedicatedNodes=0"})");
  CHECK(world
            .Call("POST", "/pools/q/evaluateautoscale",
                  R"({"autoScaleFormula":"$TargetDedicatedNodes=0"})", wrong)
            .status == 200);
  CHECK(world.Call("POST", "/pools/q/disableautoscale", "", wrong).status == 200);
}

TEST_CASE("lists: a page holds at most what is asked for, value is there even if empty") {
  World world;
  CHECK(world.Call("GET", "/pools").body ==
        R"({"odata.metadata":"http://batch.local/$metadata#pools","value":[]})");
  const Response negative = world.Call("GET", "/pools?maxresults=-5");
  CHECK(CodeOf(negative) == "InvalidQueryParameterValue");
  CHECK(DetailOf(negative, "Reason") == "MaxResults cannot be less than 1");
  world.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":3)"));
  world.Pass(seconds{20});
  const Json page = world.Get("/pools/p/nodes?maxresults=2&$select=id");
  CHECK(page.Find("value")->AsList()->size() == 2);
  const Response rest = world.service.Handle({"GET", page.Text("odata.nextLink"), {}, ""});
  CHECK(ParseJson(rest.body)->Find("value")->AsList()->size() == 1);
  CHECK(ParseJson(rest.body)->Find("odata.nextLink") == nullptr);
}

TEST_CASE("a selection leaves the headers as they are") {
  World world;
  world.Call("POST", "/pools", LinuxPool("p"));
  const Response whole = world.Call("GET", "/pools/p");
  const Response part = world.Call("GET", "/pools/p?$select=id,%20state");
  CHECK(HeaderOf(part, "ETag") == HeaderOf(whole, "ETag"));
  CHECK(HeaderOf(part, "Last-Modified") == HeaderOf(whole, "Last-Modified"));
}

TEST_CASE("answers without a body: HEAD of what is missing, and what is not modified") {
  World world;
  const Response missing = world.Call("HEAD", "/pools/p");
  CHECK(missing.status == 404);
  CHECK(missing.body.empty());
  world.Call("POST", "/pools", LinuxPool("p"));
  const Response same = world.Call("GET", "/pools/p", "", {{"If-None-Match", "*"}});
  CHECK(same.status == 304);
  CHECK(same.body.empty());
  CHECK(world.Call("HEAD", "/pools/p").body.empty());
}

TEST_CASE("an error without details has no values; its message ends with id and time") {
  World world;
  const Response missing = world.Call("GET", "/pools/p");
  const Json body = ParseJson(missing.body).value();
  CHECK(body.Find("values") == nullptr);
  CHECK(body.Text("odata.metadata") ==
        "http://batch.local/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/"
        "@Element");
  CHECK(body.Find("message")->Text("lang") == "en-US");
  CHECK(body.Find("message")->Text("value") ==
        "The specified pool does not exist.\nRequestId:" + HeaderOf(missing, "request-id") +
            "\nTime:2025-07-01T12:00:00.1234567Z");
  CHECK(missing.reason == "The specified pool does not exist.");
  CHECK(HeaderOf(missing, "Content-Length") == std::to_string(missing.body.size()));
}

}  // namespace
}  // namespace emulator
