// What the service is made of; for the files that define it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tests/emulator/account_history.h"
#include "tests/emulator/images.h"
#include "tests/emulator/issuer.h"
#include "tests/emulator/operations.h"

namespace emulator {

struct Service::State {
  State(ServiceConfig given, Clock now_clock, Clock wall_clock)
      : config(std::move(given)),
        now(std::move(now_clock)),
        wall(wall_clock ? std::move(wall_clock) : now),
        started(now()),
        issuer(config.issuer, config.seed),
        random(config.seed) {
    for (const AccountConfig& account : config.accounts) {
      accounts.emplace(Lower(account.name), std::make_unique<Account>(account, config));
    }
    ListImages();
  }

  /// To be called after `started` has changed.
  void ListImages() {
    for (const AccountConfig& account : config.accounts) {
      images.insert_or_assign(Lower(account.name), ImagesOf(account, config.extra_images, started));
    }
  }
  Instant Wall() const { return wall() + skew; }
  Account* Find(std::string_view name) {
    const auto at = accounts.find(Lower(name));
    return at == accounts.end() ? nullptr : at->second.get();
  }
  Pool* FindPool(std::string_view account_name, std::string_view pool_id) {
    Account* const account = Find(account_name);
    if (account == nullptr) return nullptr;
    account->Advance(now());
    return account->Find(pool_id);
  }
  std::string Endpoint(const Request& request) const;
  /// The account that the first label of Host names; null when there is none.
  Account* HostAccount(const Request& request);
  Account* Identify(const Request& request, Reply& refusal);
  Account* IdentifyBearer(const Request& request, std::string_view token, Reply& refusal);
  /// `instant`: of service time, not before what the account has seen.
  Reply Answer(const Request& request, Account& account, Instant instant);
  /// What lies behind the path, of a request that may do it.
  Reply Perform(const Context& context);
  Response Finish(const Request& request, Reply reply, Random& ids);
  /// To be called after each change of an account that is no matter of time.
  void Remember(const Account& account);
  /// Everything but the configuration and what faults do; see state_fields.h.
  template <class Archive>
  void Exchange(Archive& archive);

  ServiceConfig config;
  Clock now, wall;
  Duration skew{0};
  Instant started;                          // of the service whose state this is
  std::map<std::string, ImageList> images;  // by account
  Issuer issuer;
  std::map<std::string, std::unique_ptr<Account>> accounts;
  Random random;  // request ids of callers that could not be told
  bool keeps_history = false;
  std::map<std::string, AccountHistory> histories;  // by the account's name in lower case
};

}  // namespace emulator
