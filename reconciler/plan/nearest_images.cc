#include "reconciler/plan/nearest_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "reconciler/core/text.h"

namespace reconciler::plan {
namespace {

constexpr std::size_t kShownMax = 5;

struct Candidate {
  std::size_t offer_distance = 0;  // of publisher and offer together
  std::size_t sku_distance = 0;
  const SupportedImage* image = nullptr;
};

bool Nearer(const Candidate& left, const Candidate& right) {
  const auto key = [](const Candidate& candidate) {
    const SupportedImage& image = *candidate.image;
    return std::tie(candidate.offer_distance, candidate.sku_distance, image.publisher, image.offer,
                    image.sku, image.node_agent);
  };
  return key(left) < key(right);
}

/// A name from a file of any length against one from the list.
std::size_t Distance(std::string_view wanted, std::string_view listed) {
  constexpr std::size_t kLetters = 128;  // longer ones differ in their first letters, too
  return EditDistance(FoldCase(wanted.substr(0, kLetters)), FoldCase(listed.substr(0, kLetters)));
}

std::vector<Candidate> SortedCandidates(const Triple& wanted, const ImageList& images) {
  std::vector<Candidate> candidates;
  candidates.reserve(images.images.size());
  for (const SupportedImage& image : images.images) {
    candidates.push_back(
        {Distance(wanted.publisher, image.publisher) + Distance(wanted.offer, image.offer),
         Distance(wanted.sku, image.sku), &image});
  }
  std::sort(candidates.begin(), candidates.end(), Nearer);
  return candidates;
}

bool SameOffer(const SupportedImage& left, const SupportedImage& right) {
  return EqualFolded(left.publisher, right.publisher) && EqualFolded(left.offer, right.offer);
}

}  // namespace

std::string FormatTriple(const Triple& triple) {
  return fmt::format("{}/{}/{}", triple.publisher, triple.offer, triple.sku);
}

std::string NearestImages(const Triple& wanted, const ImageList& images) {
  const std::vector<Candidate> candidates = SortedCandidates(wanted, images);
  const bool same_offer = !candidates.empty() && candidates.front().offer_distance == 0;
  std::vector<const SupportedImage*> shown;
  for (const Candidate& candidate : candidates) {
    if (shown.size() == kShownMax || (same_offer && candidate.offer_distance > 0)) break;
    const bool known =
        !same_offer && std::any_of(shown.begin(), shown.end(), [&](const auto* image) {
          return SameOffer(*image, *candidate.image);
        });
    if (!known) shown.push_back(candidate.image);
  }
  std::string text;
  for (const SupportedImage* image : shown) {
    if (!text.empty()) text += ", ";
    text += same_offer ? image->sku : FormatTriple({image->publisher, image->offer, image->sku});
    text += fmt::format(" ({})", image->node_agent);
  }
  return text;
}

}  // namespace reconciler::plan
