#include "reconciler/plan/compare.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "reconciler/core/json.h"
#include "tests/plan/json_literal.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kVersion = "2025-06-01";
constexpr std::string_view kOldVersion = "2024-07-01.20.0";

const PropertyNode& Row(std::string_view path) {
  const PropertyNode* row = PoolPropertyTable().Find(path);
  REQUIRE_MESSAGE(row != nullptr, std::string(path));
  return *row;
}

std::string Side(const std::optional<Value>& value) {
  return value ? WriteSortedJson(*value) : "absent";
}

/// One line per difference: "path: desired | live", "(s)" behind a sensitive one.
std::vector<std::string> Lines(std::string_view path, std::string_view desired,
                               std::string_view live, std::string_view version = kVersion,
                               bool had_secrets = false) {
  const Value wanted = Json(desired);
  const Value found = Json(live);
  std::vector<std::string> lines;
  const std::vector<DeepDifference> differences =
      Compare(Row(path), &wanted, &found, version, had_secrets);
  CHECK(CanonicallyEqual(Row(path), &wanted, &found, version) == differences.empty());
  for (const DeepDifference& difference : differences) {
    lines.push_back(difference.path + ": " + Side(difference.desired) + " | " +
                    Side(difference.live) + (difference.sensitive ? " (s)" : ""));
  }
  return lines;
}

using Expected = std::vector<std::string>;
const Expected kNone;

std::string Canonical(std::string_view path, std::string_view value,
                      std::string_view version = kVersion) {
  const Value parsed = Json(value);
  return WriteSortedJson(Canonicalize(Row(path), &parsed, version));
}

TEST_CASE("compare: case of a VM size and of an enum does not matter, of a command line it does") {
  CHECK(Lines("vmSize", R"("Standard_D2_V3")", R"("standard_d2_v3")") == kNone);
  CHECK(Lines("taskSchedulingPolicy", R"({"nodeFillType":"spread"})",
              R"({"nodeFillType":"Spread","jobDefaultOrder":"none"})") == kNone);
  CHECK(Lines("startTask", R"({"commandLine":"a"})", R"({"commandLine":"A"})") ==
        Expected{R"(startTask.commandLine: "a" | "A")"});
}

TEST_CASE("compare: what the service fills into a start task is no difference") {
  CHECK(Lines("startTask", R"({"commandLine":"a"})",
              R"({"commandLine":"a","maxTaskRetryCount":0,"waitForSuccess":true,
                  "userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},
                  "resourceFiles":[],"environmentSettings":null})") == kNone);
  CHECK(Lines("startTask", R"({"commandLine":"a","userIdentity":{"autoUser":{}}})",
              R"({"commandLine":"a"})") == kNone);
}

TEST_CASE("compare: a filled-in member of another value is reported against the absent spec") {
  CHECK(Lines("startTask", R"({"commandLine":"a"})",
              R"({"commandLine":"a","waitForSuccess":false,
                  "userIdentity":{"autoUser":{"scope":"task","elevationLevel":"nonadmin"}}})") ==
        Expected{R"(startTask.userIdentity.autoUser.scope: absent | "task")",
                 "startTask.waitForSuccess: absent | false"});
}

TEST_CASE("compare: an absent member without a known default is not compared") {
  CHECK(Lines("virtualMachineConfiguration",
              R"({"imageReference":{"publisher":"canonical","offer":"o","sku":"s"}})",
              R"({"imageReference":{"publisher":"Canonical","offer":"o","sku":"s",
                  "version":"latest","exactVersion":"latest"},
                  "nodeAgentSKUId":"batch.node.ubuntu 22.04"})") == kNone);
  CHECK(Lines("virtualMachineConfiguration",
              R"({"imageReference":{"publisher":"canonical","offer":"o","sku":"s"},
                  "nodeAgentSKUId":"batch.node.ubuntu 20.04"})",
              R"({"imageReference":{"publisher":"canonical","offer":"o","sku":"s"}})") ==
        Expected{
            R"(virtualMachineConfiguration.nodeAgentSKUId: "batch.node.ubuntu 20.04" | absent)"});
}

