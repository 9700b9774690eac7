// Image and node-agent pairs, resolved against the list that the service supports.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/reason.h"

namespace reconciler::plan {

/// The list of one account as of a moment.
struct ImageList {
  std::vector<SupportedImage> images;
  Instant fetched{};
};

struct Triple {
  std::string publisher, offer, sku;
};
/// The marketplace triple of a pool body's virtualMachineConfiguration; nullopt for gallery images.
std::optional<Triple> TripleOf(const Value& pool_body);
bool SameTriple(const Triple& left, const Triple& right);  // without case

/// Without case.
bool HasCapability(const SupportedImage& image, std::string_view capability);

struct ImageResolution {
  std::string node_agent;          // what to send; empty when `blocked`
  Reason blocked = Reason::kNone;  // kImageNotListed, kImageAgentMismatch, kImageUnverified,
                                   // kImageEnded, kImageListMissing, kImageAmbiguous,
                                   // kImageLacksContainers
  std::string message;             // with the nearest offers, SKUs and their agents
  std::string sku{};               // what to send where the spec leaves it to the list; else empty
};
/// Resolves the image of a spec for a create or a change of the image. `images` nullptr: there is
/// no list; an explicit agent with `allowUnlisted`, and gallery images, resolve without one.
ImageResolution ResolveImage(const PoolSpec& spec, const ImageList* images, Instant now);

/// What to say about the image of a running pool: past its end of life, unlisted, or ending within
/// 180, 90, 30 days. kNone when all is well or nothing can be said.
struct ImageNotice {
  Reason reason = Reason::kNone;  // kImageEndOfLife, kImageNotListed; kNone with days: a warning
  std::optional<int> days_left;   // set when a date is announced
  int warn_step_days = 0;         // 180, 90, 30, or 0: the step to warn for, once each
  std::string message;
};
ImageNotice NoticeOf(const Value& pool_body, const ImageList& images, Instant now);

}  // namespace reconciler::plan
