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
