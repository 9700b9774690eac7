#include "daemon/world.h"

#include <utility>

#include "daemon/system_clock.h"
#include "reconciler/batch/curl_transport.h"

namespace reconciler::daemon {

namespace {

batch::TransportOptions OptionsOf(const HttpSettings& http) {
  batch::TransportOptions options;
  options.user_agent = "poolkeeper/" POOLKEEPER_VERSION;
  options.proxy = http.proxy;
  options.no_proxy = http.no_proxy;
  options.ca_file = http.ca_file;
  options.connect_timeout = http.connect_timeout;
  options.timeout = http.timeout;
  return options;
}

}  // namespace

Result<std::unique_ptr<World>> World::Create(const Config& config, Clock& clock,
                                             EventSink& events) {
  auto transport = batch::CurlTransport::Create(OptionsOf(config.http), clock);
  if (!transport) return std::move(transport).error();
  return std::unique_ptr<World>(new World(config, clock, events, std::move(transport).value()));
}

World::World(const Config& config, Clock& clock, EventSink& events,
             std::unique_ptr<batch::CurlTransport> transport)
    : clock_(clock),
      events_(events),
      state_(StateStoreOptions{.folder = config.state}),
      secrets_(config.secrets),
      transport_(std::move(transport)),
      seed_(RandomSeed()) {}

World::~World() = default;

void World::Replace(const HttpSettings& http) { transport_->Configure(OptionsOf(http)); }

HttpTransport& World::transport() { return *transport_; }

Doors World::DoorsOf(AccountWorld& account) {
  return Doors{*transport_, clock_, account.random, state_, secrets_, events_};
}

std::unique_ptr<AccountWorld> World::MakeAccount(AccountSettings settings) const {
  auto account = std::make_unique<AccountWorld>(std::move(settings.account), seed_);
  SignIn(*account, std::move(settings.auth));
  return account;
}

void World::SignIn(AccountWorld& account, AuthSettings auth) const {
  account.account.credential = MakeCredential(account.account.config.name, std::move(auth),
                                              *transport_, clock_, account.random);
}

}  // namespace reconciler::daemon
