#include "reconciler/spec/validate.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "reconciler/spec/assemble.h"
#include "tests/spec/world.h"

namespace reconciler::spec {
namespace {

std::string Check(const std::string& more, const std::string& api_version = "2025-06-01") {
  LoadOptions options{{"contoso"}};
  options.api_version_of = [&](std::string_view) { return api_version; };
  const std::string text = PoolText("p", more);
  return TextOf(ValidateFiles({{"a.yaml", text}}, options));
}

TEST_CASE("validate: every kind of member may be written") {
  CHECK(Check("    nodeAgentSKUId: batch.node.ubuntu 22.04\n"
              "    dataDisks: [{lun: 0, diskSizeGB: 10, caching: READWRITE}]\n"
              "    extensions:\n"
              "      - name: e\n"
              "        publisher: x\n"
              "        type: t\n"
              "        settings: {any: {thing: [1, two]}}\n"
              "        protectedSettings: {secretRef: s}\n"
              "  targetDedicatedNodes: 0\n"
              "  resizeTimeout: PT15M\n"
              "  startTask:\n"
              "    commandLine: |\n"
              "      echo 1\n"
              "    environmentSettings:\n"
              "      - {name: A, value: text}\n"
              "      - {name: B, value: {secretRef: s}}\n"
              "      - {name: C}\n"
              "    resourceFiles:\n"
              "      - {httpUrl: {secretRef: s}, filePath: data, fileMode: '0755'}\n"
              "      - {autoStorageContainerName: c, blobPrefix: d}\n"
              "    userIdentity: {autoUser: {scope: Pool, elevationLevel: admin}}\n"
              "  userAccounts: [{name: u, password: {secretRef: s}}]\n"
              "  mountConfiguration:\n"
              "    - nfsMountConfiguration: {source: a, relativeMountPath: b}\n"
              "policy: {mode: observe, resize: {onPending: stop}, onReplace: block}\n") == "");
}

TEST_CASE("validate: null is legal where nothing is required") {
  CHECK(Check("  startTask: null\n  metadata: ~\n  targetDedicatedNodes: null\n"
              "policy: {adopt: null}\n") == "");
}

std::string CheckImage(const std::string& image) {
  return TextOf(ValidateFiles({{"a.yaml",
                                "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: p}\n"
                                "spec:\n  vmSize: standard_d2_v3\n  virtualMachineConfiguration:\n"
                                "    nodeAgentSKUId: batch.node.ubuntu 22.04\n"
                                "    imageReference: " +
                                    image + "\n"}},
                              LoadOptions{{"contoso"}}));
}

TEST_CASE("validate: null beside an alternative is an absent member, a value is not") {
  CHECK(CheckImage("{virtualMachineImageId: /g, publisher: null, offer: ~, sku: null, "
                   "version: null, sharedGalleryImageId: null}") == "");
  CHECK(CheckImage("{publisher: p, offer: o, sku: s, virtualMachineImageId: null}") == "");
  CHECK(CheckImage("{virtualMachineImageId: /g, sku: s}").find("sku: does not go together") !=
        std::string::npos);
  CHECK(CheckImage("{virtualMachineImageId: null, publisher: null}").find("needs exactly one of") !=
        std::string::npos);
  CHECK(CheckImage("{virtualMachineImageId: /g, sku: }").find("sku: nothing is written here") !=
        std::string::npos);
  const auto file = [](const std::string& more) {
    return Check(
        "  startTask: {commandLine: x, resourceFiles: [{httpUrl: https://x/y, filePath: z" + more +
        "}]}\n");
  };
  CHECK(file(", blobPrefix: null, storageContainerUrl: null") == "");
  CHECK(file(", blobPrefix: b").find("blobPrefix: does not go together") != std::string::npos);
}

TEST_CASE("validate: null beside a kind of mount hides no path that is there twice") {
  const auto mounts = [](const std::string& more) {
    return Check(
        "  mountConfiguration:\n"
        "    - {nfsMountConfiguration: {source: a, relativeMountPath: p}}\n"
        "    - {nfsMountConfiguration: {source: b, relativeMountPath: " +
        more + "}\n");
  };
  CHECK(mounts("p}, cifsMountConfiguration: null").find("one hides the other") !=
        std::string::npos);
  CHECK(mounts("q}, cifsMountConfiguration: null") == "");
}

TEST_CASE("validate: an integer in quotes is to be written without them, below zero too") {
  const auto count = [](const std::string& text) {
    return Check("  startTask: {commandLine: x, maxTaskRetryCount: " + text + "}\n");
  };
  CHECK(count("-1") == "");
  CHECK(count("'-1'").find("found string '-1'; write it without quotes") != std::string::npos);
  CHECK(count("'3'").find("found string '3'; write it without quotes") != std::string::npos);
  CHECK(count("'-'").find("quotes") == std::string::npos);
}

TEST_CASE("validate: limits pass exactly at the limit") {
  CHECK(Check("  taskSlotsPerNode: 8\n") == "");
  CHECK(Check("  resizeTimeout: PT5M\n") == "");
  CHECK(Check("  displayName: " + std::string(1024, 'x') + "\n") == "");
  CHECK(Check("  enableAutoScale: true\n  autoScaleEvaluationInterval: P7D\n"
              "  autoScaleFormula: $TargetDedicatedNodes=1;//" +
              std::string(8166, 'x') + "\n") == "");
  CHECK(Check("  targetDedicatedNodes: 2147483647\n") == "");
}

TEST_CASE("validate: a length counts characters, not bytes") {
  std::string name;
  for (int i = 0; i < 1024; ++i) name += "\xC3\xBC";
  CHECK(Check("  displayName: " + name + "\n") == "");
}

TEST_CASE("validate: names of one kind are compared as the service does") {
  CHECK(Check("  metadata: [{name: a, value: '1'}, {name: A, value: '2'}]\n") == "");
}

TEST_CASE("validate: the errors of one document end somewhere") {
  std::string keys;
  for (int i = 0; i < 5000; ++i) keys += "  unknown" + std::to_string(i) + ": 1\n";
  const std::string text = Check(keys);
  CHECK(std::count(text.begin(), text.end(), '\n') == 100);
  CHECK(text.find("more than 99 errors in this document, the rest is left out") !=
        std::string::npos);
}

TEST_CASE("validate: credentials of Entra ID lift what only they can do") {
  const std::string kSubnet =
      "/subscriptions/x/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n/subnets/s";
  LoadOptions options{{"contoso"}};
  options.uses_shared_key = [](std::string_view) { return false; };
  const std::string text = PoolText("p", "  networkConfiguration: {subnetId: " + kSubnet + "}\n");
  CHECK(TextOf(ValidateFiles({{"a.yaml", text}}, options)) == "");
  options.uses_shared_key = [](std::string_view account) { return account == "contoso"; };
  CHECK(TextOf(ValidateFiles({{"a.yaml", text}}, options)).find("a subnet needs Entra ID") !=
        std::string::npos);
}

}  // namespace
}  // namespace reconciler::spec
