#include "reconciler/plan/packages.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"

namespace reconciler::plan {
namespace {

const std::vector<Application> kApplications{{"blender", {"4.1", "4.2"}}, {"Tools", {}}};

/// "PATH: message" of each, a line each.
std::string Missing(const std::string& references) {
  const Value body = ParseJson(R"({"applicationPackageReferences":)" + references + "}").value();
  std::string lines;
  for (const MissingPackage& missing : MissingPackages(body, "demo", kApplications)) {
    lines += missing.path + ": " + missing.message + "\n";
  }
  return lines;
}

TEST_CASE("packages: what the account has is found, without case") {
  CHECK(Missing(R"([{"applicationId":"blender","version":"4.2"},{"applicationId":"Blender"}])") ==
        "");
  CHECK(Missing(R"([{"applicationId":"tools","version":"7"}])") == "");
  CHECK(Missing("[]") == "");
  CHECK(MissingPackages(Value(Object{}), "demo", kApplications).empty());
}

TEST_CASE("packages: an application or version that is not there is named with what is") {
  CHECK(Missing(R"([{"applicationId":"tools"},{"applicationId":"blendr"}])") ==
        "applicationPackageReferences[1].applicationId: application 'blendr' has no package in "
        "account 'demo' (did you mean 'blender'?)\n");
  CHECK(Missing(R"([{"applicationId":"maya"}])") ==
        "applicationPackageReferences[0].applicationId: application 'maya' has no package in "
        "account 'demo'\n");
  CHECK(Missing(R"([{"applicationId":"blender","version":"4.3"}])") ==
        "applicationPackageReferences[0].version: application 'blender' has no version '4.3'; it "
        "has 4.1, 4.2\n");
}

TEST_CASE("packages: an ARM id is of this account, or says nothing") {
  const std::string before = R"([{"applicationId":"/subscriptions/s/resourceGroups/r/providers/)";
  CHECK(Missing(before + R"(Microsoft.Batch/batchAccounts/DEMO/applications/maya"}])") ==
        "applicationPackageReferences[0].applicationId: application 'maya' has no package in "
        "account 'demo'\n");
  CHECK(Missing(before + R"(Microsoft.Batch/batchAccounts/demo/applications/blender"}])") == "");
  CHECK(Missing(before + R"(Microsoft.Batch/batchAccounts/other/applications/maya"}])") == "");
}

}  // namespace
}  // namespace reconciler::plan
