// The supported images of an account as a table: which pools use each, and what follows it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reconciler/plan/image.h"

namespace reconciler::plan {

/// A pool and its image, as the service or a spec has it.
struct ImageUse {
  std::string pool;
  Triple triple;
  std::string node_agent;   // empty: a spec leaves it to the list
  std::string newer_sku{};  // policy.image.newest: what a new pool would get; empty: nothing newer
};
/// The use of a pool's body; nullopt for gallery images.
std::optional<ImageUse> UseOf(std::string pool, const Value& pool_body);

/// Adds the use of a spec to those of live pools. One that leaves its SKU to the list is the use of
/// its live pool, which learns what is newer; without such a pool, of what it would get.
void AddUseOfSpec(const PoolSpec& spec, const ImageList& images, Instant now,
                  std::vector<ImageUse>& uses);

struct ImageFilter {
  std::string os_type{};      // "linux", "windows"; empty: both
  std::string sku_pattern{};  // '*' and '?' as in a shell, without case; empty: all
  std::string capability{};   // without case; empty: all
  bool in_use = false;        // only what pools use
  bool include_unverified = false;
};

/// System, SKU and capability alone; the rest depends on who uses it.
bool PassesFilter(const SupportedImage& image, const ImageFilter& filter);

struct ImageRow {
  SupportedImage image;  // without agent and date if it is in use and not listed
  bool listed = true;
  std::optional<int> days_left;               // until the announced end of life; negative: past it
  std::vector<std::string> pools;             // sorted
  const SupportedImage* successor = nullptr;  // for those in use that end or are not listed
  /// policy.image.newest: the SKU that new pools would get, with the pools of this row.
  std::map<std::string, std::vector<std::string>> newer{};
};

/// Rows in the order of publisher, offer, SKU (natural) and agent. With `in_use`: what is no longer
/// listed first, then by the time that is left; unverified images that are in use are shown always.
/// Rows point into `images`. Pools that stand in `uses` twice (live and in a spec) count once.
std::vector<ImageRow> ImageTable(const ImageList& images, const std::vector<ImageUse>& uses,
                                 const ImageFilter& filter, Instant now);

/// The nearest newer image of the same publisher and family of agents ("batch.node.ubuntu") that is
/// verified, has all capabilities of `image` and is not within 90 days of its end; nullptr: none.
const SupportedImage* SuccessorOf(const SupportedImage& image, const ImageList& images,
                                  Instant now);

}  // namespace reconciler::plan