TEST_CASE("compare: absent, null, an empty list and nothing but defaults are alike") {
  for (const std::string_view none : {"null", "[]"}) {
    CHECK(Lines("applicationPackageReferences", none, "[]") == kNone);
    CHECK(Lines("userAccounts", none, "null") == kNone);
  }
  CHECK(Lines("networkConfiguration", "null",
              R"({"dynamicVNetAssignmentScope":"none","enableAcceleratedNetworking":false})") ==
        kNone);
  CHECK(Lines("upgradePolicy", R"({"mode":"manual"})",
              R"({"mode":"Manual","rollingUpgradePolicy":{"maxBatchInstancePercent":20,
                  "maxUnhealthyInstancePercent":20,"maxUnhealthyUpgradedInstancePercent":20,
                  "pauseTimeBetweenBatches":"P0D","enableCrossZoneUpgrade":false}})") == kNone);
  CHECK(CanonicallyEqual(Row("taskSlotsPerNode"), nullptr, nullptr, kVersion));
}

TEST_CASE("compare: a property that is wholly absent on one side is one line") {
  CHECK(Lines("startTask", R"({"commandLine":"a","waitForSuccess":false})", "null") ==
        Expected{R"(startTask: {"commandLine":"a","waitForSuccess":false} | absent)"});
  CHECK(Lines("startTask", "null", R"({"commandLine":"a"})") ==
        Expected{R"(startTask: absent | {"commandLine":"a"})"});
  CHECK(Lines("taskSlotsPerNode", "4", "null") == Expected{"taskSlotsPerNode: 4 | absent"});
  CHECK(Lines("taskSlotsPerNode", "null", "4") == Expected{"taskSlotsPerNode: absent | 4"});
}

TEST_CASE("compare: a property whose empty object is there is told by the members that differ") {
  const std::string live = R"({"dynamicVNetAssignmentScope":"job",
                               "enableAcceleratedNetworking":false})";
  const Expected job{R"(networkConfiguration.dynamicVNetAssignmentScope: absent | "job")"};
  CHECK(Lines("networkConfiguration", "{}", live) == job);
  CHECK(Lines("networkConfiguration", R"({"publicIPAddressConfiguration":{}})", live) == job);
  CHECK(Lines("networkConfiguration", R"({"dynamicVNetAssignmentScope":"job"})", "{}") ==
        Expected{R"(networkConfiguration.dynamicVNetAssignmentScope: "job" | absent)"});
}

TEST_CASE("compare: an object inside that one side lacks is told by the members that differ") {
  const std::string image = R"({"imageReference":{"publisher":"c","offer":"o","sku":"s"})";
  CHECK(
      Lines(
          "virtualMachineConfiguration", image + "}",
          image +
              R"(,"securityProfile":{"securityType":"trustedLaunch","encryptionAtHost":false}})") ==
      Expected{"virtualMachineConfiguration.securityProfile.securityType: absent | "
               R"("trustedLaunch")"});
  CHECK(Lines("virtualMachineConfiguration",
              image + R"(,"osDisk":{"writeAcceleratorEnabled":true}})", image + "}") ==
        Expected{"virtualMachineConfiguration.osDisk.writeAcceleratorEnabled: true | absent"});
  CHECK(Lines("virtualMachineConfiguration", image + "}",
              image + R"(,"osDisk":{"caching":"None","ephemeralOSDiskSettings":{},
                  "managedDisk":{"storageAccountType":"standard_lrs"},
                  "writeAcceleratorEnabled":true}})") ==
        Expected{"virtualMachineConfiguration.osDisk.writeAcceleratorEnabled: absent | true"});
  CHECK(Lines("virtualMachineConfiguration", image + "}",
              image + R"(,"osDisk":{"caching":"ReadOnly","writeAcceleratorEnabled":false}})") ==
        Expected{R"(virtualMachineConfiguration.osDisk.caching: absent | "ReadOnly")"});
  CHECK(Lines("networkConfiguration", R"({"dynamicVNetAssignmentScope":"job"})",
              R"({"dynamicVNetAssignmentScope":"job",
                  "publicIPAddressConfiguration":{"provision":"noPublicIPAddresses"}})") ==
        Expected{"networkConfiguration.publicIPAddressConfiguration.provision: absent | "
                 R"("noPublicIPAddresses")"});
}

