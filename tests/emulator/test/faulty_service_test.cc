#include "tests/emulator/faulty_service.h"

#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

/// A service with two pools behind a plan; time stands still until it is told to move.
class BadDay {
 public:
  explicit BadDay(const std::string& plan) : BadDay(TestConfig(), plan) {}
  BadDay(ServiceConfig config, const std::string& plan)
      : service_(std::move(config), [this] { return now_; }),
        faulty_(
            service_, {}, [this] { return now_; }, [this] { return now_; }) {
    for (const char* pool : {"a", "b"}) REQUIRE(Create(pool).status == 201);
    Pass(std::chrono::minutes(1));
    auto read = ReadFaultPlan(plan, "f.yaml");
    REQUIRE(std::holds_alternative<FaultPlan>(read));
    faulty_.Replace(std::get<FaultPlan>(std::move(read)));
  }

  Response Call(const std::string& method, const std::string& target, const std::string& body = "",
                Headers headers = {}) {
    return faulty_.Handle({method, target + "?api-version=2025-06-01", std::move(headers), body});
  }
  Response Create(const std::string& id) {
    return Call("POST", "/pools",
                R"({"id":")" + id +
                    R"(","vmSize":"standard_d2_v3","targetDedicatedNodes":1,)"
                    R"("virtualMachineConfiguration":{"imageReference":{"publisher":"canonical",)"
                    R"("offer":"0001-com-ubuntu-server-jammy","sku":"22_04-lts"},)"
                    R"("nodeAgentSKUId":"batch.node.ubuntu 22.04"}})");
  }
  /// "a,b"
  std::string Listed(const std::string& target = "/pools", const char* name = "id") {
    const auto body = ParseJson(Call("GET", target).body);
    std::string ids;
    for (const Json& item : *body->Find("value")->AsList()) {
      ids += (ids.empty() ? "" : ",") + item.Text(name);
    }
    return ids;
  }
  std::string Nodes(const std::string& pool) {
    const auto body = ParseJson(service_.PoolJson("demo", pool));
    return std::to_string(*body->Find("targetDedicatedNodes")->AsInteger());
  }
  bool Exists(const std::string& pool) {
    const auto ids = service_.PoolIds("demo");
    return std::find(ids.begin(), ids.end(), pool) != ids.end();
  }
  void Pass(Duration time) { now_ += time; }
  FaultyService& faulty() { return faulty_; }

 private:
  Instant now_ = *ParseTime("2025-07-01T12:00:00Z");
  Service service_;
  FaultyService faulty_;
};

TEST_CASE("faulty service: an empty plan changes nothing") {
  BadDay day("");
  CHECK(day.Listed() == "a,b");
  CHECK(day.Call("GET", "/pools/a").wire == Wire::kWhole);
}

TEST_CASE("faulty service: an error instead of the answer, with and without Retry-After") {
  for (const int status : {400, 401, 403, 404, 408, 409, 412, 429, 500, 502, 503, 504}) {
    BadDay day("faults: [{operation: deletePool, status: " + std::to_string(status) + "}]");
    const Response answer = day.Call("DELETE", "/pools/a");
    CHECK(answer.status == status);
    CHECK_FALSE(CodeOf(answer).empty());
    CHECK(HeaderOf(answer, "Retry-After").empty());
    day.Pass(std::chrono::minutes(1));
    CHECK(day.Exists("a"));
  }
  BadDay seconds("faults: [{status: 429, retryAfter: 7}]");
  CHECK(HeaderOf(seconds.Call("GET", "/pools"), "Retry-After") == "7");
  BadDay date("faults: [{status: 503, code: Odd, retryAfterDate: 7}]");
  const Response answer = date.Call("GET", "/pools");
  CHECK(HeaderOf(answer, "Retry-After") == "Tue, 01 Jul 2025 12:01:07 GMT");
  CHECK(CodeOf(answer) == "Odd");
}

TEST_CASE("faulty service: applied, and then an error or nothing") {
  BadDay error("faults: [{operation: createPool, status: 500, applied: true}]");
  CHECK(error.Create("c").status == 500);
  CHECK(error.Exists("c"));
  BadDay after("faults: [{operation: createPool, connection: reset, applied: true}]");
  CHECK(after.Create("c").wire == Wire::kReset);
  CHECK(after.Exists("c"));
  BadDay before("faults: [{operation: createPool, connection: reset}]");
  CHECK(before.Create("c").wire == Wire::kReset);
  CHECK_FALSE(before.Exists("c"));
  BadDay hang("faults: [{operation: createPool, connection: hang, applied: true}]");
  CHECK(hang.Create("c").wire == Wire::kHang);
  CHECK(hang.Exists("c"));
}

TEST_CASE("faulty service: what the connection does with a good answer") {
  BadDay slow("faults: [{slowFor: 3s}]");
  const Response answer = slow.Call("GET", "/pools");
  CHECK(answer.wire == Wire::kSlow);
  CHECK(answer.wire_time == std::chrono::seconds(3));
  CHECK(answer.status == 200);
  BadDay cut("faults: [{body: truncated}]");
  CHECK(cut.Call("GET", "/pools").wire == Wire::kTruncate);
  BadDay refuse("faults: [{refuseFor: 2s}]");
  CHECK(refuse.Call("GET", "/pools").wire == Wire::kRefuse);
}

