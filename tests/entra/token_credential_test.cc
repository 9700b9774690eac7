#include "reconciler/entra/token_credential.h"

#include <doctest/doctest.h>

#include "reconciler/core/random.h"
#include "tests/batch/scripted_transport.h"
#include "tests/batch/test_clocks.h"
#include "tests/entra/test_certificates.h"

namespace reconciler::entra {
namespace {

using batch::FakeClock;
using batch::Json;
using batch::ScriptedTransport;
using std::chrono::seconds;

std::string TokenJson(const std::string& text, const std::string& more = "") {
  return R"({"token_type":"Bearer","expires_in":3600,"access_token":")" + text + "\"" + more + "}";
}

const std::string kOldSecret =
    R"({"error":"invalid_client","error_description":"AADSTS7000222: The client secret has expired.)"
    R"( Trace ID: 1 Correlation ID: 2 Timestamp: 3","error_codes":[7000222],)"
    R"("correlation_id":"0f8f"})";

struct World {
  explicit World(Flow flow = Flow::kClientSecret) {
    identity.flow = flow;
    identity.server = {"https", "login.microsoftonline.com", 443};
    identity.resource = "https://batch.core.windows.net/";
    identity.tenant = "contoso.com";
    identity.client_id = "client";
    if (flow == Flow::kManagedIdentity) {
      identity = Identity{.flow = flow, .server = MachineIdentityEndpoint(), .resource = "r/"};
    }
  }
  TokenCredential Make() {
    return TokenCredential(
        identity, [this] { return Result<Secret>(Secret(proof)); }, {}, transport, clock, random);
  }

  Identity identity{};
  std::string proof = "hunter2";
  FakeClock clock;
  SeededRandom random{1};
  HttpAnswer answer = Json(200, TokenJson("one"));
  ScriptedTransport transport{[this](const HttpRequest&) { return answer; }};
};

std::string HeaderNow(const TokenCredential& credential) { return credential.Authorization({}); }

TEST_CASE("token credential: one token serves until five minutes before it ends") {
  World world;
  TokenCredential credential = world.Make();
  for (int i = 0; i < 3; ++i) REQUIRE(credential.Prepare({}));
  CHECK(world.transport.sent.size() == 1);
  CHECK(world.transport.hosts[0] == "login.microsoftonline.com");
  CHECK(HeaderNow(credential) == "Bearer one");
  world.clock.SleepUntil(seconds(3299), {});
  REQUIRE(credential.Prepare({}));
  CHECK(world.transport.sent.size() == 1);
  world.answer = Json(200, TokenJson("two"));
  world.clock.SleepUntil(seconds(3300), {});
  REQUIRE(credential.Prepare({}));
  CHECK(HeaderNow(credential) == "Bearer two");
}

TEST_CASE("token credential: refresh_in is earlier, a short life is halved") {
  World world;
  world.answer = Json(200, TokenJson("one", R"(,"refresh_in":"100")"));
  TokenCredential credential = world.Make();
  REQUIRE(credential.Prepare({}));
  world.clock.SleepUntil(seconds(101), {});
  world.answer = Json(200, R"({"token_type":"bearer","expires_in":"60","access_token":"two"})");
  REQUIRE(credential.Prepare({}));
  CHECK(HeaderNow(credential) == "Bearer two");
  world.clock.SleepUntil(seconds(101 + 29), {});
  REQUIRE(credential.Prepare({}));
  CHECK(world.transport.sent.size() == 2);
  world.clock.SleepUntil(seconds(101 + 31), {});
  REQUIRE(credential.Prepare({}));
  CHECK(world.transport.sent.size() == 3);
}

