#include "daemon/heartbeat.h"

#include <doctest/doctest.h>

#include "reconciler/core/time_text.h"
#include "tests/doors/sim_clock.h"

namespace reconciler::daemon {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Answers after a while each, one by one, and looks at the heart in between.
struct SlowTransport final : HttpTransport {
  explicit SlowTransport(doors::SimClock& its_clock) : clock(its_clock) {}
  std::vector<HttpAnswer> SendAll(const Endpoint& endpoint, std::vector<HttpRequest> requests,
                                  const ExchangeLimits& limits, std::stop_token stop) override {
    host = endpoint.host;
    in_flight_max = limits.in_flight_max;
    deadline = limits.deadline;
    stopped = stop.stop_requested();
    beats.push_back(heartbeat->Last());
    std::vector<HttpAnswer> answers;
    for (const HttpRequest& request : requests) {
      clock.Advance(seconds(40));
      limits.on_answer();
      beats.push_back(heartbeat->Last());
      answers.emplace_back().body = request.target;
    }
    return answers;
  }

  doors::SimClock& clock;
  const Heartbeat* heartbeat = nullptr;
  std::string host;
  int in_flight_max = 0;
  Tick deadline{};
  bool stopped = false;
  std::vector<Tick> beats;
};

TEST_CASE("heartbeat: it knows its last beat, and begins with one") {
  doors::SimClock clock(Instant{});
  clock.Advance(minutes(5));
  Heartbeat heartbeat(clock);
  CHECK(heartbeat.Last() == minutes(5));
  clock.Advance(seconds(3));
  CHECK(heartbeat.Last() == minutes(5));
  heartbeat.Beat();
  CHECK(heartbeat.Last() == minutes(5) + seconds(3));
}

TEST_CASE("heartbeat: it beats before the requests and with each answer") {
  doors::SimClock clock(Instant{});
  Heartbeat heartbeat(clock);
  SlowTransport slow(clock);
  slow.heartbeat = &heartbeat;
  clock.Advance(seconds(10));
  BeatingTransport transport(slow, heartbeat);
  transport.SendAll({}, std::vector<HttpRequest>(3), {}, {});
  CHECK(slow.beats == std::vector<Tick>{seconds(10), seconds(50), seconds(90), seconds(130)});
}

TEST_CASE("heartbeat: requests, limits, the stop and the answers pass unchanged") {
  doors::SimClock clock(Instant{});
  Heartbeat heartbeat(clock);
  SlowTransport slow(clock);
  slow.heartbeat = &heartbeat;
  BeatingTransport transport(slow, heartbeat);
  Endpoint endpoint;
  endpoint.host = "demo";
  ExchangeLimits limits;
  limits.in_flight_max = 3;
  limits.deadline = minutes(9);
  bool told = false;
  limits.on_answer = [&] { told = true; };
  std::vector<HttpRequest> requests(2);
  requests[0].target = "/pools/a";
  requests[1].target = "/pools/b";
  std::stop_source stop;
  stop.request_stop();
  const auto answers = transport.SendAll(endpoint, std::move(requests), limits, stop.get_token());
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].body == "/pools/a");
  CHECK(answers[1].body == "/pools/b");
  CHECK(slow.host == "demo");
  CHECK(slow.in_flight_max == 3);
  CHECK(slow.deadline == minutes(9));
  CHECK(slow.stopped);
  CHECK(told);
}

TEST_CASE("watchdog: one thread that hangs starves it, exactly from the limit on") {
  const Tick limit = minutes(2);
  const Tick now = minutes(10);
  CHECK(AllBeatWithin(limit, {}, now));
  CHECK(AllBeatWithin(limit, {now, now - limit}, now));
  CHECK_FALSE(AllBeatWithin(limit, {now, now - limit - Tick(1)}, now));
  CHECK_FALSE(AllBeatWithin(limit, {now - limit - Tick(1), now}, now));
  CHECK(AllBeatWithin(limit, {now + seconds(1)}, now));  // beat since the clock was read
}

/// When systemd ends a process whose one thread beats until `hang`, and looks in the times given;
/// zero: not within an hour.
Tick Bite(Tick watchdog, Tick hang) {
  const auto times =
      WatchdogTimesOf(std::chrono::duration_cast<std::chrono::microseconds>(watchdog));
  Tick fed{};
  for (Tick now{}; now < std::chrono::hours(1); now += times.every) {
    if (now - fed > watchdog) return fed + watchdog;
    if (AllBeatWithin(times.limit, {std::min(now, hang)}, now)) fed = now;
  }
  return Tick{};
}

TEST_CASE(
    "watchdog: it spares what waits and bites what hangs, within one and a half of its time") {
  for (const Tick watchdog : {Tick(seconds(3)), Tick(minutes(4))}) {
    CHECK(Bite(watchdog, std::chrono::hours(1)) == Tick{});
    for (const Tick hang : {Tick(minutes(7)), Tick(minutes(7) + watchdog / 3)}) {
      const Tick bite = Bite(watchdog, hang);
      CHECK(bite > hang + watchdog);
      CHECK(bite <= hang + watchdog + watchdog / 2);
    }
  }
}

TEST_CASE("watchdog: its own time is twice the limit, and half of that is how often one beats") {
  const WatchdogTimes times = WatchdogTimesOf(minutes(4));
  CHECK(times.limit == minutes(2));
  CHECK(times.every == minutes(1));
}

}  // namespace
}  // namespace reconciler::daemon
