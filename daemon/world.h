// The doors of this machine, wired once for all accounts of a process.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/config.h"
#include "daemon/secret_source.h"
#include "daemon/state_store.h"
#include "reconciler/core/ports.h"
#include "reconciler/core/random.h"
#include "reconciler/core/result.h"
#include "reconciler/cycle/account.h"

namespace reconciler::batch {
class CurlTransport;
}

namespace reconciler::daemon {

/// One account with its own stream of random numbers.
struct AccountWorld {
  /// Without a credential, which the world gives it.
  AccountWorld(cycle::AccountConfig config, std::uint64_t seed)
      : random(seed, config.name), account(std::move(config), nullptr) {}
  SeededRandom random;
  cycle::Account account;
};

class World {
 public:
  /// `clock` and `events` outlive the world. Errors: the transport cannot be made.
  static Result<std::unique_ptr<World>> Create(const Config& config, Clock& clock,
                                               EventSink& events);

  ~World();
  /// For requests that start from now on. Thread-safe.
  void Replace(const HttpSettings& http);

  Doors DoorsOf(AccountWorld& account);
  std::unique_ptr<AccountWorld> MakeAccount(AccountSettings settings) const;
  /// Lets the requests of `account` in from now on as `auth` says.
  void SignIn(AccountWorld& account, AuthSettings auth) const;

  HttpTransport& transport();
  DiskStateStore& state() { return state_; }
  ConfiguredSecrets& secrets() { return secrets_; }
  Clock& clock() { return clock_; }
  EventSink& events() { return events_; }
  /// Of random numbers; another one for each process.
  std::uint64_t seed() const { return seed_; }

 private:
  World(const Config& config, Clock& clock, EventSink& events,
        std::unique_ptr<batch::CurlTransport> transport);

  Clock& clock_;
  EventSink& events_;
  DiskStateStore state_;
  ConfiguredSecrets secrets_;
  std::unique_ptr<batch::CurlTransport> transport_;
  std::uint64_t seed_;
};

}  // namespace reconciler::daemon
