#include "reconciler/cycle/pool_list.h"

#include <algorithm>
#include <utility>

#include "reconciler/cycle/node_look.h"

namespace reconciler::cycle {

Result<std::vector<LivePool>> ListLivePools(const Account& account, Doors& doors,
                                            std::stop_token stop) {
  std::vector<LivePool> pools;
  const auto visit = [&](LivePool pool) -> Status {
    pools.push_back(std::move(pool));
    return Ok{};
  };
  batch::Client client = ClientOf(account, doors);
  if (auto listed = client.ListPools(visit, "", std::move(stop)); !listed) {
    return std::move(listed).error();
  }
  std::sort(pools.begin(), pools.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return pools;
}

}  // namespace reconciler::cycle
