// What a message about an image that is not listed offers in its place.
#pragma once

#include <string>

#include "reconciler/plan/image.h"

namespace reconciler::plan {

/// "publisher/offer/sku", the way images are named in messages.
std::string FormatTriple(const Triple& triple);

/// The listed images nearest to one that is not: SKUs of the same publisher and offer, else offers
/// with their nearest SKU; each with its node agent, nearest first, at most five. Empty for an
/// empty list.
std::string NearestImages(const Triple& wanted, const ImageList& images);

}  // namespace reconciler::plan
