#include "reconciler/plan/ownership.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/core/time_text.h"

namespace reconciler::plan {
namespace {

/// True if `left` keeps the stamp that both carry. A time that cannot be read is the youngest; of
/// equal times the smaller id keeps it, so that every look decides alike.
bool KeepsStamp(const StampedPool& left, const StampedPool& right) {
  const std::optional<Instant> left_time = ParseTime(left.creation_time);
  const std::optional<Instant> right_time = ParseTime(right.creation_time);
  if (left_time.has_value() != right_time.has_value()) return left_time.has_value();
  if (left_time && *left_time != *right_time) return *left_time < *right_time;
  return left.id < right.id;
}

}  // namespace

Ownership CheckOwnership(const LivePool& live, const Stamp& stamp, const Identity& identity) {
  if (stamp.owner.empty()) return Ownership::kUnclaimed;
  if (stamp.owner != identity.owner) return Ownership::kOtherOwner;
  if (stamp.source != identity.source) return Ownership::kOtherSource;
  if (!EqualFolded(stamp.pool, live.id)) return Ownership::kForeignName;
  return Ownership::kOurs;
}

Reason ReasonOf(Ownership ownership) {
  switch (ownership) {
    case Ownership::kOurs:
      return Reason::kNone;
    case Ownership::kUnclaimed:
      return Reason::kNotOwned;
    case Ownership::kOtherOwner:
      return Reason::kOtherOwner;
    case Ownership::kOtherSource:
      return Reason::kOtherSource;
    case Ownership::kForeignName:
      return Reason::kForeignName;
    case Ownership::kStampCopied:
      return Reason::kStampCopied;
  }
  return Reason::kNotOwned;
}

namespace {

bool AllDiffer(const std::vector<StampedPool>& pools) {
  std::unordered_set<std::string_view> incarnations(pools.size());
  return std::all_of(pools.begin(), pools.end(), [&](const StampedPool& pool) {
    return pool.incarnation.empty() || incarnations.insert(pool.incarnation).second;
  });
}

}  // namespace

std::vector<std::string> FindCopiedStamps(const std::vector<StampedPool>& pools) {
  if (AllDiffer(pools)) return {};  // as good as always
  std::map<std::string_view, const StampedPool*> keepers;
  for (const StampedPool& pool : pools) {
    if (pool.incarnation.empty()) continue;
    const StampedPool*& keeper = keepers[pool.incarnation];
    if (keeper == nullptr || KeepsStamp(pool, *keeper)) keeper = &pool;
  }
  std::vector<std::string> copies;
  for (const StampedPool& pool : pools) {
    if (pool.incarnation.empty()) continue;
    if (keepers.at(pool.incarnation) != &pool) copies.push_back(pool.id);
  }
  std::sort(copies.begin(), copies.end());
  return copies;
}

std::optional<OwnedPool> ProveOwnership(LivePool live, const Identity& identity,
                                        bool stamp_copied) {
  Stamp stamp = ReadStamp(ReadMetadata(live.body));
  if (stamp_copied || CheckOwnership(live, stamp, identity) != Ownership::kOurs) {
    return std::nullopt;
  }
  return OwnedPool(std::move(live), std::move(stamp));
}

std::optional<AdoptablePool> ProveAdoptable(LivePool live, const PoolSpec& spec) {
  const Stamp stamp = ReadStamp(ReadMetadata(live.body));
  if (!stamp.owner.empty() || !spec.policy.adopt || !EqualFolded(live.id, spec.id)) {
    return std::nullopt;
  }
  return AdoptablePool(std::move(live));
}

}  // namespace reconciler::plan
