// Faults of what happens to the account, and of who sees it when.
#include <doctest/doctest.h>

#include "tests/emulator/test/bad_day.h"

namespace emulator {
namespace {

constexpr char kMetadata[] = R"({"metadata":[{"name":"x","value":"y"}]})";
constexpr char kResize[] = R"({"targetDedicatedNodes":5})";

std::int64_t Target(const Json& pool) { return IntegerAt(pool, "targetDedicatedNodes"); }

TEST_CASE("fault state: the past is shown as it was, though nobody looked") {
  BadDay day("faults: [{operation: read, staleFor: 30s}]");
  day.Pass(std::chrono::seconds(60));
  REQUIRE(day.Create("c").status == 201);
  REQUIRE(day.Call("POST", "/pools/a/resize", kResize).status == 202);
  day.Pass(std::chrono::seconds(29));
  CHECK(day.Listed() == "a,b");
  CHECK(day.Get("/pools/c") == 404);
  CHECK(day.Call("HEAD", "/pools/c").status == 404);
  CHECK(Target(day.Body("/pools/a")) == 1);
  CHECK(day.Body("/pools/a").Text("allocationState") == "steady");
  day.Pass(std::chrono::seconds(2));  // 31 s after the writes: they stand one second old
  CHECK(day.Listed() == "a,b,c");
  CHECK(day.Call("HEAD", "/pools/c").status == 200);
  CHECK(Target(day.Body("/pools/a")) == 5);
  CHECK(day.Body("/pools/a").Text("allocationState") == "resizing");
  CHECK(day.Listed("/pools/a/nodes").find(',') == std::string::npos);
  day.Pass(std::chrono::seconds(10));
  CHECK(day.Body("/pools/a").Text("allocationState") == "steady");
}

TEST_CASE("fault state: nodes and their counts are those of the past, down to their ids") {
  BadDay day("faults: [{operation: [listNodes, listNodeCounts], staleFor: 60s}]");
  REQUIRE(day.Call("POST", "/pools/a/resize", kResize).status == 202);
  const auto idle = [&day] {
    const Json counts = day.Body("/nodecounts");
    return IntegerAt(*counts.Find("value")->AsList()->front().Find("dedicated"), "idle");
  };
  day.Pass(std::chrono::seconds(59));
  CHECK(idle() == 1);
  day.Pass(std::chrono::seconds(30));
  CHECK(idle() == 5);
  const std::string then = day.Listed("/pools/a/nodes");
  day.faulty().Replace({});
  CHECK(day.Listed("/pools/a/nodes") == then);
}

TEST_CASE("fault state: each write leaves its own past, however close they are") {
  BadDay day("faults: [{operation: getPool, staleFor: 10s}]");
  day.Pass(std::chrono::seconds(20));
  for (int nodes = 2; nodes <= 6; ++nodes) {
    REQUIRE(day.Call("POST", "/pools/a/resize",
                     R"({"targetDedicatedNodes":)" + std::to_string(nodes) + "}")
                .status == 202);
    day.Pass(std::chrono::seconds(4));
  }
  CHECK(Target(day.Body("/pools/a")) == 4);  // written 12 s ago, and replaced 8 s ago
  day.Pass(std::chrono::seconds(4));
  CHECK(Target(day.Body("/pools/a")) == 5);
}

TEST_CASE("fault state: a stale write is no such thing, and the past takes none") {
  BadDay day("faults: [{operation: any, staleFor: 30s}]");
  day.Pass(std::chrono::seconds(40));
  CHECK(day.Call("PATCH", "/pools/a", kMetadata).status == 200);
  CHECK(ParseJson(day.service().PoolJson("demo", "a"))->Find("metadata")->AsList()->size() == 1);
}

TEST_CASE("fault state: what a patch or a delete did is not seen for a while") {
  BadDay day("faults: [{operation: [patchPool, deletePool], hideFor: 10s}]");
  REQUIRE(day.Call("PATCH", "/pools/a", kMetadata).status == 200);
  CHECK(day.Body("/pools/a").Find("metadata") == nullptr);
  const Json page = day.Body("/pools");
  CHECK(BadDay::IdsOf(page) == "a,b");
  CHECK(page.Find("value")->AsList()->front().Find("metadata") == nullptr);
  REQUIRE(day.Call("DELETE", "/pools/b").status == 202);
  day.Pass(std::chrono::seconds(9));
  CHECK(day.Listed() == "a,b");
  CHECK(day.Body("/pools/b").Text("state") == "active");
  day.Pass(std::chrono::seconds(1));
  CHECK(day.Listed() == "a");
  CHECK(day.Body("/pools/a").Find("metadata") != nullptr);
}

TEST_CASE("fault state: an answer without a deed, and one deed done twice") {
  BadDay lost("faults: [{operation: write, outcome: lost}]");
  const Response patched = lost.Call("PATCH", "/pools/a", kMetadata);
  CHECK(patched.status == 200);
  CHECK_FALSE(HeaderOf(patched, "ETag").empty());
  CHECK(lost.Body("/pools/a").Find("metadata") == nullptr);
  CHECK(lost.Create("c").status == 201);
  CHECK_FALSE(lost.Exists("c"));
  CHECK(lost.Create("a").status == 409);
  BadDay first("faults: [{operation: createPool, outcome: twiceFirst}]");
  CHECK(first.Create("c").status == 201);
  BadDay second("faults: [{operation: createPool, outcome: twiceSecond}]");
  CHECK(CodeOf(second.Create("c")) == "PoolExists");
  CHECK(second.Exists("c"));
}

TEST_CASE("fault state: what was accepted is dropped later") {
  BadDay day("faults: [{operation: write, dropAfter: 60s}]");
  CHECK(day.Create("c").status == 201);
  CHECK(day.Call("POST", "/pools/a/resize", kResize).status == 202);
  CHECK(day.Call("DELETE", "/pools/b").status == 202);
  day.Pass(std::chrono::seconds(59));
  CHECK(day.Listed() == "a,c");
  CHECK(Target(day.Body("/pools/a")) == 5);
  day.Pass(std::chrono::seconds(1));
  CHECK(day.Listed() == "a,b");
  CHECK(Target(day.Body("/pools/a")) == 1);
  CHECK(day.Body("/pools/b").Text("state") == "active");
}

TEST_CASE("fault state: a request that nobody answers arrives late, or a second time") {
  BadDay late("faults: [{operation: createPool, connection: hang, appliedAfter: 30s}]");
  CHECK(late.Create("c").wire == Wire::kHang);
  late.Pass(std::chrono::seconds(29));
  CHECK(late.Get("/pools/c") == 404);
  late.Pass(std::chrono::seconds(1));
  CHECK(late.Get("/pools/c") == 200);
  BadDay twice("faults: [{operation: deletePool, duplicateAfter: 30s, times: 1}]");
  CHECK(twice.Call("DELETE", "/pools/a").status == 202);
  twice.Pass(std::chrono::seconds(20));
  REQUIRE(twice.Create("a").status == 201);
  CHECK(twice.Body("/pools/a").Text("state") == "active");
  twice.Pass(std::chrono::seconds(10));
  CHECK(twice.Body("/pools/a").Text("state") == "deleting");
}

TEST_CASE("fault state: somebody deletes, makes anew, takes the name, changes what is ours") {
  BadDay gone("faults: [{operation: patchPool, foreign: deletes}]");
  CHECK(CodeOf(gone.Call("PATCH", "/pools/a", kMetadata)) == "PoolNotFound");
  BadDay again("faults: [{operation: deletePool, foreign: recreates}]");
  const std::string etag = HeaderOf(again.Call("GET", "/pools/a"), "ETag");
  const std::string created = again.Body("/pools/a").Text("creationTime");
  CHECK(again.Call("DELETE", "/pools/a", "", {{"If-Match", etag}}).status == 412);
  CHECK(again.Body("/pools/a").Text("creationTime") != created);
  CHECK(again.Body("/pools/a").Text("vmSize") == "standard_d2_v3");
  again.Pass(std::chrono::seconds(10));
  CHECK(again.Listed("/pools/a/nodes").find("tvmps_") == 0);
  BadDay taken("faults: [{operation: createPool, foreign: takesName}]");
  CHECK(CodeOf(taken.Create("c")) == "PoolExists");
  CHECK(taken.Body("/pools/c").Text("vmSize") == "standard_d1_v2");
}

TEST_CASE("fault state: somebody writes metadata and settings between read and write") {
  BadDay day(
      "faults: [{operation: patchPool, calls: 2, foreign: changesMetadata}, "
      "{operation: patchPool, calls: 3, foreign: changesStartTask}, "
      "{operation: patchPool, calls: 4, foreign: stripsMetadata}]");
  REQUIRE(day.Call("PATCH", "/pools/a", kMetadata).status == 200);
  const auto etag = [&day] { return HeaderOf(day.Call("GET", "/pools/a"), "ETag"); };
  const auto refused = [&](const std::string& tag) {
    return day.Call("PATCH", "/pools/a", kMetadata, {{"If-Match", tag}}).status == 412;
  };
  CHECK(refused(etag()));
  const Json changed = day.Body("/pools/a");
  CHECK(changed.Find("metadata")->AsList()->front().Text("value") == "y of somebody else");
  CHECK(refused(etag()));
  CHECK(day.Body("/pools/a").Find("startTask") != nullptr);
  CHECK(refused(etag()));
  CHECK(day.Body("/pools/a").Find("metadata") == nullptr);
}

}  // namespace
}  // namespace emulator
