// policy.image.newest: which SKU of the list a new pool gets, and what that means for a live one.
#pragma once

#include <optional>
#include <string>

#include "reconciler/plan/image.h"

namespace reconciler::plan {

/// Whether the spec leaves its SKU to the list.
inline bool PicksNewest(const PoolSpec& spec) { return !spec.policy.newest_sku_pattern.empty(); }

/// "canonical/0001-com-ubuntu-server-jammy/2?_04-lts": what such a spec asks for, in messages.
std::string NewestText(const PoolSpec& spec);

struct NewestImage {
  const SupportedImage* row = nullptr;  // into the list; nullptr when `blocked`
  Reason blocked =
      Reason::kNone;  // kImageNotListed, kImageAmbiguous, kImageEnded, kImageUnverified
  std::string message{};
};
/// The greatest SKU by natural order among those of the spec's publisher, offer and pattern (and
/// node agent, where one is named) that are listed, verified, and not within 90 days of their end.
/// Blocked where the candidates differ in more than digits, or where the order of their names and
/// that of their node agents contradict each other: then the names do not tell which is newest.
NewestImage PickNewest(const PoolSpec& spec, const ImageList& images, Instant now);

/// Whether the image of a live pool is one that the spec asks for, whatever the list says of it.
bool IsAmongNewest(const PoolSpec& spec, const Triple& live);
bool IsAmongNewest(const PoolSpec& spec, const Value& live_body);

/// The spec's virtualMachineConfiguration with a SKU, for a live pool whose image is not among
/// those that the spec asks for: that of the list, or the pattern where the list gives none.
/// nullopt: nothing is to be filled in.
std::optional<Value> MachineWithNewest(const PoolSpec& spec, const Value& live_body,
                                       const ImageList* images, Instant now);

/// The SKU that a new pool would get and that is newer than the live one; empty: none is.
std::string NewerSku(const PoolSpec& spec, const Triple& live, const ImageList& images,
                     Instant now);
std::string NewerSku(const PoolSpec& spec, const Value& live_body, const ImageList* images,
                     Instant now);

}  // namespace reconciler::plan
