#include "tests/drift/spec_rules.h"

#include <algorithm>
#include <set>
#include <string>

#include "reconciler/core/text.h"
#include "tests/drift/spec_texts.h"

namespace drift {
namespace {

using reconciler::Array;
using reconciler::EqualFolded;
using reconciler::Object;
using reconciler::SeededRandom;
using reconciler::Value;

/// The member at the end of a dotted path; nullptr if absent or null.
Value* At(Value& value, std::string_view dotted) {
  Value* found = &value;
  for (const std::string_view name : reconciler::SplitText(dotted, '.')) {
    found = found->Find(name);
    if (found == nullptr || found->IsNull()) return nullptr;
  }
  return found;
}

bool Is(Value& value, std::string_view dotted, std::string_view text) {
  const Value* found = At(value, dotted);
  return found != nullptr && found->IsString() && EqualFolded(found->AsString(), text);
}

Array* ItemsAt(Value& value, std::string_view dotted) {
  Value* found = At(value, dotted);
  return found != nullptr && found->IsArray() ? &found->AsArray() : nullptr;
}

/// Items whose member `name` came before are left out; case counts nowhere, to be safe.
void KeepUnique(Array* items, std::string_view name) {
  if (items == nullptr) return;
  std::set<std::string> seen;
  std::erase_if(*items, [&](const Value& item) {
    const Value* key = name.empty() ? &item : item.Find(name);
    if (key == nullptr) return false;
    const std::string text = key->IsString() ? key->AsString() : std::to_string(key->AsInt());
    return !seen.insert(reconciler::FoldCase(text)).second;
  });
}

struct ImageChoice {
  const char* publisher;
  const char* offer;
  const char* sku;
  const char* agent;
};
constexpr ImageChoice kLinux[] = {
    {"canonical", "0001-com-ubuntu-server-jammy", "22_04-lts", "batch.node.ubuntu 22.04"},
    {"canonical", "ubuntuserver", "18.04-lts", "batch.node.ubuntu 18.04"},
    {"almalinux", "almalinux-x86_64", "9-gen2", "batch.node.el 9"}};
constexpr ImageChoice kContainers = {"microsoft-azure-batch", "centos-container", "7-8",
                                     "batch.node.centos 7"};
constexpr ImageChoice kWindows = {"microsoftwindowsserver", "windowsserver", "2019-datacenter",
                                  "batch.node.windows amd64"};

const ImageChoice& ImageFor(SeededRandom& random, const Value& machine, bool windows) {
  if (windows) return kWindows;
  const bool containers = machine.Find("containerConfiguration") != nullptr;
  return containers ? kContainers : OneOf(random, kLinux);
}

void KeepImage(SeededRandom& random, Value& machine, bool windows) {
  if (windows) machine.Erase("containerConfiguration");  // no such image is supported any more
  const ImageChoice& choice = ImageFor(random, machine, windows);
  Value& image = *At(machine, "imageReference");
  if (image.Find("publisher") != nullptr) {
    image.Set("publisher", AnyCase(random, choice.publisher));
    image.Set("offer", AnyCase(random, choice.offer));
    image.Set("sku", AnyCase(random, choice.sku));
    if (image.Find("version") != nullptr && Chance(random, 50)) image.Set("version", "latest");
    if (Chance(random, 50)) {
      machine.Erase("nodeAgentSKUId");
      return;
    }
  }
  machine.Set("nodeAgentSKUId", AnyCase(random, choice.agent));
}

constexpr std::string_view kEncryption = "managedDisk.securityProfile";

void KeepSecurity(SeededRandom& random, std::string_view api_version, Value& machine) {
  const bool confidential = Is(machine, "securityProfile.securityType", "confidentialvm");
  if (Value* managed = At(machine, "osDisk.managedDisk")) managed->Erase("securityProfile");
  if (Array* disks = ItemsAt(machine, "dataDisks")) {
    for (Value& disk : *disks) {
      if (Value* managed = At(disk, "managedDisk"); managed != nullptr && !confidential) {
        managed->Erase("securityProfile");
      }
      if (Is(disk, "managedDisk.securityProfile.securityEncryptionType", "DiskWithVMGuestState")) {
        At(disk, kEncryption)->Set("securityEncryptionType", "NonPersistedTPM");
      }
    }
  }
  if (confidential) {
    if (At(machine, "osDisk") == nullptr) machine.Set("osDisk", Object{});
    Value& disk = *At(machine, "osDisk");
    if (At(disk, "managedDisk") == nullptr) disk.Set("managedDisk", Object{});
    const bool old = api_version < "2025" || Chance(random, 50);
    At(disk, "managedDisk")
        ->Set("securityProfile", Object{{"securityEncryptionType",
                                         old ? "VMGuestStateOnly" : "DiskWithVMGuestState"}});
  }
  if (At(machine, "securityProfile.securityType") == nullptr) {
    if (Value* profile = At(machine, "securityProfile")) profile->Erase("uefiSettings");
  }
  for (const char* endpoint : {"imds", "wireServer"}) {
    const std::string path = std::string("securityProfile.proxyAgentSettings.") + endpoint;
    if (Is(machine, path + ".mode", "Enforce")) {
      At(machine, path)->Erase("inVMAccessControlProfileReferenceId");
    }
  }
}

void KeepMachine(SeededRandom& random, std::string_view api_version, Value& spec, bool windows) {
  Value& machine = *At(spec, "virtualMachineConfiguration");
  KeepImage(random, machine, windows);
  KeepSecurity(random, api_version, machine);
  if (!windows) machine.Erase("windowsConfiguration");
  if (At(machine, "osDisk.ephemeralOSDiskSettings.placement") != nullptr &&
      Is(machine, "osDisk.caching", "readwrite")) {
    At(machine, "osDisk")->Set("caching", "ReadOnly");
  }
  KeepUnique(ItemsAt(machine, "dataDisks"), "lun");
  KeepUnique(ItemsAt(machine, "diskEncryptionConfiguration.targets"), "");
  if (At(machine, "imageReference.virtualMachineImageId") != nullptr) {
    machine.Erase("diskEncryptionConfiguration");
  }
  if (Array* extensions = ItemsAt(machine, "extensions")) {
    KeepUnique(extensions, "name");
    for (std::size_t i = 0; i < extensions->size(); ++i) {
      Value& extension = (*extensions)[i];
      if (extension.Find("provisionAfterExtensions") == nullptr) continue;
      Array before;
      if (i > 0) before.push_back(*(*extensions)[i - 1].Find("name"));
      extension.Set("provisionAfterExtensions", before);
    }
  }
}

void KeepScale(SeededRandom& random, Value& spec) {
  const Value* enabled = At(spec, "enableAutoScale");
  if (enabled != nullptr && enabled->AsBool()) {
    spec.Set("autoScaleFormula", std::string("$TargetDedicatedNodes = ") +
                                     std::to_string(random.Below(3)) + ";" +
                                     (Chance(random, 50) ? "\n" : "  \r\n"));
    for (const char* name : {"targetDedicatedNodes", "targetLowPriorityNodes"}) spec.Erase(name);
    return;
  }
  spec.Erase("autoScaleFormula");
  spec.Erase("autoScaleEvaluationInterval");
  for (const char* name : {"targetDedicatedNodes", "targetLowPriorityNodes"}) {
    if (At(spec, name) != nullptr) spec.Set(name, static_cast<int>(random.Below(3)));
  }
}

void KeepNatPools(SeededRandom& random, Array& pools) {
  KeepUnique(&pools, "name");
  int number = 0;
  std::int64_t priority = 150;
  for (Value& pool : pools) {
    const int first = 1'000 * ++number;
    pool.Set("backendPort", 22 + number);
    pool.Set("frontendPortRangeStart", first);
    pool.Set("frontendPortRangeEnd", first + 39 + static_cast<int>(random.Below(900)));
    Array* rules = ItemsAt(pool, "networkSecurityGroupRules");
    if (rules == nullptr) continue;
    for (Value& rule : *rules) {
      constexpr const char* kPrefixes[] = {"*", "10.0.0.0/8", "Internet", "2001:db8::/32"};
      priority += 1 + static_cast<std::int64_t>(random.Below(5));
      rule.Set("priority", priority);
      rule.Set("sourceAddressPrefix", OneOf(random, kPrefixes));
      if (rule.Find("sourcePortRanges") == nullptr) continue;
      const Array ranges[] = {{"*"}, {"1000-2000", "80"}, {"0-65535"}, {"22"}};
      rule.Set("sourcePortRanges", OneOf(random, ranges));
    }
    if (Chance(random, 30)) std::reverse(rules->begin(), rules->end());
  }
}

void KeepNetwork(SeededRandom& random, Value& spec) {
  Value* network = At(spec, "networkConfiguration");
  if (network == nullptr) return;
  if (Array* pools = ItemsAt(*network, "endpointConfiguration.inboundNATPools")) {
    KeepNatPools(random, *pools);
  }
  Value* addresses = At(*network, "publicIPAddressConfiguration");
  if (addresses == nullptr) return;
  if (!Is(*addresses, "provision", "usermanaged")) addresses->Erase("ipAddressIds");
  if (Is(*addresses, "provision", "usermanaged")) {
    addresses->Set("ipAddressIds",
                   Array{"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/"
                         "publicIPAddresses/one",
                         "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/"
                         "publicIPAddresses/two"});
  }
  if (Array* families = ItemsAt(*addresses, "ipFamilies"); families && !families->empty()) {
    *families = Chance(random, 50) ? Array{"IPv4"} : Array{"IPv6", "IPv4"};
  }
  // Last: what stands behind an erased member moves.
  if (Is(*addresses, "provision", "nopublicipaddresses")) network->Erase("endpointConfiguration");
}

void KeepUpgrade(Value& spec, bool windows) {
  Value* policy = At(spec, "upgradePolicy");
  if (policy == nullptr) return;
  if (Value* rolling = At(*policy, "rollingUpgradePolicy")) {
    if (rolling->Find("maxBatchInstancePercent") || rolling->Find("maxUnhealthyInstancePercent")) {
      rolling->Set("maxBatchInstancePercent", 10);
      rolling->Set("maxUnhealthyInstancePercent", 30);
    }
    if (!Is(spec, "virtualMachineConfiguration.nodePlacementConfiguration.policy", "zonal")) {
      rolling->Erase("enableCrossZoneUpgrade");
    }
  }
  if (!windows) return;
  if (Value* automatic = At(*policy, "automaticOSUpgradePolicy")) {
    automatic->Set("enableAutomaticOSUpgrade", false);
  }
}

void KeepUsers(Value& spec, bool windows) {
  Array* users = ItemsAt(spec, "userAccounts");
  KeepUnique(users, "name");
  if (users == nullptr) return;
  for (Value& user : *users) {
    user.Erase(windows ? "linuxUserConfiguration" : "windowsUserConfiguration");
    Value* linux_user = At(user, "linuxUserConfiguration");
    if (linux_user == nullptr) continue;
    if (linux_user->Find("uid") || linux_user->Find("gid")) {
      linux_user->Set("uid", 1'000);
      linux_user->Set("gid", 1'001);
    }
  }
}

}  // namespace

void KeepRules(SeededRandom& random, std::string_view api_version, Value& spec) {
  constexpr const char* kSizes[] = {"standard_d2s_v3", "Standard_D4_v2", "STANDARD_E8S_V5"};
  const bool windows = Chance(random, 20);
  spec.Set("vmSize", OneOf(random, kSizes));
  if (Value* slots = At(spec, "taskSlotsPerNode")) {
    *slots = 1 + static_cast<int>(random.Below(8));
  }
  KeepMachine(random, api_version, spec, windows);
  KeepScale(random, spec);
  KeepNetwork(random, spec);
  KeepUpgrade(spec, windows);
  KeepUsers(spec, windows);
  KeepUnique(ItemsAt(spec, "metadata"), "name");
  KeepUnique(ItemsAt(spec, "startTask.environmentSettings"), "name");
  KeepUnique(ItemsAt(spec, "startTask.containerSettings.containerHostBatchBindMounts"), "source");
  KeepUnique(ItemsAt(spec, "mountConfiguration"), "relativeMountPath");
}

}  // namespace drift
