#include "reconciler/plan/ownership.h"

#include <doctest/doctest.h>

#include <string>
#include <type_traits>
#include <vector>

namespace reconciler::plan {
namespace {

const Identity kIdentity{"fleet", "main"};

LivePool Pool(const std::string& id, const std::vector<MetadataItem>& items) {
  LivePool live;
  live.id = id;
  live.body = Object{{"id", id}, {"metadata", WriteMetadata(items)}};
  return live;
}

LivePool Stamped(const std::string& owner, const std::string& source, const std::string& pool) {
  return Pool(
      "Render-1",
      {{"poolkeeper.owner", owner}, {"poolkeeper.source", source}, {"poolkeeper.pool", pool}});
}

Ownership OwnershipOf(const LivePool& live) {
  return CheckOwnership(live, ReadStamp(ReadMetadata(live.body)), kIdentity);
}

TEST_CASE("ownership: owner, source and pool must all be ours") {
  CHECK(OwnershipOf(Stamped("fleet", "main", "render-1")) == Ownership::kOurs);
  CHECK(OwnershipOf(Pool("p", {})) == Ownership::kUnclaimed);
  CHECK(OwnershipOf(Pool("p", {{"poolkeeper.source", "main"}})) == Ownership::kUnclaimed);
  CHECK(OwnershipOf(Stamped("Fleet", "main", "render-1")) == Ownership::kOtherOwner);
  CHECK(OwnershipOf(Stamped("other", "else", "x")) == Ownership::kOtherOwner);
  CHECK(OwnershipOf(Stamped("fleet", "else", "x")) == Ownership::kOtherSource);
  CHECK(OwnershipOf(Pool("p", {{"poolkeeper.owner", "fleet"}})) == Ownership::kOtherSource);
  CHECK(OwnershipOf(Stamped("fleet", "main", "render-2")) == Ownership::kForeignName);
  CHECK(OwnershipOf(Stamped("fleet", "main", "")) == Ownership::kForeignName);
}

TEST_CASE("ownership: every answer but ours has a reason") {
  CHECK(ReasonOf(Ownership::kOurs) == Reason::kNone);
  CHECK(ReasonOf(Ownership::kUnclaimed) == Reason::kNotOwned);
  CHECK(ReasonOf(Ownership::kOtherOwner) == Reason::kOtherOwner);
  CHECK(ReasonOf(Ownership::kOtherSource) == Reason::kOtherSource);
  CHECK(ReasonOf(Ownership::kForeignName) == Reason::kForeignName);
  CHECK(ReasonOf(Ownership::kStampCopied) == Reason::kStampCopied);
}

TEST_CASE("ownership: a proof exists for our pools alone") {
  CHECK(ProveOwnership(Stamped("fleet", "main", "Render-1"), kIdentity, false).has_value());
  CHECK(!ProveOwnership(Stamped("fleet", "main", "Render-1"), kIdentity, true).has_value());
  CHECK(!ProveOwnership(Stamped("other", "main", "Render-1"), kIdentity, false).has_value());
  CHECK(!ProveOwnership(Pool("p", {}), kIdentity, false).has_value());
  const auto proof = ProveOwnership(Stamped("fleet", "main", "Render-1"), kIdentity, false);
  CHECK(proof->live().id == "Render-1");
  CHECK(proof->stamp().owner == "fleet");
  static_assert(!std::is_constructible_v<OwnedPool, LivePool, Stamp>);
  static_assert(!std::is_constructible_v<AdoptablePool, LivePool>);
}

TEST_CASE("ownership: adopting needs consent and a pool without an owner") {
  PoolSpec spec;
  spec.id = "p";
  CHECK(!ProveAdoptable(Pool("P", {}), spec).has_value());
  spec.policy.adopt = true;
  CHECK(ProveAdoptable(Pool("P", {{"team", "a"}}), spec).has_value());
  CHECK(!ProveAdoptable(Pool("q", {}), spec).has_value());
  CHECK(!ProveAdoptable(Pool("P", {{"poolkeeper.owner", "other"}}), spec).has_value());
  CHECK(!ProveAdoptable(Pool("P", {{"poolkeeper.owner", "fleet"}}), spec).has_value());
}

using Ids = std::vector<std::string>;

TEST_CASE("copied stamps: the oldest pool keeps the stamp, whatever the order") {
  const std::vector<StampedPool> pools{{"copy", "i1", "2025-01-01T00:00:00.5Z"},
                                       {"first", "i1", "2025-01-01T00:00:00Z"},
                                       {"alone", "i2", "2025-01-01T00:00:00Z"},
                                       {"again", "i1", "2026-01-01T00:00:00Z"}};
  CHECK(FindCopiedStamps(pools) == Ids{"again", "copy"});
  CHECK(FindCopiedStamps({pools.rbegin(), pools.rend()}) == Ids{"again", "copy"});
}

TEST_CASE("copied stamps: of equal times the smaller id keeps it, an unreadable time never") {
  CHECK(FindCopiedStamps(
            {{"b", "i", "2025-01-01T00:00:00Z"}, {"a", "i", "2025-01-01T00:00:00Z"}}) == Ids{"b"});
  CHECK(FindCopiedStamps({{"a", "i", ""}, {"b", "i", "2025-01-01T00:00:00Z"}}) == Ids{"a"});
}

TEST_CASE("copied stamps: pools without an incarnation are no copies") {
  CHECK(FindCopiedStamps({{"a", "", "2025-01-01T00:00:00Z"}, {"b", "", "2025-01-01T00:00:00Z"}}) ==
        Ids{});
  CHECK(FindCopiedStamps({}) == Ids{});
}

}  // namespace
}  // namespace reconciler::plan
