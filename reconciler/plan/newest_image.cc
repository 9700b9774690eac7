#include "reconciler/plan/newest_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "reconciler/core/text.h"
#include "reconciler/plan/nearest_images.h"
#include "reconciler/plan/sku_name.h"

namespace reconciler::plan {
namespace {

constexpr std::chrono::days kTooNear{90};
constexpr std::size_t kShownMax = 8;
constexpr std::string_view kNarrow = "; narrow policy.image.newest.skuPattern";

using Rows = std::vector<const SupportedImage*>;

/// The triple that the spec asks for, with the pattern in place of the SKU.
Triple Wanted(const PoolSpec& spec) {
  const Value* image = spec.body.FindPath("virtualMachineConfiguration.imageReference");
  if (image == nullptr) return {};
  return {std::string(image->StringOr("publisher")), std::string(image->StringOr("offer")),
          spec.policy.newest_sku_pattern};
}

std::string_view AgentOf(const PoolSpec& spec) {
  const Value* agent = spec.body.FindPath("virtualMachineConfiguration.nodeAgentSKUId");
  return agent == nullptr || !agent->IsString() ? std::string_view() : agent->AsString();
}

bool Matches(const Triple& wanted, const Triple& found) {
  return EqualFolded(wanted.publisher, found.publisher) && EqualFolded(wanted.offer, found.offer) &&
         MatchesPattern(wanted.sku, found.sku);
}

bool EndsSoon(const SupportedImage& image, Instant now) {
  return image.end_of_life && *image.end_of_life - now <= kTooNear;
}

/// Each name once, in natural order, with what is to be said about it.
std::string List(std::vector<std::string> names) {
  std::sort(names.begin(), names.end(), [](const std::string& left, const std::string& right) {
    return CompareNatural(left, right) < 0;
  });
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::size_t more = names.size() > kShownMax ? names.size() - kShownMax : 0;
  names.resize(names.size() - more);
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  return more == 0 ? text : text + fmt::format(" and {} more", more);
}

std::string WhyLeftOut(const SupportedImage& image, Instant now) {
  if (!image.verified) return image.sku + " (unverified)";
  const std::string day = FormatTime(*image.end_of_life).substr(0, 10);
  return fmt::format("{} (support {} on {})", image.sku,
                     *image.end_of_life <= now ? "ended" : "ends", day);
}

NewestImage Block(Reason reason, std::string message) {
  return {nullptr, reason, std::move(message)};
}

NewestImage BlockWithoutMatch(const PoolSpec& spec, const ImageList& images) {
  std::string message =
      fmt::format("no image like {} is among the {} supported images of the account (as of {})",
                  NewestText(spec), images.images.size(), FormatTime(images.fetched).substr(0, 10));
  const std::string nearest = NearestImages(Wanted(spec), images);
  if (!nearest.empty()) message += "; nearest: " + nearest;
  return Block(Reason::kImageNotListed,
               message + "; mend publisher, offer or policy.image.newest.skuPattern");
}

NewestImage BlockLeftOut(const PoolSpec& spec, const Rows& left_out, Instant now) {
  std::vector<std::string> names;
  for (const SupportedImage* row : left_out) names.push_back(WhyLeftOut(*row, now));
  const bool verified = std::any_of(left_out.begin(), left_out.end(),
                                    [](const SupportedImage* row) { return row->verified; });
  return Block(verified ? Reason::kImageEnded : Reason::kImageUnverified,
               fmt::format("no image like {} is verified and supported for 90 more days: {}; widen "
                           "policy.image.newest.skuPattern, or name the sku in imageReference",
                           NewestText(spec), List(std::move(names))));
}

NewestImage BlockAgent(const PoolSpec& spec, const Rows& others) {
  std::vector<std::string> agents;
  for (const SupportedImage* row : others) agents.push_back("'" + row->node_agent + "'");
  return Block(Reason::kImageAgentMismatch,
               fmt::format("node agent '{}' does not match any image like {}, which need {}; leave "
                           "nodeAgentSKUId out",
                           AgentOf(spec), NewestText(spec), List(std::move(agents))));
}

bool DifferInDigitsAlone(const Rows& rows) {
  return std::all_of(rows.begin(), rows.end(), [&](const SupportedImage* row) {
    return ShapeOf(row->sku) == ShapeOf(rows.front()->sku);
  });
}

std::string Skus(const Rows& rows) {
  std::vector<std::string> names;
  for (const SupportedImage* row : rows) names.push_back(row->sku);
  return List(std::move(names));
}

/// Of names that differ in leading zeros alone the longer one, so that the pick is always the same.
bool IsNewer(const SupportedImage& left, const SupportedImage& right) {
  if (const int order = CompareNatural(left.sku, right.sku); order != 0) return order > 0;
  if (!EqualFolded(left.sku, right.sku)) return FoldCase(left.sku) < FoldCase(right.sku);
  return CompareNatural(left.node_agent, right.node_agent) > 0;
}

/// "78" and "810" are 7.8 and 8.10, but "810" and "94" are 8.10 and 9.4: the agent knows better.
const SupportedImage* NewerByAgent(const Rows& rows, const SupportedImage& greatest) {
  for (const SupportedImage* row : rows) {
    if (EqualFolded(row->sku, greatest.sku)) continue;
    if (CompareNatural(row->node_agent, greatest.node_agent) > 0) return row;
  }
  return nullptr;
}

NewestImage PickAmong(const PoolSpec& spec, const Rows& rows) {
  if (!DifferInDigitsAlone(rows)) {
    return Block(
        Reason::kImageAmbiguous,
        fmt::format("images like {} differ in more than digits: {}", NewestText(spec), Skus(rows)) +
            std::string(kNarrow));
  }
  const SupportedImage* greatest = rows.front();
  for (const SupportedImage* row : rows) {
    if (IsNewer(*row, *greatest)) greatest = row;
  }
  const SupportedImage* rival = NewerByAgent(rows, *greatest);
  if (rival == nullptr) return {greatest, Reason::kNone, {}};
  return Block(Reason::kImageAmbiguous,
               fmt::format("of the images like {}, {} is the greatest by its name ({}), and {} has "
                           "the newer node agent ({})",
                           NewestText(spec), greatest->sku, greatest->node_agent, rival->sku,
                           rival->node_agent) +
                   std::string(kNarrow));
}

}  // namespace

std::string NewestText(const PoolSpec& spec) { return FormatTriple(Wanted(spec)); }

NewestImage PickNewest(const PoolSpec& spec, const ImageList& images, Instant now) {
  const Triple wanted = Wanted(spec);
  const std::string_view agent = AgentOf(spec);
  Rows usable;
  Rows left_out;
  Rows of_other_agents;
  for (const SupportedImage& image : images.images) {
    if (!Matches(wanted, {image.publisher, image.offer, image.sku})) continue;
    const bool other = !agent.empty() && !EqualFolded(image.node_agent, agent);
    const bool bad = !image.verified || EndsSoon(image, now);
    (other ? of_other_agents : bad ? left_out : usable).push_back(&image);
  }
  if (!usable.empty()) return PickAmong(spec, usable);
  if (!left_out.empty()) return BlockLeftOut(spec, left_out, now);
  return of_other_agents.empty() ? BlockWithoutMatch(spec, images)
                                 : BlockAgent(spec, of_other_agents);
}

bool IsAmongNewest(const PoolSpec& spec, const Triple& live) { return Matches(Wanted(spec), live); }

bool IsAmongNewest(const PoolSpec& spec, const Value& live_body) {
  const std::optional<Triple> live = TripleOf(live_body);
  return live && IsAmongNewest(spec, *live);
}

std::optional<Value> MachineWithNewest(const PoolSpec& spec, const Value& live_body,
                                       const ImageList* images, Instant now) {
  const Value* machine = spec.body.Find("virtualMachineConfiguration");
  if (!PicksNewest(spec) || machine == nullptr || IsAmongNewest(spec, live_body)) {
    return std::nullopt;
  }
  NewestImage newest;
  if (images != nullptr) newest = PickNewest(spec, *images, now);
  Value filled = *machine;
  Value* image = filled.Find("imageReference");
  if (image == nullptr) return std::nullopt;
  image->Set("sku", newest.row == nullptr ? spec.policy.newest_sku_pattern : newest.row->sku);
  return filled;
}

std::string NewerSku(const PoolSpec& spec, const Triple& live, const ImageList& images,
                     Instant now) {
  if (!PicksNewest(spec) || !IsAmongNewest(spec, live)) return {};
  const NewestImage newest = PickNewest(spec, images, now);
  const bool newer = newest.row != nullptr && CompareNatural(newest.row->sku, live.sku) > 0;
  return newer ? newest.row->sku : std::string();
}

std::string NewerSku(const PoolSpec& spec, const Value& live_body, const ImageList* images,
                     Instant now) {
  if (!PicksNewest(spec) || images == nullptr) return {};
  const std::optional<Triple> live = TripleOf(live_body);
  return live ? NewerSku(spec, *live, *images, now) : std::string();
}

}  // namespace reconciler::plan
