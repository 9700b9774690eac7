// Proof that the thread of an account gets on.
#pragma once

#include <atomic>
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
    beating.on_answer = [this] { heartbeat_.Beat(); };
    return transport_.SendAll(endpoint, std::move(requests), beating, std::move(stop));
  }

 private:
  HttpTransport& transport_;
  Heartbeat& heartbeat_;
};

}  // namespace reconciler::daemon
