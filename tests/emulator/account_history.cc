#include "tests/emulator/account_history.h"

#include <algorithm>

namespace emulator {

namespace {

constexpr std::size_t kEntriesMax = 512;
/// Pools and nodes in all copies together: some hundred megabytes.
constexpr std::size_t kWeightMax = 100'000;

std::size_t WeightOf(Account& account) {
  std::size_t weight = 1;
  for (const auto& [key, pool] : account.pools()) weight += 1 + pool.nodes.size();
  return weight;
}

}  // namespace

void AccountHistory::Add(const Account& account, Instant now) {
  auto copy = std::make_shared<Account>(account);
  const std::size_t weight = WeightOf(*copy);
  entries_.push_back({now, std::move(copy), weight});
  weight_ += weight;
  while (entries_.size() > 1 && (entries_.size() > kEntriesMax || weight_ > kWeightMax)) {
    weight_ -= entries_.front().weight;
    entries_.pop_front();
  }
}

std::unique_ptr<Account> AccountHistory::At(Instant& then) const {
  if (entries_.empty()) return nullptr;
  auto entry = std::upper_bound(entries_.begin(), entries_.end(), then,
                                [](Instant at, const Entry& other) { return at < other.at; });
  if (entry != entries_.begin()) --entry;
  then = std::max(then, entry->at);
  auto account = std::make_unique<Account>(*entry->account);
  account->Advance(then);
  return account;
}

}  // namespace emulator
