#include <doctest/doctest.h>

#include "tests/emulator/seed_file.h"
#include "tests/emulator/test/job_world.h"

namespace emulator {
namespace {

/// What is wrong with a seed, or empty: the world has it then.
std::string Plant(World& world, const std::string& text) {
  const auto seed = ReadSeed(text, "seed.yaml");
  if (const auto* error = std::get_if<ConfigError>(&seed)) return error->message;
  return world.service.Plant(std::get<Seed>(seed)).value_or("");
}

constexpr char kMachine[] =
    "vmSize: standard_d2s_v3, virtualMachineConfiguration: {nodeAgentSKUId: batch.node.ubuntu "
    "18.04, imageReference: {publisher: canonical, offer: ubuntuserver, sku: 18.04-lts}}";

/// A pool in one line.
std::string Pool(const std::string& id, const std::string& more) {
  return fmt::format("{{id: {}, {}, {}}}", id, kMachine, more);
}

TEST_CASE("seed: a pool is there, steady, with its nodes idle") {
  World world;
  CHECK(Plant(world, "pools:\n  - " +
                         Pool("render",
                              "targetDedicatedNodes: 2, metadata: [{name: n, value: '5'}]")) == "");
  const Json pool = world.Get("/pools/render");
  CHECK(pool.Text("allocationState") == "steady");
  CHECK(IntegerAt(pool, "currentDedicatedNodes") == 2);
  CHECK(pool.Find("resizeErrors") == nullptr);
  CHECK(pool.Text("creationTime") == "2025-06-30T12:00:00.1234567Z");
  const Json nodes = world.Get("/pools/render/nodes");
  REQUIRE(nodes.Find("value")->AsList()->size() == 2);
  for (const Json& node : *nodes.Find("value")->AsList()) CHECK(node.Text("state") == "idle");
  CHECK(world.Call("POST", "/pools/render/resize", R"({"targetDedicatedNodes":3})").status == 202);
}

TEST_CASE("seed: a pool has as many nodes as it says, fewer or more than it is to have") {
  World world;
  CHECK(Plant(world,
              "pools:\n  - " + Pool("few", "targetDedicatedNodes: 4, currentDedicatedNodes: 1") +
                  "\n  - " +
                  Pool("many", "targetLowPriorityNodes: 1, currentLowPriorityNodes: 3")) == "");
  const Json few = world.Get("/pools/few"), many = world.Get("/pools/many");
  CHECK(IntegerAt(few, "currentDedicatedNodes") == 1);
  CHECK(IntegerAt(few, "targetDedicatedNodes") == 4);
  CHECK(few.Find("resizeErrors")->AsList()->front().Text("code") == "AllocationTimedout");
  CHECK(IntegerAt(many, "currentLowPriorityNodes") == 3);
  CHECK(IntegerAt(many, "targetLowPriorityNodes") == 1);
  CHECK(many.Text("allocationState") == "steady");
}

TEST_CASE("seed: an answer to GET /pools is one, too") {
  World live;
  live.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":2)"));
  live.Call("POST", "/pools",
            LinuxPool("a", R"(,"enableAutoScale":true,"autoScaleFormula":)"
                           R"("$TargetDedicatedNodes=1")"));
  live.Pass(std::chrono::seconds{2});
  World world;
  CHECK(Plant(world, live.Call("GET", "/pools").body) == "");
  for (const char* const pool : {"/pools/p", "/pools/a"}) {
    const Json before = live.Get(pool), after = world.Get(pool);
    for (const char* const member : {"vmSize", "virtualMachineConfiguration", "enableAutoScale"}) {
      CHECK(JsonText(*after.Find(member)) == JsonText(*before.Find(member)));
    }
    CHECK(IntegerAt(after, "currentDedicatedNodes") == IntegerAt(before, "currentDedicatedNodes"));
  }
  CHECK(Plant(world, live.Call("GET", "/pools?maxresults=1").body)
            .find("this is the first page of a list; get the others and leave this out") !=
        std::string::npos);
}

TEST_CASE("seed: jobs and schedules begin now, in the accounts that are named") {
  ServiceConfig config = TestConfig();
  config.accounts.push_back({});
  config.accounts.back().name = "other";
  World world(config);
  CHECK(Plant(world,
              "accounts:\n  OTHER:\n    pools: [" + Pool("p", "targetDedicatedNodes: 1") +
                  "]\n    jobs:\n      - id: j\n        poolInfo: {poolId: p}\n"
                  "        tasks: [{id: t, commandLine: sleep 60}]\n"
                  "    jobSchedules:\n      - id: s\n        schedule: {recurrenceInterval: PT1H}\n"
                  "        jobSpecification: {poolInfo: {poolId: p}}\n") == "");
  const auto get = [&](const std::string& target) {
    return ParseJson(world.Call("GET", target, "", {{"Host", "other"}}).body).value_or(Json{});
  };
  CHECK(get("/jobs/j/tasks/t").Text("state") == "running");
  CHECK(get("/jobs/j").Text("creationTime").substr(0, 19) == "2025-07-01T12:00:00");
  CHECK(get("/jobschedules/s").Text("state") == "active");
  CHECK(world.service.PoolIds("demo").empty());
}

TEST_CASE("seed: what is wrong stands at its place, and nothing changes") {
  World world(DefaultSide());
  world.Call("POST", "/pools", LinuxPool("mine"));
  CHECK(Plant(world, "pools:\n  - id: p\n    vmSize: standard_d2s_v3\n    odd: 1\n") ==
        "seed.yaml:2:5: 'p': InvalidRequestBody, Reason: The property 'odd' is not known");
  CHECK(Plant(world, "pool: []\n") ==
        "seed.yaml:1:1: unknown key 'pool'; known: accounts, apiVersion, jobSchedules, jobs, "
        "odata.metadata, odata.nextLink, pools, value");
  for (const char* const nothing : {"", "{}", "# nothing\n"}) {
    CHECK(Plant(world, nothing) ==
          "seed.yaml:1:1: expected a state or a seed, found nothing; `pools: []` empties a "
          "service");
  }
  CHECK(Plant(world, "apiVersion: 2019-01-01\n") ==
        "seed.yaml:1:13: expected 2022-10-01.16.0 or 2023-05-01.17.0 or 2023-11-01.18.0 or "
        "2024-02-01.19.0 or 2024-07-01.20.0 or 2025-06-01, found '2019-01-01'");
  CHECK(Plant(world, "accounts: {nobody: {}}\n") ==
        "seed.yaml:1:12: the configuration has no account 'nobody'");
  CHECK(Plant(world, "pools: [5]\n") == "seed.yaml:1:9: expected the body of a create");
  CHECK(Plant(world, "pools: [{id: p, metadata: &a [*a]}]\n").find("nested too deeply") !=
        std::string::npos);
  CHECK(world.service.PoolIds("demo") == std::vector<std::string>{"mine"});
}

}  // namespace
}  // namespace emulator
