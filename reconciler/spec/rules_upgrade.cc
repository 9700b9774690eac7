// Rules on upgrades of the nodes' operating system.
#include <fmt/format.h>

#include "reconciler/spec/rule_context.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kPolicy = "upgradePolicy";

/// Windows updates itself unless it is told not to.
void CheckWindows(RuleContext& context) {
  const std::string path = "upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade";
  const NodeMember* upgrade = FindMemberAt(context.spec(), path);
  if (upgrade == nullptr || !IsTrue(&upgrade->value)) return;
  if (context.os() != OperatingSystem::kWindows) return;
  const Node* updates = FindPath(
      context.spec(), "virtualMachineConfiguration.windowsConfiguration.enableAutomaticUpdates");
  const std::string_view where =
      "virtualMachineConfiguration.windowsConfiguration.enableAutomaticUpdates";
  if (updates == nullptr) {
    context.Warning(
        upgrade->place, "spec." + path,
        fmt::format("true may be refused unless {} is false: its default is true", where));
  } else if (IsTrue(updates)) {
    context.Error(upgrade->place, "spec." + path,
                  fmt::format("does not go together with {}: true", where));
  }
}

void CheckPercentages(RuleContext& context, const Node& rolling) {
  const Node* batch = rolling.FindValue("maxBatchInstancePercent");
  const Node* unhealthy = rolling.FindValue("maxUnhealthyInstancePercent");
  if (!IsInteger(batch) || !IsInteger(unhealthy) || batch->integer <= unhealthy->integer) return;
  context.Error(
      batch->place, "spec.upgradePolicy.rollingUpgradePolicy.maxBatchInstancePercent",
      fmt::format("{} is above maxUnhealthyInstancePercent, {}", batch->text, unhealthy->text));
}

void CheckZones(RuleContext& context, const Node& rolling) {
  const NodeMember* cross = FindMemberAt(rolling, "enableCrossZoneUpgrade");
  if (cross == nullptr) return;
  const Node* placement =
      FindPath(context.spec(), "virtualMachineConfiguration.nodePlacementConfiguration.policy");
  if (IsText(placement, "zonal")) return;
  const std::string path = "spec.upgradePolicy.rollingUpgradePolicy.enableCrossZoneUpgrade";
  const std::string_view text =
      "goes only with virtualMachineConfiguration.nodePlacementConfiguration.policy: zonal";
  // The service fills in false by itself.
  if (IsTrue(&cross->value))
    context.Error(cross->place, path, text);
  else
    context.Warning(cross->place, path, text);
}

}  // namespace

void CheckUpgradeRules(RuleContext& context) {
  CheckWindows(context);
  const Node* rolling = FindPath(context.spec(), fmt::format("{}.rollingUpgradePolicy", kPolicy));
  if (rolling == nullptr) return;
  CheckPercentages(context, *rolling);
  CheckZones(context, *rolling);
}

}  // namespace reconciler::spec