TEST_CASE("compare: defaults follow the api-version") {
  CHECK(Lines("taskSchedulingPolicy", "null", R"({"nodeFillType":"Spread"})", kOldVersion) ==
        kNone);
  CHECK(Lines("taskSchedulingPolicy", R"({"nodeFillType":"pack"})", R"({"nodeFillType":"Spread"})",
              kOldVersion) == Expected{R"(taskSchedulingPolicy.nodeFillType: "pack" | "Spread")"});
}

TEST_CASE("compare: an integer may come as text, another number may not") {
  const std::string disk = R"([{"lun":0,"diskSizeGB":100}])";
  const std::string machine = R"({"dataDisks":)";
  CHECK(Lines("virtualMachineConfiguration", machine + disk + "}",
              machine + R"([{"lun":"0","diskSizeGB":"100","caching":"None"}]})") == kNone);
  CHECK(Lines("virtualMachineConfiguration", machine + disk + "}",
              machine + R"([{"lun":0,"diskSizeGB":"100x"}]})") ==
        Expected{R"(virtualMachineConfiguration.dataDisks[0].diskSizeGB: 100 | "100x")"});
  CHECK(Lines("taskSlotsPerNode", "2", "2.5") == Expected{"taskSlotsPerNode: 2 | 2.5"});
  CHECK(Lines("enableInterNodeCommunication", "true", R"("true")") ==
        Expected{R"(enableInterNodeCommunication: true | "true")"});
}

