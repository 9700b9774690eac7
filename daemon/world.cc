#include "daemon/world.h"

#include <utility>

#include "daemon/system_clock.h"
#include "reconciler/batch/curl_transport.h"

namespace reconciler::daemon {

Result<std::unique_ptr<World>> World::Create(const Config& config, Clock& clock,
                                             EventSink& events) {
  batch::TransportOptions options;
  options.user_agent = "poolkeeper/" POOLKEEPER_VERSION;
  auto transport = batch::CurlTransport::Create(std::move(options), clock);
  if (!transport) return std::move(transport).error();
  return std::unique_ptr<World>(new World(config, clock, events, std::move(transport).value()));
}

World::World(const Config& config, Clock& clock, EventSink& events,
             std::unique_ptr<HttpTransport> transport)
    : clock_(clock),
      events_(events),
      state_(StateStoreOptions{.folder = config.state}),
      secrets_(config.secrets),
      transport_(std::move(transport)),
      seed_(RandomSeed()) {}

Doors World::DoorsOf(AccountWorld& account) {
  return Doors{*transport_, clock_, account.random, state_, secrets_, events_};
}

std::unique_ptr<AccountWorld> World::MakeAccount(AccountSettings settings) const {
  return std::make_unique<AccountWorld>(std::move(settings.account), std::move(settings.key),
                                        seed_);
}

}  // namespace reconciler::daemon
