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

constexpr std::int64_t kNodesPerAddress = 100;

/// How many nodes of a kind the addresses of one's own leave beside those of the other kind.
std::optional<std::int64_t> Addressed(const Json& settings, bool one_kind, std::int64_t others) {
  const Json* const addresses =
      settings.At({"networkConfiguration", "publicIPAddressConfiguration"});
  if (addresses == nullptr || addresses->Text("provision") != "UserManaged") return std::nullopt;
  const Json* const ids = addresses->Find("ipAddressIds");
  if (ids == nullptr) return std::nullopt;
  const std::int64_t taken = one_kind ? (others + kNodesPerAddress - 1) / kNodesPerAddress : 0;
  return (static_cast<std::int64_t>(ids->AsList()->size()) - taken) * kNodesPerAddress;
}

}  // namespace

Account::Allowance Account::RoomLeft(const Pool& pool, NodeKind kind, PerKind granted) const {
  const auto kept = [&](NodeKind of) {
    return std::min(pool.Current(of), pool.target[of]) + granted[of];
  };
  const NodeKind other = kind == kDedicated ? kSpot : kDedicated;
  const Switches& switches = service_.switches;
  Allowance room{INT64_MAX, ""};
  const auto limit = [&](std::int64_t nodes, const char* code) {
    const std::int64_t left = std::max<std::int64_t>(nodes - kept(kind), 0);
    if (left < room.nodes) room = {left, code};
  };
  const Json* const talk = pool.settings.Find("enableInterNodeCommunication");
  if (talk != nullptr && *talk->AsBool() && switches.inter_node_nodes_max > 0) {
    limit(switches.inter_node_nodes_max - kept(other), "CommunicationEnabledPoolReachedMaxVMCount");
  }
  if (const auto nodes = Addressed(pool.settings, switches.address_serves_one_kind, kept(other))) {
    limit(*nodes, "AllocationFailed");
  }
  return room;
}

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
