// One real account against the emulator: real transport, real clock, specs made up.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/system_clock.h"
#include "reconciler/batch/curl_transport.h"
#include "reconciler/core/random.h"
#include "reconciler/cycle/account_cycle.h"
#include "tests/doors/sim_secrets.h"
#include "tests/doors/sim_state.h"

namespace bench {

/// Counts what goes out and remembers the targets of reads.
class CountingTransport final : public reconciler::HttpTransport {
 public:
  explicit CountingTransport(reconciler::HttpTransport& inner) : inner_(inner) {}
  std::vector<reconciler::HttpAnswer> SendAll(const reconciler::Endpoint& endpoint,
                                              std::vector<reconciler::HttpRequest> requests,
                                              const reconciler::ExchangeLimits& limits,
                                              std::stop_token stop) override;
  std::size_t sent = 0;
  std::vector<std::string> targets;

 private:
  reconciler::HttpTransport& inner_;
};

class NoEvents final : public reconciler::EventSink {
 public:
  void Emit(const reconciler::Event&) override {}
};

/// `pools` specs of a small Linux pool with a start task and two items of metadata.
std::shared_ptr<const reconciler::SpecSnapshot> MakeSpecs(int pools);

class AccountWorld {
 public:
  AccountWorld(std::uint16_t port, int requests_in_flight);
  const reconciler::cycle::CycleReport& Run(
      const std::shared_ptr<const reconciler::SpecSnapshot>& specs);

  reconciler::daemon::SystemClock clock;
  std::unique_ptr<reconciler::batch::CurlTransport> curl;
  std::optional<CountingTransport> transport;
  reconciler::SeededRandom random{1};
  doors::SimState state;
  doors::SimSecrets secrets;
  NoEvents events;
  std::optional<reconciler::cycle::Account> account;
  reconciler::cycle::CycleReport last;
};

/// The decoded well-known key of the emulator.
reconciler::Secret WellKnownKey();

}  // namespace bench
