#include "tests/emulator/disk_rules.h"

#include <set>
#include <string>

#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

using Broken = std::optional<ApiError>;

/// `https://VAULT/keys/NAME/VERSION`. Source: Batch REST, DiskCustomerManagedKey.keyUrl.
bool HasVersion(const std::string& key_url) {
  constexpr std::string_view kKeys = "/keys/";
  const auto keys = Lower(key_url).find(kKeys);
  if (keys == std::string::npos) return false;
  const auto name = keys + kKeys.size();
  const auto slash = key_url.find('/', name);
  return slash != std::string::npos && slash > name && slash + 1 < key_url.size();
}

/// Source: Batch REST, DiskEncryptionConfiguration.
Broken CheckGallery(const Json& vm, bool windows) {
  const bool gallery = vm.At({"imageReference", "virtualMachineImageId"}) != nullptr;
  if (windows || !gallery || vm.Find("diskEncryptionConfiguration") == nullptr) return std::nullopt;
  return ApiError{
      "InvalidPropertyValue",
      {{"PropertyName", "diskEncryptionConfiguration"},
       {"Reason", "The property is not supported for Linux with an image of a gallery"}}};
}

Broken CheckOwnKey(const Json& vm) {
  const Json* const key = vm.At({"diskEncryptionConfiguration", "customerManagedKey"});
  if (key == nullptr) return std::nullopt;
  if (const std::string url = key->Text("keyUrl"); !url.empty() && !HasVersion(url)) {
    return InvalidValue("keyUrl", url, "The version of the key must be given");
  }
  // Only the management plane gives a pool an identity. Source: recorded traffic, 2025-06-01.
  return ApiError{"InvalidPropertyValue",
                  {{"PropertyName", "identity"},
                   {"PropertyValue", std::nullopt},
                   {"Reason", "Pool Identity is required when using CustomerManagedKey."}}};
}

/// `securityEncryptionType` of a disk, or an empty text.
std::string EncryptionOf(const Json* disk) {
  const Json* const profile =
      disk == nullptr ? nullptr : disk->At({"managedDisk", "securityProfile"});
  return profile == nullptr ? std::string{} : profile->Text("securityEncryptionType");
}

ApiError WrongEncryption(std::string value, std::string reason) {
  return InvalidValue("securityEncryptionType", std::move(value), std::move(reason));
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

/// Source: Batch REST, VMDiskSecurityProfile and SecurityEncryptionTypes. That the demand is about
/// the disk of the system alone is inferred.
Broken CheckEncryption(const Json& vm, const Json::List& data_disks) {
  const Json* const security = vm.Find("securityProfile");
  const bool confidential =
      security != nullptr && security->Text("securityType") == "confidentialvm";
  const std::string system = EncryptionOf(vm.Find("osDisk"));
  if (confidential && system.empty()) return MissingProperty("securityEncryptionType");
  constexpr const char* kOnly = "The property is for confidential VMs only";
  if (!confidential && !system.empty()) return WrongEncryption(system, kOnly);
  for (const Json& disk : data_disks) {
    const std::string type = EncryptionOf(&disk);
    if (!confidential && !type.empty()) return WrongEncryption(type, kOnly);
    if (type == "DiskWithVMGuestState") {
      return WrongEncryption(type, "The value is not supported for data disks");
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<ApiError> BrokenDiskRule(const Json& vm, bool windows) {
  if (auto broken = CheckGallery(vm, windows)) return broken;
  if (auto broken = CheckOwnKey(vm)) return broken;
  const Json* const sent = vm.Find("dataDisks");
  const Json::List data_disks = sent == nullptr ? Json::List{} : *sent->AsList();
  if (auto broken = CheckLuns(data_disks)) return broken;
  return CheckEncryption(vm, data_disks);
}

}  // namespace emulator
