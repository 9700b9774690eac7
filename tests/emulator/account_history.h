// What an account was like earlier.
#pragma once

#include <deque>
#include <memory>

#include "tests/emulator/account.h"

namespace emulator {

/// Copies of the account after each change; what only time did in between follows from them.
class AccountHistory {
 public:
  void Add(const Account& account, Instant now);
  /// As it was at an instant, or at the earliest one that is known; null: nothing was kept.
  /// `then` becomes the instant of that state.
  std::unique_ptr<Account> At(Instant& then) const;

 private:
  struct Entry {
    Instant at;
    std::shared_ptr<const Account> account;
    std::size_t weight;
  };
  std::deque<Entry> entries_;
  std::size_t weight_ = 0;
};

}  // namespace emulator
