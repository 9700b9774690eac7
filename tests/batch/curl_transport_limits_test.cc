// Limits in flight, deadlines, stops, many calls at once.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "reconciler/batch/curl_transport.h"
#include "tests/batch/raw_server.h"
#include "tests/batch/test_clocks.h"

namespace reconciler::batch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

std::unique_ptr<CurlTransport> NewTransport(Clock& clock, int in_flight_max = 64) {
  TransportOptions options;
  options.in_flight_max = in_flight_max;
  return std::move(CurlTransport::Create(options, clock)).value();
}

std::vector<HttpRequest> Many(std::size_t count, const std::string& method = "POST") {
  return std::vector<HttpRequest>(count, HttpRequest{method, "/pools", "{}"});
}

RawReply Hang(const SeenRequest&) { return {}; }
RawReply Accept(const SeenRequest&) { return {PlainAnswer(201, "")}; }

TEST_CASE("limits: 500 creates use at most 8 connections") {
  RealClock clock;
  RawServer server(Accept);
  const auto transport = NewTransport(clock);
  const auto answers = transport->SendAll({"http", "127.0.0.1", server.port()}, Many(500), {}, {});
  REQUIRE(answers.size() == 500);
  for (const HttpAnswer& answer : answers) REQUIRE(answer.status == 201);
  CHECK(server.Seen().size() == 500);
  CHECK(server.Connections() <= 8);
}

TEST_CASE("limits: a call has no more in flight than it may") {
  RealClock clock;
  RawServer server(Hang);
  const auto transport = NewTransport(clock);
  std::stop_source stop;
  std::thread caller([&] {
    const auto answers =
        transport->SendAll({"http", "127.0.0.1", server.port()}, Many(20), {5}, stop.get_token());
    std::size_t unknown = 0;
    for (const HttpAnswer& answer : answers) {
      CHECK(answer.detail == "withdrawn before an answer came");
      unknown += answer.delivery == Delivery::kUnknown ? 1U : 0U;
    }
    CHECK(unknown == 5);  // the others were never sent
  });
  server.AwaitSeen(5);
  stop.request_stop();
  caller.join();
  CHECK(server.Seen().size() == 5);
}

TEST_CASE("limits: a cold host gets one request first, the others follow once it is connected") {
  RealClock clock;
  RawServer server([](const SeenRequest&) { return RawReply{PlainAnswer(200, ""), false, "", 8}; });
  const auto transport = NewTransport(clock);
  // The first is answered only after all eight were seen: it does not hold the others back.
  const auto answers =
      transport->SendAll({"http", "127.0.0.1", server.port()}, Many(8, "GET"), {}, {});
  for (const HttpAnswer& answer : answers) CHECK(answer.status == 200);
}

TEST_CASE("limits: an account that hangs with all slots taken does not delay another") {
  RealClock clock;
  RawServer hanging(Hang);
  RawServer working(Accept);
  const auto transport = NewTransport(clock, 8);
  std::stop_source stop;
  std::thread hung([&] {
    transport->SendAll({"http", "127.0.0.1", hanging.port()}, Many(100), {}, stop.get_token());
  });
  hanging.AwaitSeen(8);
  const auto answers = transport->SendAll({"http", "127.0.0.1", working.port()}, Many(20), {}, {});
  for (const HttpAnswer& answer : answers) CHECK(answer.status == 201);
  CHECK(working.Connections() == 1);  // the slots beyond the first are the other's
  stop.request_stop();
  hung.join();
  CHECK(hanging.Seen().size() == 8);
}

TEST_CASE("limits: the deadline of a call withdraws what hangs and what was not sent") {
  RealClock clock;
  RawServer server(Hang);
  const auto transport = NewTransport(clock);
  ExchangeLimits limits;
  limits.in_flight_max = 2;
  limits.deadline = clock.Now() + milliseconds(200);
  const auto answers =
      transport->SendAll({"http", "127.0.0.1", server.port()}, Many(3), limits, {});
  CHECK(answers[0].delivery == Delivery::kUnknown);
  CHECK(answers[1].delivery == Delivery::kUnknown);
  CHECK(answers[2].delivery == Delivery::kNotSent);
  limits.deadline = clock.Now() - milliseconds(1);  // passed already
  CHECK(transport->SendAll({"http", "127.0.0.1", server.port()}, Many(1), limits, {})
            .front()
            .delivery != Delivery::kAnswered);
}

TEST_CASE("limits: a stop before the call sends nothing") {
  RealClock clock;
  RawServer server(Accept);
  const auto transport = NewTransport(clock);
  std::stop_source stop;
  stop.request_stop();
  const auto answers =
      transport->SendAll({"http", "127.0.0.1", server.port()}, Many(3), {}, stop.get_token());
  for (const HttpAnswer& answer : answers) CHECK(answer.delivery == Delivery::kNotSent);
  CHECK(server.Seen().empty());
}

TEST_CASE("limits: 1,000 hanging requests of 10 calls stop within 2 s") {
  rlimit files{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &files) == 0);
  REQUIRE(files.rlim_max >= 4096);
  files.rlim_cur = 4096;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &files) == 0);
  RealClock clock;
  RawServer server(Hang);
  const auto transport = NewTransport(clock, 1000);
  std::stop_source stop;
  std::atomic<int> unknown{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 10; ++i) {
    callers.emplace_back([&] {
      const auto answers = transport->SendAll({"http", "127.0.0.1", server.port()}, Many(100),
                                              {100}, stop.get_token());
      for (const HttpAnswer& answer : answers) unknown += answer.delivery == Delivery::kUnknown;
    });
  }
  server.AwaitSeen(1000);
  const auto began = steady_clock::now();
  stop.request_stop();
  for (std::thread& caller : callers) caller.join();
  CHECK(steady_clock::now() - began < seconds(2));
  CHECK(unknown == 1000);
  CHECK(server.Seen().size() == 1000);
}

TEST_CASE("limits: calls, stops and the end of the transport race without harm") {
  RealClock clock;
  RawServer server([](const SeenRequest& request) {
    return request.on_connection % 3 == 0 ? RawReply{"", true} : RawReply{PlainAnswer(200, "x")};
  });
  for (int round = 0; round < 20; ++round) {
    const auto transport = NewTransport(clock);
    std::stop_source stop;
    std::vector<std::thread> callers;
    std::atomic<std::size_t> answered{0};
    for (int i = 0; i < 4; ++i) {
      callers.emplace_back([&] {
        answered +=
            transport->SendAll({"http", "127.0.0.1", server.port()}, Many(30), {}, stop.get_token())
                .size();
      });
    }
    server.AwaitSeen(static_cast<std::size_t>(round) + 1);
    stop.request_stop();
    for (std::thread& caller : callers) caller.join();
    CHECK(answered == 120);
  }
}

}  // namespace
}  // namespace reconciler::batch