TEST_CASE("compare: durations by length, texts without their ends, URLs without their query") {
  CHECK(Lines("autoScaleEvaluationInterval", R"("PT60M")", R"("PT1H")") == kNone);
  CHECK(Lines("autoScaleEvaluationInterval", R"("PT60M")", R"("PT61M")").size() == 1);
  CHECK(Lines("autoScaleEvaluationInterval", R"("hour")", R"("PT1H")").size() == 1);
  CHECK(Lines("autoScaleFormula", R"("a=1;\r\nb=2;\n")", R"("a=1;\nb=2;")") == kNone);
  CHECK(Lines("autoScaleFormula", R"("a=1; b=2;")", R"("a=1;b=2;")").size() == 1);
  const std::string file = R"({"commandLine":"a","resourceFiles":[{"filePath":"f","httpUrl":)";
  CHECK(Lines("startTask", file + R"("https://a.b/c?sig=1"}]})", file + R"("https://a.b/c"}]})") ==
        kNone);
  CHECK(Lines("startTask", file + R"("https://a.b/c?sig=1"}]})",
              file + R"("https://a.b/d?sig=2"}]})") ==
        Expected{R"~(startTask.resourceFiles[0].httpUrl: "https://a.b/c?(sensitive)" | )~"
                 R"~("https://a.b/d?(sensitive)")~"});
}

TEST_CASE("compare: what is a parameter of the next call never differs") {
  CHECK(Lines("resizeTimeout", R"("PT15M")", R"("PT2H")") == kNone);
}

TEST_CASE("compare: keyed items match in any order and are named by their key") {
  CHECK(Lines("userAccounts", R"([{"name":"alice"},{"name":"bob"}])",
              R"([{"name":"bob","elevationLevel":"NonAdmin"},{"name":"alice"}])") == kNone);
  CHECK(Lines("userAccounts", R"([{"name":"alice","elevationLevel":"admin"},{"name":"bob"}])",
              R"([{"name":"carol"},{"name":"alice","elevationLevel":"nonadmin"}])") ==
        Expected{R"(userAccounts[alice].elevationLevel: "admin" | "nonadmin")",
                 R"(userAccounts[bob]: {"name":"bob"} | absent)",
                 R"(userAccounts[carol]: absent | {"name":"carol"})"});
}

TEST_CASE("compare: keyed items of one key are told apart by their order") {
  CHECK(Lines("metadata", R"([{"name":"a","value":"1"},{"name":"a","value":"2"}])",
              R"([{"name":"a","value":"1"}])") ==
        Expected{R"(metadata[a]: {"name":"a","value":"2"} | absent)"});
}

TEST_CASE("compare: positions count the items of the spec") {
  const Value desired = Json(R"([{"name":"bob"},{"name":"alice","elevationLevel":"admin"}])");
  const Value live = Json(R"([{"name":"alice"},{"name":"bob"}])");
  const auto differences = Compare(Row("userAccounts"), &desired, &live, kVersion);
  REQUIRE(differences.size() == 1);
  CHECK(differences[0].path == "userAccounts[alice].elevationLevel");
  CHECK(differences[0].spec_path == "userAccounts[1].elevationLevel");
}

TEST_CASE("compare: items of a set match in any order and pair by what they name") {
  const std::string_view path = "applicationPackageReferences";
  CHECK(Lines(path, R"([{"applicationId":"a","version":"1"},{"applicationId":"b"}])",
              R"([{"applicationId":"B"},{"applicationId":"A","version":"1"}])") == kNone);
  CHECK(Lines(path, R"([{"applicationId":"b"},{"applicationId":"a","version":"2"}])",
              R"([{"applicationId":"a","version":"1"},{"applicationId":"b"}])") ==
        Expected{R"(applicationPackageReferences[1].version: "2" | "1")"});
  CHECK(Lines(path, R"([{"applicationId":"a","version":"1"},{"applicationId":"b","version":"2"}])",
              R"([{"applicationId":"a","version":"2"},{"applicationId":"b","version":"1"}])") ==
        Expected{R"(applicationPackageReferences[0].version: "1" | "2")",
                 R"(applicationPackageReferences[1].version: "2" | "1")"});
}

TEST_CASE("compare: what is left alone on both sides of a set is the same item, changed") {
  const std::string_view path = "applicationPackageReferences";
  CHECK(Lines(path, R"([{"applicationId":"a"},{"applicationId":"b"}])",
              R"([{"applicationId":"c"},{"applicationId":"b"}])") ==
        Expected{R"(applicationPackageReferences[0].applicationId: "a" | "c")"});
  CHECK(Lines(path, R"([{"applicationId":"a"},{"applicationId":"b"}])",
              R"([{"applicationId":"c"}])") ==
        Expected{R"(applicationPackageReferences[0]: {"applicationId":"a"} | absent)",
                 R"(applicationPackageReferences[1]: {"applicationId":"b"} | absent)",
                 R"(applicationPackageReferences[0]: absent | {"applicationId":"c"})"});
  const std::string_view machine = "virtualMachineConfiguration";
  CHECK(Lines(machine, R"({"containerConfiguration":{"containerImageNames":["a","b:2"]}})",
              R"({"containerConfiguration":{"containerImageNames":["b:1","a"]}})") ==
        Expected{"virtualMachineConfiguration.containerConfiguration.containerImageNames[1]: "
                 R"("b:2" | "b:1")"});
  const std::string names =
      "virtualMachineConfiguration.containerConfiguration.containerImageNames";
  CHECK(Lines(names, R"(["a","b","c"])", R"(["c","*"])") ==
        Expected{names + R"([0]: "a" | "*")", names + R"([1]: "b" | absent)"});
}

TEST_CASE("compare: items of a set pair by most that they have in common") {
  const std::string_view row = "virtualMachineConfiguration.containerConfiguration";
  const std::string a = R"({"registryServer":"a.io","username":"u","password":{"secretRef":"p"}})";
  const auto of = [](const std::string& registries) {
    return R"({"type":"dockerCompatible","containerRegistries":[)" + registries + "]}";
  };
  CHECK(Lines(row, of(a), of(R"({"registryServer":"a.io","username":"v"})")) ==
        Expected{std::string(row) + R"(.containerRegistries[0].username: "u" | "v")"});
  CHECK(Lines(row, of(a), of(R"({"registryServer":"b.io","username":"u"})")) ==
        Expected{std::string(row) + R"(.containerRegistries[0].registryServer: "a.io" | "b.io")"});
  const std::string_view certificates = "certificateReferences";
  CHECK(Lines(certificates,
              R"([{"thumbprint":"aa","thumbprintAlgorithm":"sha1","storeName":"My"},
                  {"thumbprint":"bb","thumbprintAlgorithm":"sha1","storeName":"Root"}])",
              R"([{"thumbprint":"cc","thumbprintAlgorithm":"sha1","storeName":"Root"},
                  {"thumbprint":"dd","thumbprintAlgorithm":"sha1","storeName":"My"}])",
              "2022-10-01.16.0") ==
        Expected{R"(certificateReferences[0].thumbprint: "aa" | "dd")",
                 R"(certificateReferences[1].thumbprint: "bb" | "cc")"});
}