TEST_CASE("token credential: where renewal fails the token is used to its end, and no longer") {
  World world;
  TokenCredential credential = world.Make();
  REQUIRE(credential.Prepare({}));
  world.answer = Json(401, kOldSecret);
  world.clock.SleepUntil(seconds(3400), {});
  CHECK(credential.Prepare({}));
  CHECK(HeaderNow(credential) == "Bearer one");
  CHECK(world.transport.sent.size() == 2);
  CHECK(credential.Prepare({}));  // not again within half a minute
  CHECK(world.transport.sent.size() == 2);
  world.clock.SleepUntil(seconds(3431), {});
  CHECK(credential.Prepare({}));
  CHECK(world.transport.sent.size() == 3);
  world.clock.SleepUntil(seconds(3591), {});
  const Status ended = credential.Prepare({});
  REQUIRE_FALSE(ended);
  CHECK(ended.error().kind == ErrorKind::kUnauthorized);
  CHECK(HeaderNow(credential) == "Bearer ");
}

TEST_CASE("token credential: a refusal says who asked where, what was said and what to do") {
  World world;
  world.answer = Json(401, kOldSecret);
  TokenCredential credential = world.Make();
  const Status status = credential.Prepare({});
  REQUIRE_FALSE(status);
  CHECK(status.error().message ==
        "sign in: Entra ID at login.microsoftonline.com as client client of tenant contoso.com: "
        "401 invalid_client: AADSTS7000222: The client secret has expired; make a new one and put "
        "it where the configuration says (correlation id 0f8f)");
  CHECK(status.error().code == "invalid_client");
}

TEST_CASE("token credential: what is no token is never sent") {
  for (const char* body :
       {"<html>", "[]", "{}", R"({"token_type":"Bearer","expires_in":3600})",
        R"({"token_type":"Bearer","expires_in":3600,"access_token":"a\r\nEvil: 1"})",
        R"({"token_type":"Bearer","expires_in":3600,"access_token":""})",
        R"({"token_type":"MAC","expires_in":3600,"access_token":"x"})",
        R"({"token_type":"Bearer","expires_in":0,"access_token":"x"})",
        R"({"token_type":"Bearer","expires_in":"soon","access_token":"x"})",
        R"({"token_type":"Bearer","access_token":"x"})"}) {
    CAPTURE(body);
    World world;
    world.answer = Json(200, body);
    TokenCredential credential = world.Make();
    const Status status = credential.Prepare({});
    REQUIRE_FALSE(status);
    CHECK(status.error().kind == ErrorKind::kTransient);
    CHECK(status.error().message.find("the answer holds no token: ") != std::string::npos);
    CHECK(status.error().message.find("Evil") == std::string::npos);
  }
}

TEST_CASE("token credential: the class of an error follows from the answer") {
  const auto kind_of = [](HttpAnswer answer, Flow flow = Flow::kClientSecret) {
    World world(flow);
    world.answer = std::move(answer);
    TokenCredential credential = world.Make();
    const Status status = credential.Prepare({});
    REQUIRE_FALSE(status);
    return status.error().kind;
  };
  CHECK(kind_of(Json(400, R"({"error":"invalid_request"})")) == ErrorKind::kUnauthorized);
  CHECK(kind_of(Json(404, "")) == ErrorKind::kUnauthorized);
  CHECK(kind_of(Json(429, "")) == ErrorKind::kThrottled);
  CHECK(kind_of(Json(503, "")) == ErrorKind::kTransient);
  CHECK(kind_of(Json(410, ""), Flow::kManagedIdentity) == ErrorKind::kTransient);
  CHECK(kind_of(HttpAnswer{Delivery::kNotSent}) == ErrorKind::kNotSent);
  CHECK(kind_of(HttpAnswer{Delivery::kUnknown}) == ErrorKind::kTransient);
}

TEST_CASE("token credential: a throttled issuer says when to come again") {
  const auto wait = [](const std::string& retry_after) {
    World world;
    world.answer = Json(429, "", {{"Retry-After", retry_after}});
    TokenCredential credential = world.Make();
    return credential.Prepare({}).error().retry_after;
  };
  CHECK(wait("7") == seconds(7));
  CHECK(wait("Tue, 01 Jul 2025 12:00:09 GMT") == seconds(9));
  CHECK_FALSE(wait("soon"));
}

