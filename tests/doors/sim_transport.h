// The emulator's service core behind the transport's door, with faults in between.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "reconciler/core/ports.h"
#include "tests/doors/sim_clock.h"
#include "tests/emulator/service.h"

namespace doors {

/// What happens to one exchange.
enum class Fault {
  kNone,
  kRefused,      // not sent
  kResetBefore,  // sent, not applied, no answer
  kResetAfter,   // applied, no answer
  kHang,         // applied half of the time, the request times out
  kThrottled,    // 429 with Retry-After
  kServerBusy,   // 503 with Retry-After
  kError500,     // not applied
  kApplied500,   // applied, answers 500 OperationTimedOut
  kGateway,      // applied, an HTML page with 502
  kTruncated,    // applied, the body is cut in half
  kStaleEtag,    // somebody touches the pool between our read and our write
};
inline constexpr int kFaultKinds = 12;

/// The keeper is killed here; thrown through the cycle, which has nothing to clean up.
struct KeeperKilled {};

class SimTransport final : public reconciler::HttpTransport {
 public:
  SimTransport(emulator::Service& service, SimClock& clock) : service_(service), clock_(clock) {}

  std::vector<reconciler::HttpAnswer> SendAll(const reconciler::Endpoint& endpoint,
                                              std::vector<reconciler::HttpRequest> requests,
                                              const reconciler::ExchangeLimits& limits,
                                              std::stop_token stop) override;

  /// Draws the fault of one exchange; nothing: none.
  std::function<Fault(const reconciler::HttpRequest&)> draw_fault;
  /// Asked before and after each exchange; true kills the keeper there.
  std::function<bool(const reconciler::HttpRequest&, bool after)> kill;
  /// Answers in place of the service; null: the service does.
  std::function<emulator::Response(const emulator::Request&)> serve;
  /// Somebody else changes a pool; called for kStaleEtag before the request is handled.
  std::function<void(const reconciler::HttpRequest&)> foreign_edit;
  /// Each exchange takes this long.
  reconciler::Tick exchange_time = std::chrono::milliseconds(20);

  struct Entry {
    std::string method, target, body;
    int status = 0;
    std::string if_match;
  };
  std::vector<Entry> log;  // what reached the service, in order
  bool keep_log = true;
  std::uint64_t writes = 0;  // mutations that reached the service
  std::uint64_t exchanges = 0;

 private:
  reconciler::HttpAnswer Exchange(const reconciler::Endpoint& endpoint,
                                  const reconciler::HttpRequest& request);
  reconciler::HttpAnswer Deliver(const reconciler::Endpoint& endpoint,
                                 const reconciler::HttpRequest& request);
  reconciler::HttpAnswer Broken(const emulator::Response& response);
  emulator::Service& service_;
  SimClock& clock_;
  bool hang_applies_ = false;
};

}  // namespace doors
