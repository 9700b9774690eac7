#include "reconciler/plan/image.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconciler/core/text.h"
#include "reconciler/plan/nearest_images.h"
#include "reconciler/plan/newest_image.h"

namespace reconciler::plan {
namespace {

constexpr int kWarnDays[] = {30, 90, 180};  // the narrowest step that holds is the one to warn for

const Value* MachineOf(const Value& pool_body) {
  return pool_body.Find("virtualMachineConfiguration");
}

std::string AgentOf(const Value& pool_body) {
  const Value* machine = MachineOf(pool_body);
  return machine == nullptr ? std::string() : std::string(machine->StringOr("nodeAgentSKUId"));
}

bool HasEnded(const SupportedImage& image, Instant now) {
  return image.end_of_life && *image.end_of_life <= now;
}

/// "2023-05-30"
std::string DayOf(Instant time) { return FormatTime(time).substr(0, 10); }

using Rows = std::vector<const SupportedImage*>;

Rows RowsOf(const Triple& triple, const ImageList& images) {
  Rows rows;
  for (const SupportedImage& image : images.images) {
    if (SameTriple(triple, {image.publisher, image.offer, image.sku})) rows.push_back(&image);
  }
  return rows;
}

/// Several rows may stand for one image: usable ones first, then the newest agent.
bool BetterRow(const SupportedImage& left, const SupportedImage& right, Instant now) {
  if (HasEnded(left, now) != HasEnded(right, now)) return !HasEnded(left, now);
  if (left.verified != right.verified) return left.verified;
  return CompareNatural(left.node_agent, right.node_agent) > 0;
}

const SupportedImage* BestRow(const Rows& rows, std::string_view agent, Instant now) {
  const SupportedImage* best = nullptr;
  for (const SupportedImage* row : rows) {
    if (!agent.empty() && !EqualFolded(row->node_agent, agent)) continue;
    if (best == nullptr || BetterRow(*row, *best, now)) best = row;
  }
  return best;
}

std::string AgentsOf(const Rows& rows) {
  std::vector<std::string> agents;
  for (const SupportedImage* row : rows) agents.push_back("'" + row->node_agent + "'");
  std::sort(agents.begin(), agents.end());
  agents.erase(std::unique(agents.begin(), agents.end()), agents.end());
  return fmt::format("{}", fmt::join(agents, " or "));
}

ImageResolution Use(std::string node_agent) { return {std::move(node_agent), Reason::kNone, {}}; }
ImageResolution Block(Reason reason, std::string message) {
  return {{}, reason, std::move(message)};
}

ImageResolution ResolveGallery(const std::string& agent) {
  if (!agent.empty()) return Use(agent);
  return Block(Reason::kImageNotListed,
               "a gallery image is in no list: name its node agent in "
               "virtualMachineConfiguration.nodeAgentSKUId");
}

ImageResolution BlockUnlisted(const Triple& triple, const ImageList& images) {
  std::string message =
      fmt::format("image {} is not among the {} supported images of the account (as of {})",
                  FormatTriple(triple), images.images.size(), DayOf(images.fetched));
  const std::string nearest = NearestImages(triple, images);
  if (!nearest.empty()) message += "; nearest: " + nearest;
  message += "; name one that is listed, or set policy.image.allowUnlisted and nodeAgentSKUId";
  return Block(Reason::kImageNotListed, std::move(message));
}

bool WantsDocker(const PoolSpec& spec) {
  const Value* const type =
      spec.body.FindPath("virtualMachineConfiguration.containerConfiguration.type");
  return type != nullptr && type->IsString() && EqualFolded(type->AsString(), "dockerCompatible");
}

/// A row of the list against what the spec needs and its policy allows.
ImageResolution CheckRow(const PoolSpec& spec, const SupportedImage& row, Instant now) {
  const Triple triple{row.publisher, row.offer, row.sku};
  const Policy& policy = spec.policy;
  if (HasEnded(row, now) && !policy.allow_ended) {
    return Block(Reason::kImageEnded,
                 fmt::format("support of image {} ended on {}; name a newer image, or set "
                             "policy.image.allowEnded: true",
                             FormatTriple(triple), DayOf(*row.end_of_life)));
  }
  if (!row.verified && !policy.allow_unverified) {
    return Block(Reason::kImageUnverified,
                 fmt::format("image {} is listed as unverified; name a verified image, or set "
                             "policy.image.allowUnverified: true",
                             FormatTriple(triple)));
  }
  if (WantsDocker(spec) && !HasCapability(row, "DockerCompatible") && !policy.allow_unlisted) {
    return Block(
        Reason::kImageLacksContainers,
        fmt::format("virtualMachineConfiguration.containerConfiguration needs an image that can "
                    "run containers, and image {} is listed without the capability "
                    "DockerCompatible; `poolkeeper images --capability DockerCompatible` lists "
                    "those that have it",
                    FormatTriple(triple)));
  }
  return Use(row.node_agent);
}

ImageResolution WaitForList(const std::string& image) {
  return Block(Reason::kImageListMissing,
               fmt::format("image {} waits for the list of supported images, which could not be "
                           "read yet",
                           image));
}

ImageResolution ResolveNewest(const PoolSpec& spec, const ImageList* images, Instant now) {
  if (images == nullptr) return WaitForList(NewestText(spec));
  NewestImage newest = PickNewest(spec, *images, now);
  if (newest.row == nullptr) return Block(newest.blocked, std::move(newest.message));
  ImageResolution image = CheckRow(spec, *newest.row, now);
  image.sku = newest.row->sku;
  return image;
}

std::string DaysText(int days) {
  return days == 0 ? "today" : fmt::format("in {} day{}", days, days == 1 ? "" : "s");
}

}  // namespace

std::optional<Triple> TripleOf(const Value& pool_body) {
  const Value* machine = MachineOf(pool_body);
  const Value* image = machine == nullptr ? nullptr : machine->Find("imageReference");
  if (image == nullptr) return std::nullopt;
  Triple triple{std::string(image->StringOr("publisher")), std::string(image->StringOr("offer")),
                std::string(image->StringOr("sku"))};
  if (triple.publisher.empty() || triple.offer.empty() || triple.sku.empty()) return std::nullopt;
  return triple;
}

bool SameTriple(const Triple& left, const Triple& right) {
  return EqualFolded(left.publisher, right.publisher) && EqualFolded(left.offer, right.offer) &&
         EqualFolded(left.sku, right.sku);
}

bool HasCapability(const SupportedImage& image, std::string_view capability) {
  return std::any_of(image.capabilities.begin(), image.capabilities.end(),
                     [&](const std::string& has) { return EqualFolded(has, capability); });
}

ImageResolution ResolveImage(const PoolSpec& spec, const ImageList* images, Instant now) {
  if (PicksNewest(spec)) return ResolveNewest(spec, images, now);
  const std::string agent = AgentOf(spec.body);
  const std::optional<Triple> triple = TripleOf(spec.body);
  if (!triple) return ResolveGallery(agent);
  const bool unlisted_is_fine = spec.policy.allow_unlisted && !agent.empty();
  if (images == nullptr) {
    return unlisted_is_fine ? Use(agent) : WaitForList(FormatTriple(*triple));
  }
  const Rows rows = RowsOf(*triple, *images);
  if (rows.empty()) return unlisted_is_fine ? Use(agent) : BlockUnlisted(*triple, *images);
  const SupportedImage* row = BestRow(rows, agent, now);
  if (row == nullptr) {
    return Block(Reason::kImageAgentMismatch,
                 fmt::format("node agent '{}' does not match image {}, which needs {}; leave "
                             "nodeAgentSKUId out or write that",
                             agent, FormatTriple(*triple), AgentsOf(rows)));
  }
  return CheckRow(spec, *row, now);
}

ImageNotice NoticeOf(const Value& pool_body, const ImageList& images, Instant now) {
  const std::optional<Triple> triple = TripleOf(pool_body);
  if (!triple) return {};
  ImageNotice notice;
  const Rows rows = RowsOf(*triple, images);
  if (rows.empty()) {
    notice.reason = Reason::kImageNotListed;
    notice.message = fmt::format(
        "image {} is no longer listed by the service: the pool runs on, a "
        "new one could not be made; name a listed image",
        FormatTriple(*triple));
    return notice;
  }
  const SupportedImage* row = BestRow(rows, AgentOf(pool_body), now);
  if (row == nullptr) row = BestRow(rows, {}, now);
  if (!row->end_of_life) return notice;
  const auto left = std::chrono::floor<std::chrono::days>(*row->end_of_life - now);
  notice.days_left = static_cast<int>(left.count());
  if (HasEnded(*row, now)) {
    notice.reason = Reason::kImageEndOfLife;
    notice.message = fmt::format("support of image {} ended on {}; name a newer image",
                                 FormatTriple(*triple), DayOf(*row->end_of_life));
    return notice;
  }
  const auto* step = std::find_if(std::begin(kWarnDays), std::end(kWarnDays),
                                  [&](int days) { return left <= std::chrono::days(days); });
  if (step == std::end(kWarnDays)) return notice;
  notice.warn_step_days = *step;
  notice.message =
      fmt::format("support of image {} ends {}, on {}; name a newer image", FormatTriple(*triple),
                  DaysText(*notice.days_left), DayOf(*row->end_of_life));
  return notice;
}

}  // namespace reconciler::plan
