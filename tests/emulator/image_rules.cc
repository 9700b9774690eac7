#include "tests/emulator/image_rules.h"

#include <fmt/format.h>

namespace emulator {

namespace {

using Broken = std::optional<ApiError>;

Broken CheckGalleryImage(const Context& context, const Json& image) {
  const std::string id = image.Text("virtualMachineImageId");
  if (id.empty()) return std::nullopt;
  const std::string lower = Lower(id);
  const bool gallery = lower.rfind("/subscriptions/", 0) == 0 &&
                       lower.find("/galleries/") != std::string::npos &&
                       lower.find("/images/") != std::string::npos;
  if (!gallery) {
    return InvalidValue("virtualMachineImageId", id,
                        "The value is not the id of an Azure Compute Gallery image");
  }
  if (context.config.switches.reject_gallery_images && !context.bearer) {
    return InvalidValue("virtualMachineImageId", id,
                        "Compute Gallery images need authentication with Microsoft Entra ID");
  }
  return std::nullopt;
}

Broken CheckMarketplaceImage(const Context& context, const Json& image, const std::string& agent) {
  const std::string publisher = image.Text("publisher"), offer = image.Text("offer"),
                    sku = image.Text("sku");
  const Image* const known = context.images.Find(publisher, offer, sku);
  const auto unsupported = [&](std::string reason) {
    return ApiError{"InvalidPropertyValue",
                    {{"PropertyName", "imageReference"}, {"Reason", std::move(reason)}}};
  };
  const std::string named = fmt::format(
      "The specified imageReference with publisher {} offer {} sku {}", publisher, offer, sku);
  if (known == nullptr) return unsupported(named + " is not supported.");
  if (context.config.switches.reject_end_of_life_images && known->end_of_life &&
      *known->end_of_life <= context.now) {
    return unsupported(named + " is past its end of life.");
  }
  if (context.config.switches.reject_other_agents &&
      !EqualsIgnoringCase(known->node_agent, agent)) {
    return InvalidValue("nodeAgentSKUId", agent,
                        fmt::format("{} needs the node agent SKU {}", named, known->node_agent));
  }
  return std::nullopt;
}

}  // namespace

std::optional<ApiError> BrokenImageRule(const Context& context, const Json& vm) {
  const Json* const sent = vm.Find("imageReference");
  const std::string agent = vm.Text("nodeAgentSKUId");
  if (sent == nullptr || agent.empty()) return std::nullopt;  // left out of a PATCH
  const Json& image = *sent;
  int styles = 0;
  for (const char* const name :
       {"publisher", "virtualMachineImageId", "sharedGalleryImageId", "communityGalleryImageId"}) {
    if (image.Find(name) != nullptr) ++styles;
  }
  const bool marketplace = image.Find("publisher") != nullptr;
  const bool foreign = !marketplace && image.AsObject()->size() != 1;
  if (styles != 1 || foreign) {
    return ApiError{"InvalidPropertyValue",
                    {{"PropertyName", "imageReference"},
                     {"Reason",
                      "Exactly one of publisher with offer and sku, virtualMachineImageId, "
                      "sharedGalleryImageId and communityGalleryImageId must be given, an id "
                      "without anything beside it."}}};
  }
  if (auto broken = CheckGalleryImage(context, image)) return broken;
  if (!context.images.KnowsAgent(agent)) {
    return ApiError{"NodeAgentSKUNotFound", {{"NodeAgentSKUId", agent}}};
  }
  return marketplace ? CheckMarketplaceImage(context, image, agent) : std::nullopt;
}

}  // namespace emulator
