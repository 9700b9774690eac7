#include "reconciler/batch/probe.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "reconciler/batch/shared_key.h"
#include "tests/batch/client_world.h"

namespace reconciler::batch {
namespace {

using std::chrono::seconds;

const AccountEndpoint kAccount{"demo", {"https", "demo.batch.azure.com", 443}};

struct Asked {
  Probe probe;
  HttpRequest request;
};
/// `wall_moves`: how far our clock runs while the exchange lasts.
Asked Ask(const HttpAnswer& answer, const Credential* key, seconds wall_moves = seconds{0}) {
  FakeClock clock;
  ScriptedTransport transport([&](const HttpRequest&) {
    clock.SleepUntil(clock.Now() + wall_moves, {});
    return answer;
  });
  Probe probe = ProbeAccount(kAccount, key, transport, clock, {});
  return {std::move(probe), transport.sent.front()};
}

TEST_CASE("probe: one signed request for one pool, and a list is no failure") {
  const SharedKeyCredential credential{"demo", Secret("0123456789")};
  const Credential* key = &credential;
  const Asked asked = Ask(Json(200, R"({"value":[]})"), key);
  CHECK(asked.request.target == "/pools?api-version=2025-06-01&maxresults=1");
  CHECK(Header(asked.request, "Authorization").rfind("SharedKey demo:", 0) == 0);
  CHECK_FALSE(asked.probe.failure);
  CHECK_FALSE(asked.probe.clock_ahead);
}

TEST_CASE("probe: without a key the request goes out unsigned") {
  const Asked asked = Ask(ServiceSays(401, "AuthenticationFailed"), nullptr);
  CHECK(Header(asked.request, "Authorization") == "(absent)");
  CHECK(asked.probe.failure->kind == ErrorKind::kUnauthorized);
  CHECK(asked.probe.service.code == "AuthenticationFailed");
}

TEST_CASE("probe: a page of somebody else's is no list of pools") {
  const SharedKeyCredential credential{"demo", Secret("0123456789")};
  const Credential* key = &credential;
  for (const char* body : {"<html>", "{}", R"({"value":[)"}) {
    CHECK(Ask(Json(200, body), key).probe.failure.has_value());
  }
}

TEST_CASE("probe: our clock is that of the middle of the exchange") {
  const SharedKeyCredential credential{"demo", Secret("0123456789")};
  const Credential* key = &credential;
  const auto ahead = [&](const char* date, seconds took) {
    return Ask(Json(200, R"({"value":[]})", {{"Date", date}}), key, took).probe.clock_ahead;
  };
  CHECK(ahead("Tue, 01 Jul 2025 12:00:05 GMT", seconds{10}) == seconds{0});
  CHECK(ahead("Tue, 01 Jul 2025 11:59:00 GMT", seconds{0}) == seconds{60});
  CHECK(ahead("Tue, 01 Jul 2025 12:20:00 GMT", seconds{0}) == seconds{-1200});
  CHECK(ahead("yesterday", seconds{0}) == std::nullopt);
}

}  // namespace
}  // namespace reconciler::batch
