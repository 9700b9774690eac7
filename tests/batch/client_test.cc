#include "reconciler/batch/client.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/core/digest.h"
#include "tests/batch/client_world.h"

namespace reconciler::batch {
namespace {

std::string Pool(const std::string& id) {
  return R"({"id":")" + id + R"(","eTag":"0x1","state":"active","vmSize":"a",)" +
         R"("allocationState":"steady","currentDedicatedNodes":0,"targetDedicatedNodes":0,)" +
         R"("currentLowPriorityNodes":0,"targetLowPriorityNodes":0})";
}

std::string Page(const std::string& rows, const std::string& next = "") {
  return R"({"odata.metadata":"x","value":[)" + rows + "]" +
         (next.empty() ? "" : R"(,"odata.nextLink":")" + next + "\"") + "}";
}

struct World : ClientWorld {
  using ClientWorld::ClientWorld;

  Result<ListReport> ListPools() {
    return client.ListPools(
        [&](LivePool pool) -> Status {
          ids.push_back(pool.id);
          return Ok{};
        },
        "", {});
  }

  std::vector<std::string> ids;
};

TEST_CASE("client: a read is dated, signed and carries an id of its own") {
  World world([](const HttpRequest&) { return Json(200, Page("")); });
  REQUIRE(world.ListPools());
  REQUIRE(world.ListPools());
  const HttpRequest& request = world.transport.sent[0];
  CHECK(request.method == "GET");
  CHECK(request.target == "/pools?api-version=2025-06-01");
  CHECK(Header(request, "ocp-date") == "Tue, 01 Jul 2025 12:00:00 GMT");
  CHECK(Header(request, "Accept") == "application/json");
  CHECK(Header(request, "return-client-request-id") == "true");
  CHECK(Header(request, "Content-Type") == "(absent)");
  CHECK(Header(request, "Authorization").starts_with("SharedKey demo:"));
  const std::string id = Header(request, "client-request-id");
  CHECK(id.size() == 36);
  CHECK(id[14] == '4');
  CHECK(id != Header(world.transport.sent[1], "client-request-id"));
}

TEST_CASE("client: all pages of a list are read, from the pinned host alone") {
  World world([](const HttpRequest& request) {
    if (request.target.find("skiptoken") == std::string::npos) {
      return Json(200, Page(Pool("a") + "," + Pool("b"),
                            "https://evil.example/steal?$skiptoken=T%2B1&api-version=9"));
    }
    return Json(200, Page(Pool("c")));
  });
  const auto report = world.ListPools();
  REQUIRE(report);
  CHECK(report->items == 3);
  CHECK(report->pages == 2);
  CHECK(world.ids == std::vector<std::string>{"a", "b", "c"});
  REQUIRE(world.transport.sent.size() == 2);
  CHECK(world.transport.sent[1].target == "/pools?api-version=2025-06-01&$skiptoken=T%2B1");
  CHECK(world.transport.hosts[1] == "demo.batch.azure.com");
}

TEST_CASE("client: a short or empty page with a next link is legal") {
  World world([](const HttpRequest& request) {
    if (request.target.find("skiptoken") == std::string::npos) {
      return Json(200, Page("", "https://h/pools?$skiptoken=1"));
    }
    return Json(200, Page(Pool("a")));
  });
  REQUIRE(world.ListPools());
  CHECK(world.ids.size() == 1);
}

TEST_CASE("client: a filter is passed on, encoded") {
  World world([](const HttpRequest&) { return Json(200, Page("")); });
  REQUIRE(
      world.client.ListPools([](LivePool) -> Status { return Ok{}; }, "startswith(id,'a')", {}));
  CHECK(world.transport.sent[0].target ==
        "/pools?api-version=2025-06-01&$filter=startswith%28id%2C%27a%27%29");
}

TEST_CASE("client: pages that lead in a circle are an error") {
  World world(
      [](const HttpRequest&) { return Json(200, Page("", "https://h/pools?$skiptoken=again")); });
  const auto report = world.ListPools();
  REQUIRE(!report);
  CHECK(report.error().kind == ErrorKind::kTransient);
  CHECK(report.error().message ==
        "account 'demo': list pools, page 2: the link leads back to a page that was read "
        "($skiptoken 'again')");
  CHECK(world.transport.sent.size() == 2);
}

TEST_CASE("client: pages without end are an error") {
  int page = 0;
  World world([&](const HttpRequest&) {
    return Json(200, Page("", "https://h/pools?$skiptoken=" + std::to_string(++page)));
  });
  const auto report = world.ListPools();
  REQUIRE(!report);
  CHECK(report.error().message == "account 'demo': list pools: no end after 10000 pages");
}

TEST_CASE("client: a next link without a token makes the list incomplete") {
  World world([](const HttpRequest&) { return Json(200, Page("", "https://h/pools?page=2")); });
  CHECK(world.ListPools().error().message ==
        "account 'demo': list pools, page 1: the link to the next page has no $skiptoken");
}

TEST_CASE("client: a pool that comes twice makes the list incomplete") {
  World world([](const HttpRequest& request) {
    if (request.target.find("skiptoken") == std::string::npos) {
      return Json(200, Page(Pool("render"), "https://h/pools?$skiptoken=1"));
    }
    return Json(200, Page(Pool("Render")));
  });
  CHECK(world.ListPools().error().message ==
        "account 'demo': list pools, page 2: pool 'Render' comes twice: the list changed while it "
        "was read");
}

TEST_CASE("client: answers that are no list are errors that say what came") {
  struct Row {
    const char* body;
    const char* problem;
  };
  const Row rows[] = {
      {"<html>log in</html>", "not JSON at byte 0: Invalid value"},
      {"", "not JSON at byte 0: The document is empty"},
      {R"({"value":[{"id":"p1"},)", "not JSON at byte 22: an item of the list does not end"},
      {"[]", "a list answer is no JSON object"},
      {"{}", "a list answer has no list 'value'"},
      {R"({"value":{}})", "a list answer has no list 'value'"},
      {R"({"value":[],"odata.nextLink":5})", "'odata.nextLink' of a list answer is no string"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    World world([&](const HttpRequest&) { return Json(200, row.body); });
    const auto report = world.ListPools();
    REQUIRE(!report);
    CHECK(report.error().kind == ErrorKind::kTransient);
    CHECK(report.error().message.find(row.problem) != std::string::npos);
    CHECK(report.error().message.starts_with("account 'demo': list pools, page 1 ("));
  }
}

TEST_CASE("client: a wrong pool in a list names account, page, pool and property") {
  World world([](const HttpRequest&) { return Json(200, Page(R"({"id":"p1","eTag":1})")); });
  CHECK(world.ListPools().error().message ==
        "account 'demo': list pools, page 1: pool 'p1': property 'eTag': expected a string, found "
        "integer 1");
}

TEST_CASE("client: the error of a visitor ends the list") {
  World world([](const HttpRequest&) { return Json(200, Page(Pool("a") + "," + Pool("b"))); });
  int visits = 0;
  const auto report = world.client.ListPools(
      [&](LivePool) -> Status {
        ++visits;
        return Error{ErrorKind::kCancelled, "enough"};
      },
      "", {});
  CHECK(report.error().kind == ErrorKind::kCancelled);
  CHECK(visits == 1);
}

TEST_CASE("client: a read that fails is tried three times, with growing pauses") {
  for (const HttpAnswer& failure :
       {ServiceSays(500, "InternalError"), HttpAnswer{Delivery::kUnknown, 0, "", "reset"},
        HttpAnswer{Delivery::kNotSent, 0, "", "refused"}}) {
    int asked = 0;
    World world([&](const HttpRequest&) { return ++asked < 3 ? failure : Json(200, Page("")); });
    CHECK(world.ListPools());
    CHECK(world.clock.sleeps == 2);
    CHECK(world.clock.Now() >= std::chrono::milliseconds(500 + 1000));
    CHECK(world.clock.Now() <= std::chrono::milliseconds(1000 + 2000));
    asked = -100;
    CHECK(!world.ListPools());
    CHECK(world.transport.sent.size() == 6);
  }
}

TEST_CASE("client: a service that hangs is asked twice, not three times") {
  World* hanging = nullptr;
  World world([&](const HttpRequest&) {
    (void)hanging->clock.SleepUntil(hanging->clock.Now() + std::chrono::seconds(40), {});
    return HttpAnswer{Delivery::kUnknown, 0, "", "timeout"};
  });
  hanging = &world;
  CHECK(!world.ListPools());
  CHECK(world.transport.sent.size() == 2);
  CHECK(world.clock.Now() < std::chrono::seconds(85));
}

TEST_CASE("client: a read that is refused or throttled is not tried again") {
  for (const int status : {400, 403, 404, 409, 429}) {
    CAPTURE(status);
    World world([&](const HttpRequest&) { return ServiceSays(status, "X"); });
    CHECK(!world.ListPools());
    CHECK(world.transport.sent.size() == 1);
  }
}

TEST_CASE("client: no pause reaches beyond the deadline of reads or a stop") {
  World world([](const HttpRequest&) { return ServiceSays(500, "InternalError"); });
  world.client.SetReadDeadline(std::chrono::milliseconds(400));
  CHECK(!world.ListPools());
  CHECK(world.transport.sent.size() == 1);
  world.client.SetReadDeadline({});
  std::stop_source stop;
  stop.request_stop();
  CHECK(!world.client.GetPool("p1", stop.get_token()));
  CHECK(world.transport.sent.size() == 2);
}

TEST_CASE("client: a pool that is not there is no error, another 404 is") {
  World world([](const HttpRequest& request) {
    if (request.target.starts_with("/pools/gone?")) return ServiceSays(404, "PoolNotFound");
    if (request.target.starts_with("/pools/odd?")) {
      return HttpAnswer{Delivery::kAnswered, 404, "<html>"};
    }
    return Json(200, Pool("P1"));
  });
  const auto pools = world.client.GetPools({"gone", "odd", "p1", "p2"}, {});
  REQUIRE(pools.size() == 4);
  REQUIRE(pools[0]);
  CHECK(!*pools[0]);
  CHECK(pools[1].error().kind == ErrorKind::kSlow);
  REQUIRE(pools[2]);
  CHECK((*pools[2])->id == "P1");
  CHECK(pools[3].error().message == "account 'demo': get pool 'p2': the answer is pool 'P1'");
}

TEST_CASE("client: of several reads only those that failed are tried again") {
  int failures = 1;
  World world([&](const HttpRequest& request) {
    const bool second = request.target.starts_with("/pools/b?");
    if (second && failures-- > 0) return ServiceSays(503, "");
    return Json(200, Pool(second ? "b" : "a"));
  });
  const auto pools = world.client.GetPools({"a", "b"}, {});
  CHECK((*pools[0])->id == "a");
  CHECK((*pools[1])->id == "b");
  CHECK(world.transport.sent.size() == 3);
}

TEST_CASE("client: a single pool that is not JSON is an error that says what came") {
  World world([](const HttpRequest&) { return Json(200, "oops"); });
  CHECK(world.client.GetPool("p1", {}).error().message ==
        "account 'demo': get pool 'p1' (application/json;odata=minimalmetadata, 4 bytes): not JSON "
        "at byte 0: Invalid value");
}

TEST_CASE("client: the other lists") {
  World world([](const HttpRequest& request) {
    if (request.target == "/supportedimages?api-version=2025-06-01") {
      return Json(200, Page(R"({"imageReference":{"publisher":"a","offer":"b","sku":"c"},)"
                            R"("nodeAgentSKUId":"n"})"));
    }
    CHECK(request.target ==
          "/pools/p1/nodes?api-version=2025-06-01&$select=id%2Cstate%2CisDedicated%2ClastBootTime"
          "%2CallocationTime%2CipAddress%2CvmSize%2CrunningTasksCount%2CstartTaskInfo%2Cerrors");
    return Json(200, Page(R"({"id":"n1","state":"idle"})"));
  });
  CHECK(world.client.ListSupportedImages({})->front().sku == "c");
  CHECK(world.client.ListNodes("p1", {})->front().id == "n1");
}

/// Says "token 1", and after a refusal "token 2", unless it cannot say anything.
struct CountingCredential final : Credential {
  Status Prepare(std::stop_token) override {
    ++prepared;
    if (problem) return *problem;
    return Ok{};
  }
  std::string Authorization(const HttpRequest&) const override {
    return "token " + std::to_string(number);
  }
  std::string_view Advice() const override { return "ask somebody"; }
  bool Refused() override {
    ++number;
    return better;
  }
  std::optional<Error> problem;
  bool better = true;
  int number = 1;
  int prepared = 0;
};

struct SignInWorld {
  CountingCredential credential;
  FakeClock clock;
  SeededRandom random{1};
  ScriptedTransport transport{[](const HttpRequest& request) {
    const bool good = Header(request, "Authorization") == "token 2";
    return good ? Json(200, R"({"value":[]})") : ServiceSays(401, "AuthenticationFailed");
  }};
  Client client{
      {"demo", {"https", "demo.batch.azure.com", 443}}, credential, transport, clock, random};
  Result<ListReport> List() {
    return client.ListPools([](LivePool) -> Status { return Ok{}; }, "", {});
  }
};

TEST_CASE("client: a read that is refused signs in again, once") {
  SignInWorld world;
  CHECK(world.List());
  CHECK(world.transport.sent.size() == 2);
  SignInWorld stubborn;
  stubborn.credential.number = 7;  // the next one is no better
  CHECK_FALSE(stubborn.List());
  CHECK(stubborn.transport.sent.size() == 2);
  SignInWorld hopeless;
  hopeless.credential.better = false;
  CHECK(hopeless.List().error().message.find("; ask somebody") != std::string::npos);
  CHECK(hopeless.transport.sent.size() == 1);
}

TEST_CASE("client: without a sign-in nothing goes out, and no write is in doubt") {
  SignInWorld world;
  world.credential.problem = Error{ErrorKind::kTransient, "sign in: no answer"};
  const auto list = world.List();
  REQUIRE_FALSE(list);
  CHECK(list.error().message == "account 'demo': list pools: sign in: no answer");
  CHECK(world.credential.prepared == 1);  // it has tried as often as it makes sense
  std::vector<Write> writes(1);
  writes[0].pool_id = "p";
  writes[0].body = "{}";
  const auto answers = world.client.Send(std::move(writes), {}, {});
  REQUIRE_FALSE(answers[0]);
  CHECK(answers[0].error().kind == ErrorKind::kNotSent);
  CHECK(answers[0].error().message.ends_with("sign in: no answer"));
  CHECK(world.transport.sent.empty());
}

}  // namespace
}  // namespace reconciler::batch