TEST_CASE("faulty service: a page of somebody else, and JSON that does not end") {
  BadDay html("faults: [{body: html}]");
  CHECK(HeaderOf(html.Call("GET", "/pools"), "Content-Type") == "text/html");
  BadDay broken("faults: [{body: invalidJson}]");
  const Response answer = broken.Call("GET", "/pools");
  CHECK(answer.status == 200);
  CHECK_FALSE(ParseJson(answer.body));
}

TEST_CASE("faulty service: answers of earlier, and counts out of date") {
  BadDay day("faults: [{operation: [listPools, listNodeCounts], staleFor: 30s, calls: 2-}]");
  CHECK(day.Listed() == "a,b");
  REQUIRE(day.Create("c").status == 201);
  CHECK(day.Listed() == "a,b");
  day.Pass(std::chrono::seconds(29));
  CHECK(day.Listed() == "a,b");
  day.Pass(std::chrono::seconds(31));
  CHECK(day.Listed() == "a,b,c");
}

TEST_CASE("faulty service: lists that miss or repeat an item") {
  BadDay miss("faults: [{operation: listPools, list: missesItem}]");
  CHECK(miss.Listed() == "a");
  BadDay repeat("faults: [{operation: listPools, list: repeatsItem}]");
  CHECK(repeat.Listed() == "a,b,a");
}

TEST_CASE("faulty service: a pool that was created is not seen for a while") {
  BadDay day("faults: [{operation: createPool, hideFor: 10s}]");
  CHECK(day.Create("c").status == 201);
  CHECK(day.Listed() == "a,b");
  CHECK(day.Listed("/nodecounts", "poolId") == "a,b");
  CHECK(day.Call("GET", "/pools/C").status == 404);
  CHECK(CodeOf(day.Call("GET", "/pools/c")) == "PoolNotFound");
  CHECK(day.Create("c").status == 409);
  day.Pass(std::chrono::seconds(10));
  CHECK(day.Listed() == "a,b,c");
  CHECK(day.Call("GET", "/pools/c").status == 200);
}

TEST_CASE("faulty service: a clock that is off shows, and refuses from 15 minutes on") {
  BadDay bit("faults: [{clockSkew: 5m}]");
  const Response answer = bit.Call("GET", "/pools");
  CHECK(answer.status == 200);
  CHECK(HeaderOf(answer, "Date") == "Tue, 01 Jul 2025 12:06:00 GMT");
  BadDay far("faults: [{clockSkew: -20m}]");
  const Response refusal = far.Call("GET", "/pools");
  CHECK(refusal.status == 403);
  CHECK(HeaderOf(refusal, "Date") == "Tue, 01 Jul 2025 11:41:00 GMT");
}

TEST_CASE("faulty service: somebody else moves between the read and the write") {
  BadDay day("faults: [{operation: patchPool, etag: changes, calls: 1}]");
  const std::string etag = HeaderOf(day.Call("GET", "/pools/a"), "ETag");
  const std::string body = R"({"metadata":[{"name":"x","value":"y"}]})";
  CHECK(day.Call("PATCH", "/pools/a", body, {{"If-Match", etag}}).status == 412);
  const std::string fresh = HeaderOf(day.Call("GET", "/pools/a"), "ETag");
  CHECK(fresh != etag);
  CHECK(day.Call("PATCH", "/pools/a", body, {{"If-Match", fresh}}).status == 200);
  BadDay resized("faults: [{operation: patchPool, pool: a, foreignResize: 4}]");
  (void)resized.Call("PATCH", "/pools/b", body);
  CHECK(resized.Nodes("b") == "1");
  (void)resized.Call("PATCH", "/pools/a", body);
  CHECK(resized.Nodes("a") == "4");
}

TEST_CASE("faulty service: it strikes in the account that answers, whatever its name") {
  ServiceConfig config = TestConfig();
  config.accounts.front().name = "contoso";
  BadDay day(config, "faults: [{operation: patchPool, etag: changes}]");
  const std::string etag = HeaderOf(day.Call("GET", "/pools/a"), "ETag");
  CHECK(day.Call("PATCH", "/pools/a", R"({"metadata":[]})", {{"If-Match", etag}}).status == 412);
}

TEST_CASE("faulty service: only the calls that are named, of the pools that are named") {
  BadDay day("faults: [{operation: getPool, pool: 'A*', calls: 2-3, status: 500}]");
  std::string seen;
  for (int i = 0; i < 4; ++i) seen += std::to_string(day.Call("GET", "/pools/a").status) + " ";
  CHECK(seen == "200 500 500 200 ");
  CHECK(day.Call("GET", "/pools/b").status == 200);
  CHECK(day.faulty().strikes() == std::vector<std::uint64_t>{2});
}

TEST_CASE("faulty service: the same seed and calls give the same day, another seed another") {
  const auto day_of = [](int seed) {
    BadDay day("seed: " + std::to_string(seed) +
               "\nfaults: [{operation: read, percent: 50, "
               "status: 500}, {operation: read, percent: 30, connection: reset}]");
    std::string seen;
    for (int i = 0; i < 60; ++i) {
      const Response answer = day.Call("GET", "/pools/a");
      seen += answer.wire == Wire::kReset ? 'r' : answer.status == 500 ? '5' : '.';
    }
    return seen;
  };
  CHECK(day_of(1) == day_of(1));
  CHECK(day_of(1) != day_of(2));
  for (const char kind : {'r', '5', '.'}) CHECK(day_of(1).find(kind) != std::string::npos);
}

}  // namespace
}  // namespace emulator
