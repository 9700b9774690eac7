// What happens later than the request that started it.
#pragma once

#include <functional>
#include <vector>

#include "tests/emulator/time_text.h"

namespace emulator {

class LaterCalls {
 public:
  using Act = std::function<void(Instant due)>;
  void Add(Instant at, Act act);
  /// Everything that is due until `now`, in the order of its time.
  void Run(Instant now);

 private:
  struct Later {
    Instant at;
    Act act;
  };
  std::vector<Later> calls_;
};

}  // namespace emulator
