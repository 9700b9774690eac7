// Rules on the image, and on what fits the system in it.
#include <fmt/format.h>

#include <array>

#include "reconciler/core/text.h"
#include "reconciler/spec/rule_context.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kMachine = "spec.virtualMachineConfiguration";
constexpr std::array<std::string_view, 3> kGalleryIds = {
    "virtualMachineImageId", "sharedGalleryImageId", "communityGalleryImageId"};

/// The SKU of a marketplace image stands in the spec, or is left to policy.image.newest.
void CheckSku(RuleContext& context, const Node& image) {
  const std::string path = fmt::format("{}.imageReference", kMachine);
  const NodeMember* sku = image.FindMember("sku");
  const bool named = sku != nullptr && !sku->value.IsNull();
  if (context.newest() == nullptr) {
    if (named || image.FindValue("publisher") == nullptr) return;
    const std::string sku_path = path + ".sku";
    context.sink().Error(sku == nullptr ? image.place : sku->place, sku_path,
                         sku_path +
                             " is missing: SKU of a marketplace image; write it, or set "
                             "policy.image.newest");
    return;
  }
  if (named) {
    context.Error(sku->place, path + ".sku",
                  "does not go together with policy.image.newest; leave one out (newest: null "
                  "takes an inherited one away)");
  } else if (image.FindValue("publisher") == nullptr) {
    context.Error(context.newest()->place, "policy.image.newest",
                  "picks among marketplace images; imageReference must name publisher and offer");
  }
  const NodeMember* version = FindMemberAt(image, "version");
  if (version == nullptr || EqualFolded(version->value.text, "latest")) return;
  context.Error(version->place, path + ".version",
                "belongs to one SKU and does not go together with policy.image.newest; leave it "
                "out");
}

void CheckGallery(RuleContext& context, const Node& machine, const Node& image) {
  for (const std::string_view name : kGalleryIds) {
    const NodeMember* id = FindMemberAt(image, name);
    if (id == nullptr) continue;
    if (FoldCase(id->value.text).find("/microsoft.compute/images/") != std::string::npos) {
      context.Error(id->value.place, fmt::format("{}.imageReference.{}", kMachine, name),
                    "is a managed image, which the service refuses; put it into a Compute Gallery "
                    "and write /subscriptions/ID/resourceGroups/GROUP/providers/"
                    "Microsoft.Compute/galleries/GALLERY/images/IMAGE");
    }
    if (context.options().shared_key) {
      context.Error(id->place, fmt::format("{}.imageReference.{}", kMachine, name),
                    "an image of a gallery needs Entra ID, and this account signs in with its key: "
                    "auth of the configuration has clientSecret, clientCertificate, "
                    "workloadIdentity and managedIdentity");
    }
    if (machine.FindValue("nodeAgentSKUId") != nullptr) continue;
    context.Error(id->place, fmt::format("{}.nodeAgentSKUId", kMachine),
                  "must be written beside an image of a gallery: the service's list does not have "
                  "it");
  }
}

void CheckOperatingSystem(RuleContext& context, const Node& machine) {
  if (context.os() != OperatingSystem::kLinux) return;
  if (const NodeMember* windows = FindMemberAt(machine, "windowsConfiguration")) {
    context.Error(windows->place, fmt::format("{}.windowsConfiguration", kMachine),
                  "must be left out with a Linux image");
  }
  if (const NodeMember* licence = FindMemberAt(machine, "licenseType")) {
    context.Warning(licence->place, fmt::format("{}.licenseType", kMachine),
                    "has no effect with a Linux image");
  }
}

void CheckArtifact(RuleContext& context, const Node& machine, const Node& image) {
  const NodeMember* artifact = FindMemberAt(machine, "serviceArtifactReference");
  const Node* version = image.FindValue("version");
  if (artifact == nullptr || version == nullptr || IsText(version, "latest")) return;
  context.Warning(artifact->place, fmt::format("{}.serviceArtifactReference", kMachine),
                  fmt::format("has no effect beside the image version '{}': it pins what latest "
                              "means",
                              version->text));
}

}  // namespace

void CheckImageRules(RuleContext& context) {
  const Node* machine = FindPath(context.spec(), "virtualMachineConfiguration");
  if (machine == nullptr) return;
  CheckOperatingSystem(context, *machine);
  const Node* image = machine->FindValue("imageReference");
  if (image == nullptr || !image->IsMap()) return;
  CheckSku(context, *image);
  CheckGallery(context, *machine, *image);
  CheckArtifact(context, *machine, *image);
}

}  // namespace reconciler::spec
