#include "reconciler/plan/image_table.h"

#include <algorithm>
#include <set>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/plan/newest_image.h"
#include "reconciler/plan/sku_name.h"

namespace reconciler::plan {
namespace {

constexpr std::chrono::days kTooNear{90};

std::optional<int> DaysLeft(const SupportedImage& image, Instant now) {
  if (!image.end_of_life) return std::nullopt;
  return static_cast<int>(std::chrono::floor<std::chrono::days>(*image.end_of_life - now).count());
}

bool IsUseOf(const ImageUse& use, const SupportedImage& image) {
  return SameTriple(use.triple, {image.publisher, image.offer, image.sku}) &&
         (use.node_agent.empty() || EqualFolded(use.node_agent, image.node_agent));
}

std::vector<std::string> PoolsOf(const SupportedImage& image, const std::vector<ImageUse>& uses) {
  std::set<std::string> pools;
  for (const ImageUse& use : uses) {
    if (IsUseOf(use, image)) pools.insert(use.pool);
  }
  return {pools.begin(), pools.end()};
}

/// Images that pools use and the service lists no longer; each once.
std::vector<ImageRow> UnlistedRows(const ImageList& images, const std::vector<ImageUse>& uses) {
  std::vector<ImageRow> rows;
  for (const ImageUse& use : uses) {
    const auto is_it = [&](const SupportedImage& image) { return IsUseOf(use, image); };
    if (std::any_of(images.images.begin(), images.images.end(), is_it)) continue;
    const auto known = std::find_if(rows.begin(), rows.end(), [&](const ImageRow& row) {
      return IsUseOf(use, row.image) && EqualFolded(use.node_agent, row.image.node_agent);
    });
    if (known != rows.end()) {
      if (known->pools.back() != use.pool) known->pools.push_back(use.pool);
      continue;
    }
    ImageRow row;
    row.image.publisher = use.triple.publisher;
    row.image.offer = use.triple.offer;
    row.image.sku = use.triple.sku;
    row.image.node_agent = use.node_agent;
    row.listed = false;
    row.pools = {use.pool};
    rows.push_back(std::move(row));
  }
  for (ImageRow& row : rows) {
    std::sort(row.pools.begin(), row.pools.end());
    row.pools.erase(std::unique(row.pools.begin(), row.pools.end()), row.pools.end());
  }
  return rows;
}

int CompareImages(const SupportedImage& left, const SupportedImage& right) {
  for (const auto member : {&SupportedImage::publisher, &SupportedImage::offer,
                            &SupportedImage::sku, &SupportedImage::node_agent}) {
    if (const int order = CompareNatural(left.*member, right.*member); order != 0) return order;
  }
  return 0;
}

/// What needs care first: not listed, then by the days that are left, then without a date.
bool MoreUrgent(const ImageRow& left, const ImageRow& right) {
  if (left.listed != right.listed) return !left.listed;
  if (left.days_left != right.days_left) {
    if (!left.days_left || !right.days_left) return left.days_left.has_value();
    return *left.days_left < *right.days_left;
  }
  return CompareImages(left.image, right.image) < 0;
}

/// "batch.node.ubuntu" of "batch.node.ubuntu 18.04".
std::string_view FamilyOf(std::string_view agent) { return agent.substr(0, agent.find(' ')); }

bool MayFollow(const SupportedImage& candidate, const SupportedImage& image, Instant now) {
  if (!candidate.verified || !EqualFolded(candidate.publisher, image.publisher)) return false;
  if (!EqualFolded(FamilyOf(candidate.node_agent), FamilyOf(image.node_agent))) return false;
  if (candidate.end_of_life && *candidate.end_of_life - now < kTooNear) return false;
  return std::all_of(image.capabilities.begin(), image.capabilities.end(),
                     [&](const std::string& needed) { return HasCapability(candidate, needed); });
}

/// Newer by its agent; with the same agent, by the SKU within one offer.
bool IsNewer(const SupportedImage& candidate, const SupportedImage& image) {
  const int by_agent = CompareNatural(candidate.node_agent, image.node_agent);
  if (by_agent != 0) return by_agent > 0;
  return EqualFolded(candidate.offer, image.offer) &&
         ShapeOf(candidate.sku) == ShapeOf(image.sku) &&
         CompareNatural(candidate.sku, image.sku) > 0;
}

/// The smaller step first; of one step the one with the fewest surprises: fewest capabilities that
/// the image lacks, then the greatest SKU.
bool BetterSuccessor(const SupportedImage& left, const SupportedImage& right) {
  if (const int order = CompareNatural(left.node_agent, right.node_agent); order != 0) {
    return order < 0;
  }
  if (left.capabilities.size() != right.capabilities.size()) {
    return left.capabilities.size() < right.capabilities.size();
  }
  return CompareNatural(left.sku, right.sku) > 0;
}

}  // namespace

std::optional<ImageUse> UseOf(std::string pool, const Value& pool_body) {
  std::optional<Triple> triple = TripleOf(pool_body);
  if (!triple) return std::nullopt;
  const Value* machine = pool_body.Find("virtualMachineConfiguration");
  return ImageUse{std::move(pool), std::move(*triple),
                  std::string(machine->StringOr("nodeAgentSKUId"))};
}

void AddUseOfSpec(const PoolSpec& spec, const ImageList& images, Instant now,
                  std::vector<ImageUse>& uses) {
  if (!PicksNewest(spec)) {
    if (auto use = UseOf(spec.id, spec.body)) uses.push_back(std::move(*use));
    return;
  }
  const auto live = std::find_if(uses.begin(), uses.end(), [&](const ImageUse& use) {
    return EqualFolded(use.pool, spec.id) && IsAmongNewest(spec, use.triple);
  });
  if (live != uses.end()) {
    live->newer_sku = NewerSku(spec, live->triple, images, now);
    return;
  }
  const SupportedImage* row = PickNewest(spec, images, now).row;
  if (row == nullptr) return;
  uses.push_back({spec.id, {row->publisher, row->offer, row->sku}, row->node_agent});
}

bool PassesFilter(const SupportedImage& image, const ImageFilter& filter) {
  if (!filter.os_type.empty() && !EqualFolded(image.os_type, filter.os_type)) return false;
  if (!filter.sku_pattern.empty() && !MatchesPattern(filter.sku_pattern, image.sku)) return false;
  return filter.capability.empty() || HasCapability(image, filter.capability);
}

std::vector<ImageRow> ImageTable(const ImageList& images, const std::vector<ImageUse>& uses,
                                 const ImageFilter& filter, Instant now) {
  std::vector<ImageRow> rows;
  for (const SupportedImage& image : images.images) {
    if (!PassesFilter(image, filter)) continue;
    ImageRow row{image, true, DaysLeft(image, now), PoolsOf(image, uses), nullptr, {}};
    for (const ImageUse& use : uses) {
      if (!use.newer_sku.empty() && IsUseOf(use, image))
        row.newer[use.newer_sku].push_back(use.pool);
    }
    const bool used = !row.pools.empty();
    if (filter.in_use ? !used : !image.verified && !filter.include_unverified && !used) continue;
    if (used && row.days_left) row.successor = SuccessorOf(image, images, now);
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [&](const ImageRow& left, const ImageRow& right) {
    return CompareImages(left.image, right.image) < 0;
  });
  if (!filter.in_use) return rows;
  for (ImageRow& row : UnlistedRows(images, uses)) {
    if (!filter.sku_pattern.empty() && !MatchesPattern(filter.sku_pattern, row.image.sku)) continue;
    row.successor = SuccessorOf(row.image, images, now);
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), MoreUrgent);
  return rows;
}

const SupportedImage* SuccessorOf(const SupportedImage& image, const ImageList& images,
                                  Instant now) {
  const SupportedImage* best = nullptr;
  for (const SupportedImage& candidate : images.images) {
    if (!MayFollow(candidate, image, now) || !IsNewer(candidate, image)) continue;
    if (best == nullptr || BetterSuccessor(candidate, *best)) best = &candidate;
  }
  return best;
}

}  // namespace reconciler::plan
