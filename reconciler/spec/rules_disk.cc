// Rules on disks, their encryption and the security of the machine.
#include <fmt/format.h>

#include <algorithm>

#include "reconciler/core/text.h"
#include "reconciler/spec/rule_context.h"
#include "reconciler/spec/validate.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kMachine = "spec.virtualMachineConfiguration";
constexpr std::string_view kEncryptionType = "managedDisk.securityProfile.securityEncryptionType";

void CheckSecurityType(RuleContext& context, const Node& machine) {
  const NodeMember* uefi = FindMemberAt(machine, "securityProfile.uefiSettings");
  if (uefi == nullptr || FindPath(machine, "securityProfile.securityType") != nullptr) return;
  context.Error(uefi->place, fmt::format("{}.securityProfile.uefiSettings", kMachine),
                "needs a securityType");
}

void CheckConfidentialDisk(RuleContext& context, const Node& disk, const std::string& path,
                           bool confidential) {
  const NodeMember* type = FindMemberAt(disk, kEncryptionType);
  if (type == nullptr || confidential) return;
  context.Error(type->place, fmt::format("{}.{}", path, kEncryptionType),
                "goes only with securityProfile.securityType: confidentialvm");
}

/// Encryption of confidential machines: needed there, on the OS disk, and nowhere else.
void CheckConfidential(RuleContext& context, const Node& machine) {
  const NodeMember* type = FindMemberAt(machine, "securityProfile.securityType");
  const bool confidential = type != nullptr && IsText(&type->value, "confidentialvm");
  const std::string os_disk = fmt::format("{}.osDisk", kMachine);
  const Node* disk = machine.FindValue("osDisk");
  if (disk != nullptr) CheckConfidentialDisk(context, *disk, os_disk, confidential);
  if (confidential && (disk == nullptr || FindPath(*disk, kEncryptionType) == nullptr)) {
    context.Error(type->place, fmt::format("{}.securityProfile.securityType", kMachine),
                  fmt::format("confidentialvm needs osDisk.{}", kEncryptionType));
  }
  const std::vector<Node>& data_disks = ItemsOf(machine.FindValue("dataDisks"));
  for (std::size_t i = 0; i < data_disks.size(); ++i) {
    const std::string path = fmt::format("{}.dataDisks[{}]", kMachine, i);
    CheckConfidentialDisk(context, data_disks[i], path, confidential);
    const NodeMember* encryption = FindMemberAt(data_disks[i], kEncryptionType);
    if (encryption == nullptr || !IsText(&encryption->value, "DiskWithVMGuestState")) continue;
    context.Error(encryption->value.place, fmt::format("{}.{}", path, kEncryptionType),
                  "DiskWithVMGuestState is for the OS disk only; data disks take "
                  "NonPersistedTPM or VMGuestStateOnly");
  }
}

/// "https://VAULT/keys/NAME/VERSION"
bool HasKeyVersion(std::string_view url) {
  const std::size_t keys = FoldCase(url).find("/keys/");
  if (keys == std::string::npos) return true;  // not a form that this knows
  const auto parts = SplitText(url.substr(keys + 6), '/');
  return parts.size() >= 2 && !parts[1].empty();
}

void CheckOwnKey(RuleContext& context, const Node& encryption) {
  const NodeMember* key = FindMemberAt(encryption, "customerManagedKey");
  if (key == nullptr) return;
  const std::string path =
      fmt::format("{}.diskEncryptionConfiguration.customerManagedKey", kMachine);
  const std::vector<Node>& targets = ItemsOf(encryption.FindValue("targets"));
  const auto is_os_disk = [](const Node& target) { return IsText(&target, "osdisk"); };
  if (std::none_of(targets.begin(), targets.end(), is_os_disk)) {
    context.Error(key->place, path, "needs osdisk among the targets");
  }
  if (key->value.FindValue("identityReference") == nullptr) {
    context.Warning(key->place, path,
                    "the service wants an identity of the pool that may read the key: write "
                    "identityReference");
  }
  const Node* url = key->value.FindValue("keyUrl");
  if (url == nullptr || !url->IsString() || HasKeyVersion(url->text)) return;
  context.Error(url->place, path + ".keyUrl",
                fmt::format("{} lacks the version of the key, which must be there even with "
                            "rotation on: https://VAULT/keys/NAME/VERSION",
                            ShowValue(*url)));
}

void CheckEncryption(RuleContext& context, const Node& machine) {
  const NodeMember* encryption = FindMemberAt(machine, "diskEncryptionConfiguration");
  if (encryption == nullptr) return;
  const bool gallery = FindPath(machine, "imageReference.virtualMachineImageId") != nullptr;
  if (gallery && context.os() == OperatingSystem::kLinux) {
    context.Error(encryption->place, fmt::format("{}.diskEncryptionConfiguration", kMachine),
                  "is not supported on Linux nodes with an image of a gallery");
  }
  CheckOwnKey(context, encryption->value);
}

/// The host's endpoints: a mode that enforces, or a profile.
void CheckProxyAgent(RuleContext& context, const Node& machine) {
  for (const std::string_view endpoint : {"imds", "wireServer"}) {
    const std::string path = fmt::format("securityProfile.proxyAgentSettings.{}", endpoint);
    const Node* settings = FindPath(machine, path);
    if (settings == nullptr || !IsText(settings->FindValue("mode"), "Enforce")) continue;
    const NodeMember* profile = FindMemberAt(*settings, "inVMAccessControlProfileReferenceId");
    if (profile == nullptr) continue;
    context.Error(profile->place,
                  fmt::format("{}.{}.inVMAccessControlProfileReferenceId", kMachine, path),
                  "does not go together with mode: Enforce; leave one out");
  }
}

void CheckEphemeral(RuleContext& context, const Node& machine) {
  if (FindPath(machine, "osDisk.ephemeralOSDiskSettings.placement") == nullptr) return;
  const NodeMember* caching = FindMemberAt(machine, "osDisk.caching");
  if (caching == nullptr || !IsText(&caching->value, "readwrite")) return;
  // The service's own examples have both.
  context.Warning(caching->value.place, fmt::format("{}.osDisk.caching", kMachine),
                  "readwrite hardly goes together with an ephemeral OS disk, which is cached "
                  "readonly");
}

}  // namespace

void CheckDiskRules(RuleContext& context) {
  const Node* machine = FindPath(context.spec(), "virtualMachineConfiguration");
  if (machine == nullptr) return;
  CheckSecurityType(context, *machine);
  CheckConfidential(context, *machine);
  CheckEncryption(context, *machine);
  CheckProxyAgent(context, *machine);
  CheckEphemeral(context, *machine);
}

}  // namespace reconciler::spec