TEST_CASE("token credential: what may pass is tried again, what will not is not") {
  const auto tries = [](HttpAnswer answer, Flow flow = Flow::kClientSecret) {
    World world(flow);
    world.answer = std::move(answer);
    TokenCredential credential = world.Make();
    (void)credential.Prepare({});
    return world.transport.sent.size();
  };
  CHECK(tries(Json(503, "")) == 3);
  CHECK(tries(HttpAnswer{Delivery::kUnknown}) == 3);
  CHECK(tries(HttpAnswer{Delivery::kNotSent}) == 1);
  CHECK(tries(Json(401, kOldSecret)) == 1);
  CHECK(tries(Json(429, "")) == 1);
  for (const int status : {404, 410, 429, 500}) {
    CHECK(tries(Json(status, ""), Flow::kManagedIdentity) == 7);
  }
  CHECK(tries(Json(400, ""), Flow::kManagedIdentity) == 1);
}

TEST_CASE("token credential: a refused token is dropped; a young one is not worth another") {
  World world;
  TokenCredential credential = world.Make();
  REQUIRE(credential.Prepare({}));
  CHECK_FALSE(credential.Refused());
  REQUIRE(credential.Prepare({}));
  CHECK(world.transport.sent.size() == 2);
  world.clock.SleepUntil(seconds(120), {});
  CHECK(credential.Refused());
}

TEST_CASE("token credential: a rotated secret counts with the next token") {
  World world;
  TokenCredential credential = world.Make();
  REQUIRE(credential.Prepare({}));
  world.proof = "correct-horse";
  (void)credential.Refused();
  REQUIRE(credential.Prepare({}));
  CHECK(world.transport.sent[0].body.find("client_secret=hunter2") != std::string::npos);
  CHECK(world.transport.sent[1].body.find("client_secret=correct-horse") != std::string::npos);
}

TEST_CASE("token credential: a certificate signs a fresh assertion for each request") {
  World world(Flow::kClientCertificate);
  const TestKey key = MakeRsaKey();
  world.proof =
      PemOfKey(key.get()) + PemOfCertificate(key.get(), world.clock.Wall() + std::chrono::hours(1));
  TokenCredential credential = world.Make();
  world.answer = Json(503, "");
  (void)credential.Prepare({});
  REQUIRE(world.transport.sent.size() == 3);
  CHECK(world.transport.sent[0].body != world.transport.sent[1].body);
  world.clock.SleepUntil(world.clock.Now() + std::chrono::hours(1), {});
  const Status ended = credential.Prepare({});
  REQUIRE_FALSE(ended);
  CHECK(ended.error().kind == ErrorKind::kUnauthorized);
  CHECK(ended.error().message.find("the certificate ended at 2025-07-01T13:00:00Z: make a new one "
                                   "and register it") != std::string::npos);
  CHECK(world.transport.sent.size() == 3);
}

TEST_CASE("token credential: a proof that cannot be read asks nobody") {
  World world;
  TokenCredential credential(
      world.identity,
      [] {
        return Result<Secret>(Error{ErrorKind::kInvalidSpec, "cannot open secret.txt"});
      },
      {}, world.transport, world.clock, world.random);
  const Status status = credential.Prepare({});
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == ErrorKind::kUnauthorized);
  CHECK(status.error().message.ends_with("tenant contoso.com: cannot open secret.txt"));
  CHECK(world.transport.sent.empty());
}

TEST_CASE("token credential: a stop ends the waiting") {
  World world(Flow::kManagedIdentity);
  world.answer = Json(410, "");
  std::stop_source stop;
  stop.request_stop();
  TokenCredential credential = world.Make();
  const Status status = credential.Prepare(stop.get_token());
  REQUIRE_FALSE(status);
  CHECK(status.error().kind == ErrorKind::kCancelled);
  CHECK(world.transport.sent.size() == 1);
}

}  // namespace
}  // namespace reconciler::entra
