#include "tests/emulator/later_calls.h"

#include <algorithm>
#include <utility>

namespace emulator {

void LaterCalls::Add(Instant at, Act act) {
  const auto place =
      std::upper_bound(calls_.begin(), calls_.end(), at,
                       [](Instant when, const Later& other) { return when < other.at; });
  calls_.insert(place, {at, std::move(act)});
}

void LaterCalls::Run(Instant now) {
  while (!calls_.empty() && calls_.front().at <= now) {
    const Later due = std::move(calls_.front());
    calls_.erase(calls_.begin());
    due.act(due.at);
  }
}

}  // namespace emulator
