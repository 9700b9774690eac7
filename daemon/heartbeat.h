// Proof that the thread of an account gets on, and what a watchdog makes of it.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stop_token>
#include <utility>
#include <vector>

#include "reconciler/core/ports.h"

namespace reconciler::daemon {

/// The thread beats each time it has done something; a watchdog looks how long ago that was.
class Heartbeat {
 public:
  explicit Heartbeat(Clock& clock) : clock_(clock) { Beat(); }
  void Beat() { last_ = clock_.Now().count(); }
  Tick Last() const { return Tick(last_); }

 private:
  Clock& clock_;
  std::atomic<Tick::rep> last_{0};
};

/// Beats with every answer, so that a long list of slow requests does not look like a hang.
class BeatingTransport final : public HttpTransport {
 public:
  BeatingTransport(HttpTransport& transport, Heartbeat& heartbeat)
      : transport_(transport), heartbeat_(heartbeat) {}

  std::vector<HttpAnswer> SendAll(const Endpoint& endpoint, std::vector<HttpRequest> requests,
                                  const ExchangeLimits& limits, std::stop_token stop) override {
    heartbeat_.Beat();
    ExchangeLimits beating = limits;
    beating.on_answer = [&] {
      heartbeat_.Beat();
      if (limits.on_answer) limits.on_answer();
    };
    return transport_.SendAll(endpoint, std::move(requests), beating, std::move(stop));
  }

 private:
  HttpTransport& transport_;
  Heartbeat& heartbeat_;
};

/// The times of a watchdog that bites unless it is fed within its own time.
struct WatchdogTimes {
  /// A thread that did nothing for so long hangs. The last feeding is not later than that, so the
  /// watchdog bites one and a half of its times after the thread stopped.
  Tick limit;
  /// How often a waiting thread beats and the watchdog is fed: twice as often as each has to.
  Tick every;
};

inline WatchdogTimes WatchdogTimesOf(std::chrono::microseconds watchdog) {
  const auto limit = std::chrono::duration_cast<Tick>(watchdog) / 2;
  return {limit, limit / 2};
}

/// Whether the watchdog may be fed: real progress of every thread, and nothing else, does it.
inline bool AllBeatWithin(Tick limit, const std::vector<Tick>& beats, Tick now) {
  return std::all_of(beats.begin(), beats.end(), [&](Tick beat) { return now - beat <= limit; });
}

}  // namespace reconciler::daemon
