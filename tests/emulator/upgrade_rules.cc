#include "tests/emulator/upgrade_rules.h"

namespace emulator {

namespace {

using Broken = std::optional<ApiError>;

bool IsTrue(const Json* value) { return value != nullptr && *value->AsBool(); }

Broken CheckShares(const Json& rolling) {
  const std::int64_t batch = *rolling.Find("maxBatchInstancePercent")->AsInteger();
  const std::int64_t unhealthy = *rolling.Find("maxUnhealthyInstancePercent")->AsInteger();
  if (batch <= unhealthy) return std::nullopt;
  return InvalidValue("maxBatchInstancePercent", std::to_string(batch),
                      "The value must not exceed maxUnhealthyInstancePercent");
}

/// The text demands zones even for false, which the service fills in by itself.
/// Source: Batch REST, RollingUpgradePolicy.enableCrossZoneUpgrade.
Broken CheckZones(const Json& pool, const Json& rolling) {
  if (!IsTrue(rolling.Find("enableCrossZoneUpgrade"))) return std::nullopt;
  const Json* const placement =
      pool.At({"virtualMachineConfiguration", "nodePlacementConfiguration"});
  if (placement != nullptr && placement->Text("policy") == "Zonal") return std::nullopt;
  return InvalidValue("enableCrossZoneUpgrade", "true",
                      "The property needs nodePlacementConfiguration with the policy Zonal");
}

/// On Windows, which alone has enableAutomaticUpdates. Whether its default counts is left open, so
/// that here it does not.
/// Source: Batch REST, AutomaticOSUpgradePolicy.enableAutomaticOSUpgrade.
Broken CheckTwofold(const Json& pool, const Json& policy) {
  const Json* const updates =
      pool.At({"virtualMachineConfiguration", "windowsConfiguration", "enableAutomaticUpdates"});
  const Json* const upgrade = policy.At({"automaticOSUpgradePolicy", "enableAutomaticOSUpgrade"});
  if (!IsTrue(updates) || !IsTrue(upgrade)) return std::nullopt;
  return InvalidValue("enableAutomaticOSUpgrade", "true",
                      "The property excludes enableAutomaticUpdates of windowsConfiguration");
}

}  // namespace

std::optional<ApiError> BrokenUpgradeRule(const Json& pool) {
  const Json* const policy = pool.Find("upgradePolicy");
  if (policy == nullptr) return std::nullopt;
  if (const Json* const rolling = policy->Find("rollingUpgradePolicy")) {
    if (auto broken = CheckShares(*rolling)) return broken;
    if (auto broken = CheckZones(pool, *rolling)) return broken;
  }
  return CheckTwofold(pool, *policy);
}

}  // namespace emulator
