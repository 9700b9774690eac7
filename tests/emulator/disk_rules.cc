#include "tests/emulator/disk_rules.h"

#include <set>
#include <string>

namespace emulator {

namespace {

using Broken = std::optional<ApiError>;

Broken CheckOwnKey(const Json& vm) {
  if (vm.At({"diskEncryptionConfiguration", "customerManagedKey"}) != nullptr) {
    // Only the management plane gives a pool an identity. Source: recorded traffic, 2025-06-01.
    return ApiError{"InvalidPropertyValue",
                    {{"PropertyName", "identity"},
                     {"PropertyValue", std::nullopt},
                     {"Reason", "Pool Identity is required when using CustomerManagedKey."}}};
  }
  return std::nullopt;
}

Broken CheckLuns(const Json::List& disks) {
  std::set<std::int64_t> luns;
  for (const Json& disk : disks) {
    const std::int64_t lun = *disk.Find("lun")->AsInteger();
    if (!luns.insert(lun).second) {
      return InvalidValue("lun", std::to_string(lun), "Each data disk needs a distinct lun");
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<ApiError> BrokenDiskRule(const Json& vm) {
  if (auto broken = CheckOwnKey(vm)) return broken;
  const Json* const disks = vm.Find("dataDisks");
  return disks == nullptr ? std::nullopt : CheckLuns(*disks->AsList());
}

}  // namespace emulator
