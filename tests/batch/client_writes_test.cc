#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "reconciler/batch/client.h"
#include "tests/batch/client_world.h"

namespace reconciler::batch {
namespace {

using World = ClientWorld;

TEST_CASE("writes: each kind is its call") {
  World world([](const HttpRequest&) {
    return Json(202, "", {{"ETag", "0x2"}, {"request-id", "r"}});
  });
  using Kind = Write::Kind;
  const auto answers = world.client.Send({{Kind::kCreate, "p1", "", R"({"id":"p1"})"},
                                          {Kind::kPatch, "p1", "0x1", "{}"},
                                          {Kind::kUpdateProperties, "p1", "", "{}"},
                                          {Kind::kResize, "p1", "0x1", "{}"},
                                          {Kind::kStopResize, "p1", "0x1"},
                                          {Kind::kEnableAutoScale, "p1", "0x1", "{}"},
                                          {Kind::kDisableAutoScale, "p1"}},
                                         {}, {});
  REQUIRE(answers.size() == 7);
  for (const auto& answer : answers) {
    REQUIRE(answer);
    CHECK(answer->etag == "0x2");
    CHECK(answer->request_id == "r");
    CHECK(answer->status == 202);
  }
  const char* calls[] = {"POST /pools",
                         "PATCH /pools/p1",
                         "POST /pools/p1/updateproperties",
                         "POST /pools/p1/resize",
                         "POST /pools/p1/stopresize",
                         "POST /pools/p1/enableautoscale",
                         "POST /pools/p1/disableautoscale"};
  for (std::size_t i = 0; i < 7; ++i) {
    const HttpRequest& request = world.transport.sent[i];
    CHECK(request.method + " " + request.target ==
          std::string(calls[i]) + "?api-version=2025-06-01");
    CHECK(Header(request, "Content-Type") ==
          (request.body.empty() ? "(absent)" : "application/json; odata=minimalmetadata"));
    CHECK(Header(request, "If-Match") ==
          (i == 1 || i == 3 || i == 4 || i == 5 ? "0x1" : "(absent)"));
  }
}

TEST_CASE("writes: a mutation is never sent again, whatever comes back") {
  for (const HttpAnswer& failure :
       {ServiceSays(500, "InternalError"), HttpAnswer{Delivery::kUnknown, 0, "", "reset"},
        HttpAnswer{Delivery::kNotSent, 0, "", "refused"}}) {
    World world([&](const HttpRequest&) { return failure; });
    CHECK(!world.client.Send({{Write::Kind::kResize, "p1", "0x1", "{}"}}, {}, {}).front());
    CHECK(world.transport.sent.size() == 1);
    CHECK(world.clock.sleeps == 0);
  }
}

TEST_CASE("writes: a condition that the call would ignore is not sent") {
  World world([](const HttpRequest&) { return Json(200, ""); });
  const auto answers = world.client.Send({{Write::Kind::kUpdateProperties, "p1", "0x1", "{}"},
                                          {Write::Kind::kPatch, "p2", "0x1\r\nX: 1", "{}"},
                                          {Write::Kind::kPatch, "p3", "0x1", "{}"}},
                                         {}, {});
  CHECK(answers[0].error().message ==
        "account 'demo': update properties of pool 'p1': the call takes no condition");
  CHECK(answers[1].error().message ==
        "account 'demo': patch pool 'p2': the condition is no entity tag");
  CHECK(answers[2]);
  CHECK(world.transport.sent.size() == 1);
}

TEST_CASE("writes: once the account is throttled the rest is not sent") {
  int sent = 0;
  World world([&](const HttpRequest&) {
    return ++sent == 5 ? ServiceSays(429, "TooManyRequests", {{"Retry-After", "9"}})
                       : Json(201, "");
  });
  const auto answers =
      world.client.Send(std::vector<Write>(500, {Write::Kind::kCreate, "p", "", "{}"}), {}, {});
  REQUIRE(answers.size() == 500);
  CHECK(sent == 64);  // the slice in which it was noticed
  CHECK(answers[4].error().status == 429);
  CHECK(answers[63]);
  CHECK(answers[64].error().kind == ErrorKind::kThrottled);
  CHECK(answers[64].error().status == 0);
  CHECK(answers[499].error().retry_after == std::chrono::seconds(9));
  CHECK(answers[499].error().message ==
        "account 'demo': create pool 'p': not sent: the service throttles the account");
}

TEST_CASE("writes: enabling autoscale too often holds one pool, not the account") {
  int sent = 0;
  World world([&](const HttpRequest&) {
    return ++sent == 1 ? ServiceSays(503, "TooManyEnableAutoScaleRequests") : Json(200, "");
  });
  const auto answers = world.client.Send(
      std::vector<Write>(100, {Write::Kind::kEnableAutoScale, "p", "0x1", "{}"}), {}, {});
  CHECK(answers[0].error().retry_after == std::chrono::seconds(30));
  CHECK(answers[99]);
  CHECK(sent == 100);
}

TEST_CASE("writes: an entity tag that could not be sent back is none") {
  World world([](const HttpRequest&) { return Json(200, "", {{"ETag", "0x1 0x2"}}); });
  CHECK(
      world.client.Send({{Write::Kind::kPatch, "p1", "0x1", "{}"}}, {}, {}).front()->etag.empty());
}

TEST_CASE("writes: no writes, no answers") {
  World world([](const HttpRequest&) { return Json(200, ""); });
  CHECK(world.client.Send({}, {}, {}).empty());
  CHECK(world.transport.sent.empty());
}

}  // namespace
}  // namespace reconciler::batch
