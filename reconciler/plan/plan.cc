#include "reconciler/plan/plan.h"

#include <algorithm>

#include "reconciler/core/digest.h"
#include "reconciler/core/json.h"
#include "reconciler/plan/compare.h"

namespace reconciler::plan {
namespace {

std::size_t CountPools(const AccountPlan& plan, bool (*matches)(const PoolPlan&)) {
  return static_cast<std::size_t>(std::count_if(plan.pools.begin(), plan.pools.end(), matches));
}

bool Changes(const PoolPlan& pool) {
  if (pool.observe_only || pool.Creates()) return false;
  if (pool.Adopts()) return !pool.changes.empty();
  if (pool.HasWork()) return true;
  // Differences whose hold ends by itself are on their way.
  const bool by_time = std::all_of(pool.holds.begin(), pool.holds.end(), [](const Hold& hold) {
    return hold.lifted_by_time || !hold.property.empty();
  });
  const bool waits = std::any_of(pool.holds.begin(), pool.holds.end(),
                                 [](const Hold& hold) { return hold.lifted_by_time; });
  return pool.presence == Presence::kPresent && !pool.changes.empty() && by_time && waits;
}

// Digest -> ids, of those digests that both maps have equally often.
using Names = std::map<std::string, std::vector<std::string>>;
Names ByDigest(const std::map<std::string, std::string>& digests) {
  Names names;
  for (const auto& [id, digest] : digests) names[digest].push_back(id);
  return names;
}

// The items of the user, sorted by name.
Value UserMetadata(const Value& body) {
  std::vector<MetadataItem> items = ReadMetadata(body);
  std::erase_if(items,
                [](const MetadataItem& item) { return item.name.starts_with(kReservedPrefix); });
  std::sort(items.begin(), items.end(),
            [](const MetadataItem& a, const MetadataItem& b) { return a.name < b.name; });
  return WriteMetadata(items);
}

}  // namespace

std::string_view PresenceName(Presence presence) {
  switch (presence) {
    case Presence::kAbsent:
      return "absent";
    case Presence::kPresent:
      return "present";
    case Presence::kDeleting:
      return "deleting";
  }
  return "absent";
}

std::string_view StepName(StepKind kind) {
  switch (kind) {
    case StepKind::kCreate:
      return "create";
    case StepKind::kAdopt:
      return "adopt";
    case StepKind::kPatch:
      return "patch";
    case StepKind::kForget:
      return "forget";
    case StepKind::kRecordKept:
      return "record kept";
    case StepKind::kRemoveStartTask:
      return "remove start task";
    case StepKind::kStopResize:
      return "stop resize";
    case StepKind::kDisableAutoScale:
      return "disable autoscale";
    case StepKind::kEnableAutoScale:
      return "enable autoscale";
    case StepKind::kResize:
      return "resize";
    case StepKind::kRetryAllocation:
      return "retry allocation";
  }
  return "unknown";
}

bool IsFrozenReason(Reason reason) {
  return reason == Reason::kFreezeFile || reason == Reason::kSpecUnreadable ||
         reason == Reason::kObserveMode;
}

bool PoolPlan::Creates() const {
  return presence != Presence::kPresent && !observe_only && !IsBlocked() && !IsFrozen();
}

bool PoolPlan::Adopts() const { return !steps.empty() && steps.front().kind == StepKind::kAdopt; }

bool PoolPlan::IsBlocked() const {
  if (observe_only) return false;
  return !blocked.empty() || std::any_of(holds.begin(), holds.end(), [](const Hold& hold) {
    return !hold.lifted_by_time && !IsFrozenReason(hold.reason);
  });
}

bool PoolPlan::IsFrozen() const {
  return std::any_of(holds.begin(), holds.end(),
                     [](const Hold& hold) { return IsFrozenReason(hold.reason); });
}

std::size_t AccountPlan::ToCreate() const {
  return CountPools(*this, [](const PoolPlan& pool) { return pool.Creates(); });
}
std::size_t AccountPlan::ToAdopt() const {
  return CountPools(*this, [](const PoolPlan& pool) { return pool.Adopts(); });
}
std::size_t AccountPlan::ToChange() const { return CountPools(*this, Changes); }
std::size_t AccountPlan::Blocked() const {
  return CountPools(*this, [](const PoolPlan& pool) { return pool.IsBlocked(); });
}
std::size_t AccountPlan::Frozen() const {
  return CountPools(*this, [](const PoolPlan& pool) {
    return !pool.observe_only && pool.IsFrozen() && pool.Differs();
  });
}
std::size_t AccountPlan::Observed() const {
  return CountPools(*this,
                    [](const PoolPlan& pool) { return pool.observe_only && pool.Differs(); });
}
std::size_t AccountPlan::Kept() const {
  std::size_t kept = 0;
  for (const PoolPlan& pool : pools) {
    std::vector<std::string_view> names;
    for (const Change& change : pool.kept) names.push_back(change.property);
    std::sort(names.begin(), names.end());
    kept += static_cast<std::size_t>(std::unique(names.begin(), names.end()) - names.begin());
  }
  return kept;
}
bool AccountPlan::Empty() const {
  return ToCreate() + ToAdopt() + ToChange() + Blocked() + Frozen() + Observed() +
                 unreadable.size() ==
             0 &&
         !parked;
}

long long SumNodes(const AccountPlan& plan, long long other_targets) {
  long long sum = other_targets;
  for (const PoolPlan& pool : plan.pools) sum += pool.nodes_after;
  return sum;
}

void FindRenames(AccountPlan& plan, const std::map<std::string, std::string>& orphan_digests,
                 const std::map<std::string, std::string>& create_digests) {
  if (!plan.specs_complete) return;  // an orphan may be a pool whose spec could not be read
  const Names orphans = ByDigest(orphan_digests);
  for (const auto& [digest, created] : ByDigest(create_digests)) {
    const auto found = orphans.find(digest);
    if (found == orphans.end() || found->second.size() != created.size()) continue;
    for (std::size_t i = 0; i < created.size(); ++i) {
      for (PoolPlan& pool : plan.pools) {
        if (pool.pool == created[i]) pool.renamed_from = found->second[i];
      }
    }
  }
}

std::string BodyDigest(const Value& body, const PropertyTable& table,
                       std::string_view api_version) {
  Value canonical{Object{}};
  for (const PropertyNode& node : table.Spec().members) {
    if (table.InScaleGroup(node.name) || node.name == "metadata") continue;
    if (!node.ExistsIn(api_version)) continue;
    canonical.Set(node.name, Canonicalize(node, body.Find(node.name), api_version));
  }
  // The agent follows from the image; a spec seldom names it.
  if (Value* machine = canonical.Find("virtualMachineConfiguration"); machine != nullptr) {
    machine->Erase("nodeAgentSKUId");
  }
  canonical.Set("metadata", UserMetadata(body));
  return ShortDigest(WriteSortedJson(canonical), 16);
}

}  // namespace reconciler::plan