TEST_CASE("compare: a free-form object is told by the members that differ") {
  CHECK(Lines("resourceTags", R"({"a":"1","b":"2","new":"3"})", R"({"b":"9","a":"1","old":"4"})",
              kOldVersion) == Expected{R"(resourceTags.b: "2" | "9")",
                                       R"(resourceTags.new: "3" | absent)",
                                       R"(resourceTags.old: absent | "4")"});
  const auto of = [](const std::string& settings) {
    return R"([{"name":"e","publisher":"p","type":"t","settings":)" + settings + "}]";
  };
  const std::string_view path = "virtualMachineConfiguration.extensions";
  CHECK(Lines(path, of(R"({"a":{"b":[1],"c":true},"d":"{}"})"),
              of(R"("{\"a\":{\"b\":[2],\"c\":true},\"d\":{}}")")) ==
        Expected{"virtualMachineConfiguration.extensions[e].settings.a.b: [1] | [2]",
                 R"(virtualMachineConfiguration.extensions[e].settings.d: "{}" | {})"});
}

TEST_CASE("compare: a list that gives way to its default is one line with the default") {
  const std::string_view row =
      "networkConfiguration.endpointConfiguration.inboundNATPools[].networkSecurityGroupRules[]";
  const Value desired = Json(R"({"priority":150,"access":"allow","sourceAddressPrefix":"*"})");
  const Value live = Json(R"({"priority":150,"access":"allow","sourceAddressPrefix":"*",
                              "sourcePortRanges":["1-5","7"]})");
  auto differences = Compare(Row(row), &desired, &live, kVersion);
  REQUIRE(differences.size() == 1);
  CHECK(Side(differences[0].live) == R"(["1-5","7"])");
  CHECK_FALSE(differences[0].desired);
  CHECK(Side(differences[0].standard) == R"(["*"])");
  differences = Compare(Row(row), &live, &desired, kVersion);
  REQUIRE(differences.size() == 1);
  CHECK(Side(differences[0].desired) == R"(["1-5","7"])");
  CHECK_FALSE(differences[0].live);
  CHECK_FALSE(differences[0].standard);
}

TEST_CASE("compare: only an absent member with a default of its own has one to show") {
  const Value desired = Json(R"({"commandLine":"a"})");
  const Value live = Json(R"({"commandLine":"a","waitForSuccess":false,
      "resourceFiles":[{"httpUrl":"https://a.b/c"}]})");
  const auto differences = Compare(Row("startTask"), &desired, &live, kVersion);
  REQUIRE(differences.size() == 2);
  CHECK_FALSE(differences[0].standard);
  CHECK(differences[1].path == "startTask.waitForSuccess");
  CHECK(differences[1].standard == Value(true));
}

TEST_CASE("compare: equal items of a set count once") {
  const std::string names = R"({"type":"dockerCompatible","containerImageNames":)";
  CHECK(Lines("virtualMachineConfiguration.containerConfiguration", names + R"(["a","b","a"]})",
              names + R"(["b","a"]})") == kNone);
  CHECK(Lines("virtualMachineConfiguration.containerConfiguration", names + R"(["a","b","a"]})",
              names + R"(["b"]})")
            .size() == 2);
}

