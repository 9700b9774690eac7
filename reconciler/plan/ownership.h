// Whose pool is it? Writing needs a proof that only the check here can make.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/reason.h"
#include "reconciler/plan/record.h"

namespace reconciler::plan {

struct Identity {
  std::string owner;   // `owner` of the configuration
  std::string source;  // `source.id`
};

enum class Ownership {
  kOurs,
  kUnclaimed,  // no owner on it
  kOtherOwner,
  kOtherSource,  // our owner, another spec repository
  kForeignName,  // our stamp, but `poolkeeper.pool` is not this pool's id
  kStampCopied,  // another pool with the same incarnation is older
};
Ownership CheckOwnership(const LivePool& live, const Stamp& stamp, const Identity& identity);
/// The reason that blocks a pool of this ownership; kNone for kOurs.
Reason ReasonOf(Ownership ownership);

/// One live pool as the search for copied stamps sees it.
struct StampedPool {
  std::string id;
  std::string incarnation;
  std::string creation_time;
};
/// Ids of pools whose incarnation stands on an older pool as well.
std::vector<std::string> FindCopiedStamps(const std::vector<StampedPool>& pools);

/// Proof that a live pool is ours: a write on a pool that is not ours does not compile.
class OwnedPool {
 public:
  const LivePool& live() const { return live_; }
  const Stamp& stamp() const { return stamp_; }
  LivePool TakeLive() && { return std::move(live_); }

 private:
  OwnedPool(LivePool live, Stamp stamp) : live_(std::move(live)), stamp_(std::move(stamp)) {}
  friend std::optional<OwnedPool> ProveOwnership(LivePool, const Identity&, bool);
  LivePool live_;
  Stamp stamp_;
};
/// `stamp_copied`: FindCopiedStamps named this pool. nullopt unless the pool is ours.
std::optional<OwnedPool> ProveOwnership(LivePool live, const Identity& identity, bool stamp_copied);

/// Proof that a live pool carries no owner and that its spec says `adopt: true`.
class AdoptablePool {
 public:
  const LivePool& live() const { return live_; }

 private:
  explicit AdoptablePool(LivePool live) : live_(std::move(live)) {}
  friend std::optional<AdoptablePool> ProveAdoptable(LivePool, const PoolSpec&);
  LivePool live_;
};
std::optional<AdoptablePool> ProveAdoptable(LivePool live, const PoolSpec& spec);

}  // namespace reconciler::plan
