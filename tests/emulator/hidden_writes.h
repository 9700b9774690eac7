// Writes that reads do not see for a while.
#pragma once

#include <string>
#include <vector>

#include "tests/emulator/operation_name.h"
#include "tests/emulator/service.h"

namespace emulator {

class HiddenWrites {
 public:
  /// `before`: the account without the write.
  void Add(const std::string& account, const std::string& pool, Service::Past before,
           Instant until);
  bool empty() const { return pools_.empty(); }
  /// The answer to a read without what is hidden at `now`; `fresh` is the one with it.
  Response Without(Service& service, const Operation& operation, const Request& request,
                   Response fresh, Instant now);

 private:
  struct Hidden {
    std::string account, pool;
    Service::Past before;
    Instant until;
  };
  static void Replace(Service& service, const Operation& operation, const Request& request,
                      const Hidden& hidden, Response& page);
  std::vector<Hidden> pools_;
};

}  // namespace emulator