TEST_CASE("compare: large sets are matched without trying all pairs") {
  Array wanted;
  Array found;
  for (int i = 0; i < 20'000; ++i) wanted.push_back(std::to_string(i));
  for (int i = 19'999; i >= 1; --i) found.push_back(std::to_string(i));
  found.push_back("x");
  const Value desired = wanted;
  const Value live = found;
  const auto differences =
      Compare(Row("virtualMachineConfiguration.containerConfiguration.containerImageNames"),
              &desired, &live, kVersion);
  REQUIRE(differences.size() == 1);
  CHECK(*differences[0].desired == Value("0"));
  CHECK(*differences[0].live == Value("x"));
}

TEST_CASE("compare: lists without a key differ by index") {
  const std::string nfs = R"({"nfsMountConfiguration":{"source":"s","relativeMountPath":)";
  CHECK(Lines("mountConfiguration", "[" + nfs + R"("a"}}])",
              "[" + nfs + R"("b"}},)" + nfs + R"("c"}}])") ==
        Expected{R"(mountConfiguration[0].nfsMountConfiguration.relativeMountPath: "a" | "b")",
                 R"(mountConfiguration[1]: absent | )"
                 R"({"nfsMountConfiguration":{"relativeMountPath":"c","source":"s"}})"});
}

TEST_CASE("compare: another alternative differs, though its members have defaults") {
  CHECK(Lines("startTask", R"({"commandLine":"a","userIdentity":{"autoUser":{"scope":"pool"}}})",
              R"({"commandLine":"a","userIdentity":{"username":"bob"}})") ==
        Expected{R"(startTask.userIdentity.username: absent | "bob")"});
  CHECK(Lines("startTask", R"({"commandLine":"a"})",
              R"({"commandLine":"a","userIdentity":{"username":"bob"}})") ==
        Expected{R"(startTask.userIdentity.username: absent | "bob")"});
  CHECK(Lines("startTask", R"({"commandLine":"a","userIdentity":{"username":"bob"}})",
              R"({"commandLine":"a"})") ==
        Expected{R"(startTask.userIdentity.username: "bob" | absent)"});
}

TEST_CASE("compare: what belongs to another alternative has no default") {
  const std::string gallery = R"({"virtualMachineImageId":"/x"})";
  CHECK(Lines("virtualMachineConfiguration.imageReference",
              R"({"publisher":"p","offer":"o","sku":"s","version":"latest"})", gallery) ==
        Expected{R"(virtualMachineConfiguration.imageReference.publisher: "p" | absent)",
                 R"(virtualMachineConfiguration.imageReference.offer: "o" | absent)",
                 R"(virtualMachineConfiguration.imageReference.sku: "s" | absent)",
                 R"(virtualMachineConfiguration.imageReference.version: "latest" | absent)",
                 R"(virtualMachineConfiguration.imageReference.virtualMachineImageId: )"
                 R"(absent | "/x")"});
  CHECK(Canonical("virtualMachineConfiguration.imageReference", gallery) == gallery);
}

TEST_CASE("compare: free JSON compares in any order of members") {
  const std::string head = R"({"extensions":[{"name":"x","publisher":"p","type":"t","settings":)";
  CHECK(Lines("virtualMachineConfiguration", head + R"({"a":1,"b":[1]}}]})",
              head + R"({"b":[1],"a":1}}]})") == kNone);
  CHECK(Lines("virtualMachineConfiguration", head + R"({"a":1}}]})", head + R"({"a":2}}]})") ==
        Expected{R"(virtualMachineConfiguration.extensions[x].settings.a: 1 | 2)"});
}

TEST_CASE("compare: an answer of the wrong type differs and nothing breaks") {
  CHECK(Lines("startTask", R"({"commandLine":"a"})", R"("text")") ==
        Expected{R"(startTask: {"commandLine":"a"} | "text")"});
  CHECK(Lines("userAccounts", R"([{"name":"a"}])", R"({"name":"a"})").size() == 1);
  CHECK(Lines("userAccounts", R"([{"name":"a"}])", R"([1,null,[]])").size() == 4);
  CHECK(Lines("applicationPackageReferences", R"([{"applicationId":"a"}])", "[null, 3]").size() ==
        3);
  CHECK(Lines("vmSize", R"("a")", "{}") == Expected{R"(vmSize: "a" | absent)"});
}

TEST_CASE("compare: a secret that the service never returns is not compared") {
  CHECK(Lines("userAccounts", R"([{"name":"a","password":{"secretRef":"p"}}])",
              R"([{"name":"a"}])") == kNone);
}

TEST_CASE("compare: a text that the service returns is not held against a secret") {
  const std::string head = R"({"commandLine":"a","environmentSettings":[{"name":"T","value":)";
  CHECK(Lines("startTask", head + R"({"secretRef":"t"}}]})", head + R"("plain"}]})") == kNone);
  CHECK(Lines("startTask", head + R"({"secretRef":"t"}}]})",
              R"({"commandLine":"a","environmentSettings":[{"name":"T"}]})") ==
        Expected{R"~(startTask.environmentSettings[T].value: "(sensitive)" | absent (s))~"});
}

TEST_CASE("compare: a secret inside a whole item is not shown, nor is its name") {
  CHECK(Lines("startTask",
              R"({"commandLine":"a","environmentSettings":
                  [{"name":"T","value":{"secretRef":"t"}}]})",
              R"({"commandLine":"a"})") ==
        Expected{"startTask.environmentSettings: "
                 R"~([{"name":"T","value":"(sensitive)"}] | absent)~"});
}

