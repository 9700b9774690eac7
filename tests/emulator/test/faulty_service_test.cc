#include "tests/emulator/faulty_service.h"

#include <doctest/doctest.h>

#include "tests/emulator/test/bad_day.h"

namespace emulator {
namespace {

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

TEST_CASE("faulty service: Retry-After as it should not be") {
  BadDay odd("faults: [{status: 429, retryAfter: [1e9, abc], retryAfterMs: 250}]");
  const Response answer = odd.Call("GET", "/pools");
  std::string seen;
  for (const auto& [name, value] : answer.headers) {
    if (name == "Retry-After") seen += value + " ";
  }
  CHECK(seen == "1e9 abc ");
  CHECK(HeaderOf(answer, "retry-after-ms") == "250");
  CHECK(HeaderOf(answer, "x-ms-retry-after-ms") == "250");
  BadDay past("faults: [{status: 429, retryAfterDate: -7}]");
  CHECK(HeaderOf(past.Call("GET", "/pools"), "Retry-After") == "Tue, 01 Jul 2025 12:00:53 GMT");
}

TEST_CASE("faulty service: any status, with the words of whoever would say it") {
  BadDay day(
      "faults: [{operation: getPool, calls: 1, status: 302, headers: {Location: 'http://evil/'}}, "
      "{operation: getPool, calls: 2, status: 304}, {operation: getPool, calls: 3, status: 999}, "
      "{operation: getPool, calls: 4, status: 502, gateway: true}, "
      "{operation: getPool, calls: 5, status: 400, code: InvalidPropertyValue, values: 100}, "
      "{operation: getToken, status: 429}]");
  const Response moved = day.Call("GET", "/pools/a");
  CHECK(moved.status == 302);
  CHECK(HeaderOf(moved, "Location") == "http://evil/");
  CHECK(moved.body.empty());
  CHECK(day.Get("/pools/a") == 304);
  CHECK(day.Get("/pools/a") == 999);
  const Response gateway = day.Call("GET", "/pools/a");
  CHECK(gateway.reason == "Bad Gateway");
  CHECK(HeaderOf(gateway, "Content-Type") == "text/html");
  CHECK(gateway.body.find("<h1>502 Bad Gateway</h1>") != std::string::npos);
  const Response many = day.Call("GET", "/pools/a");
  CHECK(ParseJson(many.body)->Find("values")->AsList()->size() == 100);
  const Response token = day.Call("POST", "/t/oauth2/v2.0/token");
  CHECK(ParseJson(token.body)->Text("error") == "temporarily_unavailable");
}

TEST_CASE("faulty service: an answer with other headers, another phrase, another text") {
  BadDay day("faults: [{headers: {ETag: ~, X-Odd: '1', Date: never}, reason: Hm, text: '{}'}]");
  const Response answer = day.Call("GET", "/pools/a");
  CHECK(answer.status == 200);
  CHECK(HeaderOf(answer, "ETag").empty());
  CHECK(HeaderOf(answer, "X-Odd") == "1");
  CHECK(HeaderOf(answer, "Date") == "never");
  CHECK(answer.reason == "Hm");
  CHECK(answer.body == "{}");
}

TEST_CASE("faulty service: a token that is worth nothing any more") {
  BadDay day("faults: [{operation: write, token: expired}]");
  const Response answer = day.Call("DELETE", "/pools/a");
  CHECK(answer.status == 401);
  CHECK(HeaderOf(answer, "WWW-Authenticate") ==
        R"(Bearer error="invalid_token", error_description="The access token expired")");
  CHECK(day.Get("/pools/a") == 200);
  CHECK(day.Body("/pools/a").Text("state") == "active");
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

TEST_CASE("faulty service: the pool of a create is the one in its body") {
  BadDay day("faults: [{operation: createPool, pool: 'web-*', connection: reset}]");
  CHECK(day.Create("batch-1").status == 201);
  CHECK(day.Create("web-1").wire == Wire::kReset);
  CHECK_FALSE(day.Exists("web-1"));
}

TEST_CASE("faulty service: what the connection does with a good answer") {
  BadDay slow("faults: [{slowFor: 3s}]");
  const Response answer = slow.Call("GET", "/pools");
  CHECK(answer.wire == Wire::kSlow);
  CHECK(answer.wire_time == std::chrono::seconds(3));
  CHECK(answer.status == 200);
  BadDay cut("faults: [{body: truncated}]");
  CHECK(cut.Call("GET", "/pools").wire == Wire::kTruncate);
  BadDay drop("faults: [{bytesPerSecond: 5}]");
  CHECK(drop.Call("GET", "/pools").wire == Wire::kTrickle);
  CHECK(drop.Call("GET", "/pools").wire_bytes == 5);
  BadDay half("faults: [{connection: headersOnly}]");
  CHECK(half.Call("GET", "/pools").wire == Wire::kHeadersOnly);
  CHECK(half.Call("GET", "/pools").status == 200);
  BadDay closed("faults: [{connection: closed, applied: true}]");
  CHECK(closed.Call("DELETE", "/pools/a").wire == Wire::kClosed);
  BadDay fresh("faults: [{resetNewFor: 2s}]");
  CHECK(fresh.Call("GET", "/pools").wire == Wire::kResetNew);
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
