// Examples are made from the table, and are legal.
#include "daemon/property_example.h"

#include <doctest/doctest.h>

#include <set>

#include "reconciler/spec/assemble.h"
#include "reconciler/spec/yaml_text.h"

namespace reconciler::daemon {
namespace {

void AddIfAbsent(Object& members, const std::string& name, Value value) {
  const Value* found = Value(members).Find(name);
  if (found == nullptr) members.push_back({name, std::move(value)});
}

/// A document around the example, with what every pool needs.
std::string DocumentAround(Value example) {
  Object document{{"apiVersion", "poolkeeper/v1"}, {"kind", "Pool"}};
  for (Member& member : example.AsObject()) {
    if (member.name != "apiVersion" && member.name != "kind") document.push_back(std::move(member));
  }
  AddIfAbsent(document, "metadata", Object{{"name", "p"}});
  AddIfAbsent(document, "spec", Object{});
  for (Member& member : document) {
    if (member.name != "spec") continue;
    AddIfAbsent(member.value.AsObject(), "vmSize", "standard_d8s_v3");
    AddIfAbsent(member.value.AsObject(), "virtualMachineConfiguration",
                ExampleOf(*PoolPropertyTable().FindTopLevel("virtualMachineConfiguration")));
  }
  return spec::WriteYaml(document, PoolPropertyTable().Root());
}

/// Their examples would have to show another image, or members far away.
const std::set<std::string> kNeedMore{
    "spec.virtualMachineConfiguration.imageReference.virtualMachineImageId",
    "spec.virtualMachineConfiguration.imageReference.sharedGalleryImageId",
    "spec.virtualMachineConfiguration.imageReference.communityGalleryImageId",
    "spec.virtualMachineConfiguration.windowsConfiguration",
    "spec.virtualMachineConfiguration.windowsConfiguration.enableAutomaticUpdates",
    "spec.virtualMachineConfiguration.dataDisks[].managedDisk.securityProfile",
    "spec.virtualMachineConfiguration.dataDisks[].managedDisk.securityProfile."
    "securityEncryptionType",
    "spec.virtualMachineConfiguration.licenseType",
    "spec.virtualMachineConfiguration.extensions[].provisionAfterExtensions",
    "spec.virtualMachineConfiguration.osDisk.managedDisk.securityProfile",
    "spec.virtualMachineConfiguration.osDisk.managedDisk.securityProfile.securityEncryptionType",
    "spec.enableAutoScale",
    "spec.autoScaleFormula",
    "spec.autoScaleEvaluationInterval",
    "spec.userAccounts[].linuxUserConfiguration.sshPrivateKey",
    "spec.userAccounts[].windowsUserConfiguration",
    "spec.userAccounts[].windowsUserConfiguration.loginMode",
    "spec.upgradePolicy.rollingUpgradePolicy.enableCrossZoneUpgrade",
    "spec.certificateReferences[].storeLocation",
    "spec.certificateReferences[].storeName",
    "policy.image.newest",
    "policy.image.newest.skuPattern"};

TEST_CASE("example: that of each member, within what it needs, is a valid document") {
  std::set<std::string> lacking;
  for (const PropertyPlace& place : AllBelow(DocumentPlace("Pool"))) {
    if (place.path.empty() || place.path == "spec") continue;
    spec::LoadOptions options{{"contoso"}};
    options.api_version_of = [&place](std::string_view) {
      return place.until.empty() ? std::string("2025-06-01") : place.until;
    };
    options.uses_shared_key = [](std::string_view) { return false; };
    const std::string text = DocumentAround(ExampleInContext("Pool", place));
    for (const Finding& finding : spec::ValidateFiles({{"a.yaml", text}}, options)) {
      lacking.insert(place.path);
      CHECK_MESSAGE(kNeedMore.count(place.path) == 1, place.path, "\n", FormatFinding(finding));
    }
  }
  for (const std::string& path : kNeedMore) CHECK_MESSAGE(lacking.count(path) == 1, path);
}

TEST_CASE("example: no text of a spec is without one of its own") {
  for (const PropertyPlace& place : AllBelow(DocumentPlace("Pool"))) {
    if (!place.in_spec || place.row->type != ValueType::kString) continue;
    if (place.row->secret == SecretUse::kAlways || place.row->name == "*") continue;
    CHECK_MESSAGE(ExampleOf(*place.row) != Value("text"), place.path);
  }
}

TEST_CASE("example: what a member needs stands beside it") {
  const PropertyPlace place = FindProperty("Pool", "startTask.resourceFiles.httpUrl").found.front();
  CHECK(ExampleYaml("Pool", place) ==
        "spec:\n"
        "  startTask:\n"
        "    commandLine: /bin/bash -c 'apt-get update'\n"
        "    resourceFiles:\n"
        "      - filePath: setup.sh\n"
        "        httpUrl: https://contoso.blob.core.windows.net/tools/setup.sh\n");
}

}  // namespace
}  // namespace reconciler::daemon