TEST_CASE("compare: where a former spec had secrets, live texts in their places are not shown") {
  const std::string live =
      R"({"commandLine":"a","environmentSettings":[{"name":"T","value":"hunter2"}]})";
  CHECK(Lines("startTask", R"({"commandLine":"a"})", live) ==
        Expected{R"(startTask.environmentSettings: absent | [{"name":"T","value":"hunter2"}])"});
  CHECK(Lines("startTask", R"({"commandLine":"a"})", live, kVersion, true) ==
        Expected{
            R"~(startTask.environmentSettings: absent | [{"name":"T","value":"(sensitive)"}])~"});
  CHECK(Lines("startTask",
              R"({"commandLine":"a","environmentSettings":[{"name":"T","value":"x"}]})", live,
              kVersion, true) ==
        Expected{R"~(startTask.environmentSettings[T].value: "(sensitive)" | "(sensitive)" (s))~"});
}

TEST_CASE("canonical: one form for each way to write a value") {
  CHECK(Canonical("vmSize", R"("Standard_D2_V3")") == R"("standard_d2_v3")");
  CHECK(Canonical("autoScaleEvaluationInterval", R"("PT90M")") == R"("PT1H30M")");
  CHECK(Canonical("autoScaleFormula", R"("a;\r\r\nb;  \n")") == R"("a;\nb;")");
  CHECK(Canonical("taskSlotsPerNode", "null") == "1");
  CHECK(Canonical("taskSlotsPerNode", R"("3")") == "3");
  CHECK(Canonical("networkConfiguration", R"({"dynamicVNetAssignmentScope":"None"})") == "null");
  CHECK(Canonical("userAccounts", R"([{"name":"b"},{"name":"a","password":"x"}])") ==
        R"([{"elevationLevel":"nonadmin","name":"a"},{"elevationLevel":"nonadmin","name":"b"}])");
  CHECK(Canonical("applicationPackageReferences",
                  R"([{"applicationId":"B"},{"applicationId":"a"},{"applicationId":"b"}])") ==
        R"([{"applicationId":"a"},{"applicationId":"b"}])");
  CHECK(Canonical("taskSchedulingPolicy", "{}") ==
        R"({"jobDefaultOrder":"none","nodeFillType":"spread"})");
  CHECK(Canonical("resizeTimeout", R"("PT5M")") == "null");
}

TEST_CASE("compare: free-form settings that the service shows as text are the tree in it") {
  const PropertyNode* machine =
      PoolPropertyTable().Spec().FindMember("virtualMachineConfiguration");
  const PropertyNode& settings = *machine->FindMember("extensions")->item->FindMember("settings");
  const Value tree = Object{{"a", "1"}};
  const Value text = "{\"a\": \"1\"}";
  const Value other = "{\"a\": \"2\"}";
  const Value broken = "{\"a\": ";
  CHECK(Compare(settings, &tree, &text, "2025-06-01").empty());
  CHECK(Compare(settings, &tree, &other, "2025-06-01").size() == 1);
  CHECK(Compare(settings, &tree, &broken, "2025-06-01").size() == 1);
  CHECK(Canonicalize(settings, &tree, "2025-06-01") == Canonicalize(settings, &text, "2025-06-01"));
}

}  // namespace
}  // namespace reconciler::plan
