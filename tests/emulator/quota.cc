// What the core quotas of an account leave.
#include <algorithm>

#include "tests/emulator/account.h"
#include "tests/emulator/http_text.h"
#include "tests/emulator/vm_size.h"

namespace emulator {

namespace {

std::int64_t Room(std::int64_t quota, std::int64_t used, std::int64_t cores_per_node) {
  return std::max<std::int64_t>(quota - used, 0) / cores_per_node;
}

}  // namespace

std::int64_t Account::FamilyCores(const std::string& family) const {
  std::int64_t cores = 0;
  for (const auto& [key, pool] : pools_) {
    if (FamilyOf(pool.settings.Text("vmSize")) != family) continue;
    const std::int64_t coming = pool.pending ? pool.pending->granted[kDedicated] : 0;
    cores += (pool.Current(kDedicated) + coming) * pool.cores_per_node;
  }
  return cores;
}

Account::Allowance Account::QuotaLeft(const Pool& pool, NodeKind kind) const {
  if (kind == kSpot) {
    return {Room(config_.spot_core_quota, cores_[kind], pool.cores_per_node),
            "AccountLowPriorityCoreQuotaReached"};
  }
  const Allowance left{Room(config_.dedicated_core_quota, cores_[kind], pool.cores_per_node),
                       "AccountCoreQuotaReached"};
  const std::string family = FamilyOf(pool.settings.Text("vmSize"));
  for (const auto& [name, quota] : config_.family_core_quotas) {
    if (Lower(name) != family) continue;
    const std::int64_t of_family = Room(quota, FamilyCores(family), pool.cores_per_node);
    if (of_family < left.nodes) return {of_family, "AccountVMSeriesCoreQuotaReached"};
  }
  return left;
}

}  // namespace emulator
