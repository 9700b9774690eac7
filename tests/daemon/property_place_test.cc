#include "daemon/property_place.h"

#include <doctest/doctest.h>

namespace reconciler::daemon {
namespace {

std::string PathOf(const std::string& path, std::string_view kind = "Pool") {
  const PropertyLookup lookup = FindProperty(kind, path);
  return lookup.found.empty() ? lookup.problem : lookup.found.front().path;
}

TEST_CASE("property place: a path counts from the document or its spec, brackets and case do not") {
  const std::string url = "spec.startTask.resourceFiles[].httpUrl";
  CHECK(PathOf(url) == url);
  CHECK(PathOf("startTask.resourceFiles.httpUrl") == url);
  CHECK(PathOf("STARTTASK.resourcefiles[3].HTTPURL") == url);
  CHECK(PathOf("policy.resize") == "policy.resize");
  CHECK(PathOf("resourceTags.team") == "spec.resourceTags.*");
  CHECK(PathOf("accounts.auth.sharedKey", "Config") == "accounts[].auth.sharedKey");
  CHECK(PathOf("").empty());
}

TEST_CASE("property place: metadata is that of the document and that of the service") {
  const PropertyLookup lookup = FindProperty("Pool", "metadata.name");
  REQUIRE(lookup.found.size() == 2);
  CHECK(lookup.found[0].path == "metadata.name");
  CHECK(lookup.found[1].path == "spec.metadata[].name");
}

TEST_CASE("property place: a miss says where, and names what is near or named so elsewhere") {
  CHECK(PathOf("startTask.resourceFile") ==
        "'resourceFile' is not a member of spec.startTask (did you mean "
        "'spec.startTask.resourceFiles'?)");
  CHECK(PathOf("polcy") == "'polcy' is not a member of Pool or its spec (did you mean 'policy'?)");
  CHECK(PathOf("vmSise.x") ==
        "'vmSise' is not a member of Pool or its spec (did you mean "
        "'spec.vmSize'?)");
  CHECK(PathOf("policy.x") == "'x' is not a member of policy");
  CHECK(PathOf("vmSize.x") == "'x' is not a member of spec.vmSize");
  CHECK(PathOf("ownr", "Config") == "'ownr' is not a member of Config (did you mean 'owner'?)");
  CHECK(FindProperty("Pool", "httpurl").named_so ==
        std::vector<std::string>{"spec.startTask.resourceFiles[].httpUrl"});
  CHECK(FindProperty("Pool", "startTask.x").reached == "spec.startTask");
}

TEST_CASE("property place: brackets and numbers stand behind lists, keys where items have one") {
  const std::string url = "spec.startTask.resourceFiles[].httpUrl";
  CHECK(PathOf("startTask.resourceFiles.0.httpUrl") == url);
  CHECK(PathOf("startTask.resourceFiles.0") == "spec.startTask.resourceFiles");
  CHECK(PathOf("userAccounts[render].password") == "spec.userAccounts[].password");
  CHECK(PathOf("metadata[team].value") == "spec.metadata[].value");
  CHECK(PathOf("vmSize[]") == "spec.vmSize is no list, so that '[]' has no place behind it");
  CHECK(PathOf("startTask[0].commandLine") ==
        "spec.startTask is no list, so that '[0]' has no place behind it");
  CHECK(PathOf("startTask.resourceFiles[x].httpUrl") ==
        "'[x]' names no item of spec.startTask.resourceFiles: items count from 0, and [] stands "
        "for any");
  CHECK(PathOf("startTask.resourceFiles[-1]") ==
        "'[-1]' names no item of spec.startTask.resourceFiles: items count from 0, and [] stands "
        "for any");
  CHECK(FindProperty("Pool", "vmSize[]").named_so == std::vector<std::string>{"spec.vmSize"});
}

TEST_CASE("property place: what is no path says so") {
  for (const std::string path : {"startTask.", ".spec", "startTask..commandLine", ".", "[0]"}) {
    CHECK(PathOf(path) ==
          "'" + path +
              "' is not a path: a name is missing; there is one before and behind each dot");
    CHECK(FindProperty("Pool", path).named_so.empty());
  }
  for (const std::string path : {"userAccounts[0", "userAccounts[0]x", "userAccounts[[0]]"}) {
    CHECK(PathOf(path) ==
          "'" + path + "' is not a path: each '[' is closed by ']' at the end of a name");
  }
}

TEST_CASE("property place: what is known not to be a member has its own answer") {
  CHECK(PathOf("maxTasksPerNode") ==
        "unknown key 'maxTasksPerNode'; the service calls it taskSlotsPerNode now");
  CHECK(PathOf("spec.currentDedicatedNodes") ==
        "spec.currentDedicatedNodes: is told by the service and cannot be written; leave it out");
  CHECK(PathOf("virtualMachineConfiguration.imageReference.exactVersion") ==
        "spec.virtualMachineConfiguration.imageReference.exactVersion: is told by the service and "
        "cannot be written; leave it out");
  CHECK(PathOf("exactVersion") ==
        "spec.virtualMachineConfiguration.imageReference.exactVersion: is told by the service and "
        "cannot be written; leave it out");
}

TEST_CASE("property place: a member has the narrower of its own versions and those above") {
  const auto place = [](const std::string& path) {
    return FindProperty("Pool", "virtualMachineConfiguration." + path).found.front();
  };
  CHECK(place("diskEncryptionConfiguration.customerManagedKey.keyUrl").since == "2025-06-01");
  CHECK(place("osDisk.managedDisk.securityProfile").since == "2024-07-01.20.0");
  CHECK(place("osDisk.managedDisk.storageAccountType").since == "2023-11-01.18.0");
  CHECK(place("dataDisks.storageAccountType").until == "2024-07-01.20.0");
  CHECK(FindProperty("Pool", "certificateReferences.storeName").found.front().until ==
        "2024-07-01.20.0");
}

}  // namespace
}  // namespace reconciler::daemon
