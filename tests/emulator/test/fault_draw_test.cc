// Which calls a rule of a fault plan strikes.
#include <doctest/doctest.h>

#include "tests/emulator/test/bad_day.h"

namespace emulator {
namespace {

std::string Struck(BadDay& day, int calls) {
  std::string seen;
  for (int i = 0; i < calls; ++i) seen += day.Get("/pools/a") == 500 ? 'x' : '.';
  return seen;
}

TEST_CASE("fault draw: a rule strikes as often as it may, whatever else it matches") {
  BadDay day("faults: [{operation: getPool, status: 500, times: 2}]");
  CHECK(day.Reads(4) == "500 500 200 200 ");
  BadDay later("faults: [{operation: getPool, status: 500, calls: 3-, times: 1}]");
  CHECK(later.Reads(5) == "200 200 500 200 200 ");
}

TEST_CASE("fault draw: a further rule moves no other, and draws numbers of its own") {
  const std::string first = "{operation: getPool, percent: 40, status: 500}";
  BadDay alone("faults: [" + first + "]");
  BadDay both("faults: [" + first + ", {operation: read, percent: 50, connection: reset}]");
  const auto before = Struck(alone, 60);
  CHECK(Struck(both, 60) == before);
  BadDay second("faults: [{operation: getPool, percent: 40, status: 599}, " + first + "]");
  CHECK(Struck(second, 60) != before);
  BadDay named(
      "faults: [{operation: read, percent: 0, status: 400}, {operation: getPool, seed: 9,"
      " percent: 40, status: 500}]");
  BadDay alone_named("seed: 5\nfaults: [{operation: getPool, seed: 9, percent: 40, status: 500}]");
  CHECK(Struck(named, 60) == Struck(alone_named, 60));
}

TEST_CASE("fault draw: a chance of a tenth of a percent strikes about once in a thousand calls") {
  BadDay day("faults: [{operation: getPool, percent: 0.1, status: 500}]");
  for (int i = 0; i < 20'000; ++i) (void)day.Get("/pools/zz");
  CHECK(day.faulty().strikes().front() >= 8);
  CHECK(day.faulty().strikes().front() <= 40);
}

TEST_CASE("fault draw: nodes, accounts, request ids, paths and phases are told apart") {
  BadDay node("faults: [{node: 'tvm*', status: 500}]");
  CHECK(node.Get("/pools/a/nodes/tvmps_1") == 500);
  CHECK(node.Get("/pools/a/nodes/other") == 404);
  CHECK(node.Get("/pools/a/nodes") == 200);
  ServiceConfig config = TestConfig();
  config.accounts.push_back(config.accounts.front());
  config.accounts.back().name = "second";
  BadDay account(config, "faults: [{account: 'SEC*', status: 500}]");
  CHECK(account.Get("/pools/a") == 200);
  CHECK(account.Call("GET", "/pools", "", {{"Host", "second.batch"}}).status == 500);
  BadDay id("faults: [{clientRequestId: 'abc*', status: 500}]");
  CHECK(id.Call("GET", "/pools", "", {{"client-request-id", "abc-1"}}).status == 500);
  CHECK(id.Call("GET", "/pools", "", {{"client-request-id", "xyz"}}).status == 200);
  CHECK(id.Get("/pools") == 200);
  BadDay path("faults: [{path: '/pools/?', status: 500}]");
  CHECK(path.Get("/pools/a") == 500);
  CHECK(path.Get("/pools") == 200);
  BadDay phase("faults: [{phase: deleting, status: 500}, {phase: absent, status: 501}]");
  CHECK(phase.Get("/pools/a") == 200);
  CHECK(phase.Get("/pools/none") == 501);
  CHECK(phase.Call("DELETE", "/pools/a").status == 202);
  CHECK(phase.Get("/pools/a") == 500);
}

TEST_CASE("fault draw: times of a plan, and healing") {
  BadDay day("faults: [{operation: getPool, status: 500, from: 10s, for: 20s}]");
  CHECK(day.Get("/pools/a") == 200);
  day.Pass(std::chrono::seconds(10));
  CHECK(day.Get("/pools/a") == 500);
  day.Pass(std::chrono::seconds(20));
  CHECK(day.Get("/pools/a") == 200);
  BadDay brown("faults: [{operation: getPool, status: 500, for: 60s, healsFor: 100s}]");
  const auto struck = [&brown] {
    int count = 0;
    for (int i = 0; i < 200; ++i) count += brown.Get("/pools/a") == 500 ? 1 : 0;
    return count;
  };
  CHECK(struck() == 200);
  brown.Pass(std::chrono::seconds(85));  // a quarter healed
  const int most = struck();
  brown.Pass(std::chrono::seconds(50));
  const int few = struck();
  CHECK(most > 120);
  CHECK(few < 80);
  CHECK(few > 10);
  brown.Pass(std::chrono::seconds(30));
  CHECK(struck() == 0);
}

TEST_CASE("fault draw: a connection is good or bad as a whole") {
  BadDay day("faults: [{operation: getPool, status: 500, percent: 50, per: connection}]");
  int bad = 0;
  for (std::uint64_t connection = 1; connection <= 40; ++connection) {
    const int first = day.Call("GET", "/pools/a", "", {}, connection).status;
    for (int i = 0; i < 5; ++i) {
      CHECK(day.Call("GET", "/pools/a", "", {}, connection).status == first);
    }
    bad += first == 500 ? 1 : 0;
  }
  CHECK(bad > 8);
  CHECK(bad < 32);
}

TEST_CASE("fault draw: pages of a list, the first and the next ones") {
  BadDay day("faults: [{operation: listPools, page: next, status: 400}]");
  CHECK(day.Get("/pools?maxresults=1") == 200);
  const std::string link = day.Body("/pools?maxresults=1").Text("odata.nextLink");
  CHECK(day.faulty().Handle({"GET", link, {}, ""}).status == 400);
}

TEST_CASE("fault draw: tokens are requests of their own") {
  BadDay day(
      "faults: [{operation: [read, write], status: 500}, {operation: getToken, status: 429}, "
      "{operation: getIdentityToken, status: 410}]");
  CHECK(day.faulty().Handle({"POST", "/t/oauth2/v2.0/token", {}, ""}).status == 429);
  CHECK(day.faulty().Handle({"GET", "/metadata/identity/oauth2/token?x=1", {}, ""}).status == 410);
}

TEST_CASE("fault draw: an empty bucket makes callers wait, and longer for asking again") {
  BadDay day("faults: [{operation: getPool, bucket: {tokens: 2, perSecond: 0.5, penalty: 10s}}]");
  CHECK(day.Reads(2) == "200 200 ");
  const Response first = day.Call("GET", "/pools/a");
  CHECK(first.status == 429);
  CHECK(CodeOf(first) == "TooManyRequests");
  CHECK(HeaderOf(first, "Retry-After") == "12");
  CHECK(HeaderOf(day.Call("GET", "/pools/a"), "Retry-After") == "22");
  day.Pass(std::chrono::seconds(22));
  CHECK(day.Reads(3) == "200 200 429 ");
}

}  // namespace
}  // namespace emulator
