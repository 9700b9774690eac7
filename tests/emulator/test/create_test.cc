// Create, get, delete and what a pool looks like.
#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

/// The error of a create with these members after id and vmSize; empty when it was accepted.
std::string Refused(const std::string& members, ServiceConfig config = TestConfig(),
                    const std::string& version = "2025-06-01") {
  World world{std::move(config)};
  const Response response = world.Call(
      "POST", "/pools", R"({"id":"p","vmSize":"Standard_D2s_v3",)" + members + "}", {}, version);
  if (response.status == 201) return {};
  const std::string name = DetailOf(response, "PropertyName");
  return name.empty() ? CodeOf(response) : CodeOf(response) + " " + name;
}
std::string RefusedWith(const std::string& members, ServiceConfig config = TestConfig()) {
  return Refused(std::string(kLinuxMachine) + "," + members, std::move(config));
}
/// One top-level member as the pool shows it after a create.
std::string Shown(const std::string& name, const std::string& members,
                  const std::string& version = "2025-06-01") {
  ServiceConfig config = TestConfig();
  config.switches.reject_null_members = false;
  World world{config};
  const Response response = world.Call(
      "POST", "/pools",
      R"({"id":"p","vmSize":"Standard_D2s_v3",)" + std::string(kLinuxMachine) + "," + members + "}",
      {}, version);
  CAPTURE(response.body);
  CHECK(response.status == 201);
  const Json pool = world.Get("/pools/p", version);
  const Json* const value = pool.Find(name);
  return value == nullptr ? std::string{"absent"} : JsonText(*value);
}

TEST_CASE(
    "a pool is there at once, resizing even without nodes, and steady after the resize time") {
  World world;
  const Response created = world.Call("POST", "/pools", LinuxPool("p"));
  CHECK(created.status == 201);
  CHECK(HeaderOf(created, "Location") == "http://batch.local/pools/p");
  Json pool = world.Get("/pools/p");
  CHECK(pool.Text("allocationState") == "resizing");
  CHECK(pool.Text("eTag") == HeaderOf(created, "ETag"));
  world.Pass(std::chrono::milliseconds{1999});
  CHECK(world.Get("/pools/p").Text("allocationState") == "resizing");
  world.Pass(std::chrono::milliseconds{1});
  pool = world.Get("/pools/p");
  CHECK(pool.Text("allocationState") == "steady");
  CHECK(pool.Text("allocationStateTransitionTime") == "2025-07-01T12:00:02.1234567Z");
  CHECK(pool.Text("eTag") == HeaderOf(created, "ETag"));
}

TEST_CASE("an etag is 0x and fifteen hexadecimal digits, never the same twice") {
  World world;
  const std::string first = HeaderOf(world.Call("POST", "/pools", LinuxPool("a")), "ETag");
  const std::string second = HeaderOf(world.Call("POST", "/pools", LinuxPool("b")), "ETag");
  CHECK(first.size() == 17);
  CHECK(first.substr(0, 5) == "0x8DD");
  CHECK(first.find_first_not_of("0123456789ABCDEF", 2) == std::string::npos);
  CHECK(first != second);
}

TEST_CASE("ids are found without case and taken once") {
  World world;
  world.Call("POST", "/pools", LinuxPool("Pool-1"));
  CHECK(world.Get("/pools/POOL-1").Text("id") == "Pool-1");
  CHECK(CodeOf(world.Call("POST", "/pools", LinuxPool("pOOL-1"))) == "PoolExists");
  CHECK(world.Call("HEAD", "/pools/pool-1").status == 200);
  const Response head = world.Call("HEAD", "/pools/none");
  CHECK(head.status == 404);
  CHECK(head.body.empty());
}

TEST_CASE("a pool being deleted is shown for a while, takes no write and frees its id at the end") {
  World world;
  world.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":2)"));
  world.Pass(std::chrono::seconds{3});
  const std::string etag = world.Get("/pools/p").Text("eTag");
  CHECK(world.Call("DELETE", "/pools/p").status == 202);
  const Json pool = world.Get("/pools/p");
  CHECK(pool.Text("state") == "deleting");
  CHECK(pool.Text("eTag") != etag);
  CHECK(IntegerAt(pool, "targetDedicatedNodes") == 0);
  CHECK(IntegerAt(pool, "currentDedicatedNodes") == 2);
  for (const char* const call : {"resize", "updateproperties", "stopresize", "enableautoscale"}) {
    CAPTURE(call);
    CHECK(CodeOf(world.Call("POST", std::string("/pools/p/") + call,
                            R"({"targetDedicatedNodes":1,"targetLowPriorityNodes":0})")) != "");
  }
  CHECK(CodeOf(world.Call("PATCH", "/pools/p", R"({"metadata":[]})")) == "PoolBeingDeleted");
  CHECK(CodeOf(world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":1})")) ==
        "PoolBeingDeleted");
  CHECK(CodeOf(world.Call("POST", "/pools/p/stopresize")) == "PoolBeingDeleted");
  CHECK(CodeOf(world.Call("DELETE", "/pools/p")) == "PoolBeingDeleted");
  CHECK(CodeOf(world.Call("POST", "/pools", LinuxPool("P"))) == "PoolBeingDeleted");
  world.Pass(std::chrono::seconds{4});
  CHECK(CodeOf(world.Call("GET", "/pools/p")) == "PoolNotFound");
  CHECK(world.Call("POST", "/pools", LinuxPool("P")).status == 201);
}

TEST_CASE("an empty pool goes quickly") {
  World world;
  world.Call("POST", "/pools", LinuxPool("p"));
  world.Call("DELETE", "/pools/p");
  world.Pass(std::chrono::seconds{1});
  CHECK(world.Call("GET", "/pools/p").status == 404);
}

TEST_CASE("numbers may come as text and null is no value") {
  CHECK(Shown("targetDedicatedNodes", R"("targetDedicatedNodes":"2")") == "2");
  CHECK(Shown("displayName", R"("displayName":null,"startTask":null)") == "absent");
}

TEST_CASE("empty lists are not shown") {
  CHECK(Shown("metadata", R"("metadata":[])") == "absent");
  CHECK(Shown("applicationPackageReferences", R"("applicationPackageReferences":[])") == "absent");
  CHECK(Shown("networkConfiguration", R"("networkConfiguration":{})") == "absent");
}

TEST_CASE("durations come back canonical") {
  CHECK(Shown("resizeTimeout", R"("resizeTimeout":"PT60M")") == "\"PT1H\"");
}

TEST_CASE("a manual upgrade policy shows its rolling defaults") {
  CHECK(Shown("upgradePolicy", R"("upgradePolicy":{"mode":"Manual"})") ==
        R"({"mode":"manual","rollingUpgradePolicy":{"enableCrossZoneUpgrade":false,)"
        R"("maxBatchInstancePercent":20,"maxUnhealthyInstancePercent":20,)"
        R"("maxUnhealthyUpgradedInstancePercent":20,"pauseTimeBetweenBatches":"P0D",)"
        R"("prioritizeUnhealthyInstances":false,"rollbackFailedInstancesOnPolicyBreach":false}})");
}

TEST_CASE("secrets never come back") {
  CHECK(Shown("userAccounts",
              R"("userAccounts":[{"name":"u","password":"s3","linuxUserConfiguration":)"
              R"({"uid":1,"gid":1,"sshPrivateKey":"s3"}}])") ==
        R"([{"name":"u","elevationLevel":"nonadmin","linuxUserConfiguration":{"uid":1,"gid":1}}])");
  CHECK(Shown("mountConfiguration",
              R"("mountConfiguration":[{"cifsMountConfiguration":{"username":"u","source":"s",)"
              R"("relativeMountPath":"r","password":"s3"}}])") ==
        R"([{"cifsMountConfiguration":{"username":"u","source":"s","relativeMountPath":"r"}}])");
}

TEST_CASE("the storage type of data disks is spelled as the version wants it") {
  World world{DefaultSide()};
  const std::string disks =
      R"({"id":"p","vmSize":"Standard_D2s_v3","virtualMachineConfiguration":{)"
      R"("imageReference":{"publisher":"canonical","offer":"ubuntuserver","sku":"18.04-lts"},)"
      R"("nodeAgentSKUId":"batch.node.ubuntu 18.04","dataDisks":[{"lun":0,"diskSizeGB":"10",)"
      R"("storageAccountType":"Premium_LRS"}]}})";
  CHECK(CodeOf(world.Call("POST", "/pools", disks)) == "UnsupportedProperty");
  CHECK(world.Call("POST", "/pools", disks, {}, "2024-07-01.20.0").status == 201);
  const auto shown = [&](const char* version) {
    return JsonText(
        *world.Get("/pools/p", version).At({"virtualMachineConfiguration", "dataDisks"}));
  };
  CHECK(shown("2024-07-01.20.0") ==
        R"([{"lun":0,"caching":"none","diskSizeGB":10,"storageAccountType":"premium_lrs"}])");
  CHECK(shown("2025-06-01") == R"([{"lun":0,"caching":"none","diskSizeGB":10,)"
                               R"("managedDisk":{"storageAccountType":"premium_lrs"}}])");
}

TEST_CASE("older versions show what they know") {
  CHECK(Shown("taskSchedulingPolicy", R"("displayName":"d")", "2022-10-01.16.0") ==
        R"({"nodeFillType":"Spread"})");
  CHECK(Shown("certificateReferences", R"("displayName":"d")", "2022-10-01.16.0") == "[]");
  CHECK(Shown("certificateReferences", R"("displayName":"d")") == "absent");
}

TEST_CASE("members of other versions and unknown ones are refused, unless switched off") {
  const std::string machine = std::string(kLinuxMachine) + ",";
  CHECK(Refused(machine + R"("resourceTags":{"a":"b"})", DefaultSide()) ==
        "UnsupportedProperty resourceTags");
  CHECK(Refused(machine + R"("targetNodeCommunicationMode":"classic")", DefaultSide()) ==
        "UnsupportedProperty targetNodeCommunicationMode");
  CHECK(Refused(machine + R"("certificateReferences":[])", DefaultSide()) ==
        "UnsupportedProperty certificateReferences");
  CHECK(Refused(machine + R"("upgradePolicy":{"mode":"manual"})", DefaultSide(),
                "2023-11-01.18.0") == "UnsupportedProperty upgradePolicy");
  CHECK(Refused(machine + R"("maxTasksPerNode":1)", DefaultSide()) == "InvalidRequestBody");
  CHECK(Refused(machine + R"("state":"active")", DefaultSide()) == "InvalidRequestBody");
  ServiceConfig lenient = DefaultSide();
  lenient.switches.reject_unknown_members = false;
  lenient.switches.reject_removed_members = false;
  CHECK(Refused(machine + R"("resourceTags":{"a":"b"},"maxTasksPerNode":1)", lenient).empty());
  CHECK(Refused(machine + R"("resourceTags":{"a":"b"})", DefaultSide(), "2024-07-01.20.0").empty());
}

TEST_CASE("cloud services are retired at every version, whatever else is sent") {
  for (const char* const version : {"2022-10-01.16.0", "2024-02-01.19.0", "2025-06-01"}) {
    CAPTURE(version);
    CHECK(Refused(R"("cloudServiceConfiguration":{"osFamily":"5"})", TestConfig(), version) ==
          "CloudServiceConfigurationRetired");
  }
}

TEST_CASE("the shape of the body is checked first") {
  World world;
  CHECK(CodeOf(world.Call("POST", "/pools", "{")) == "InvalidRequestBody");
  CHECK(CodeOf(world.Call("POST", "/pools", "[]")) == "InvalidRequestBody");
  const Response empty = world.Call("POST", "/pools");
  CHECK(CodeOf(empty) == "MissingRequiredProperty");
  CHECK(DetailOf(empty, "PropertyName") == "id");
  CHECK(Refused(R"("displayName":"x")") == "MissingRequiredProperty virtualMachineConfiguration");
  CHECK(RefusedWith(R"("startTask":{})") == "MissingRequiredProperty commandLine");
  CHECK(RefusedWith(R"("displayName":5)") == "InvalidRequestBody");
  CHECK(RefusedWith(R"("targetDedicatedNodes":"two")") == "InvalidRequestBody");
  CHECK(RefusedWith(R"("enableInterNodeCommunication":"true")") == "InvalidRequestBody");
  CHECK(RefusedWith(R"("metadata":{})") == "InvalidRequestBody");
}

TEST_CASE("ids have 1 to 64 letters, digits, hyphens, underscores") {
  World world;
  for (const std::string& id :
       {std::string{}, std::string{"a b"}, std::string{"a.b"}, std::string(65, 'a')}) {
    CAPTURE(id);
    CHECK(DetailOf(world.Call("POST", "/pools", LinuxPool(id)), "PropertyName") == "id");
  }
  CHECK(world.Call("POST", "/pools", LinuxPool(std::string(64, 'a'))).status == 201);
}

std::string Machine(const std::string& image, const std::string& agent,
                    const std::string& more = "") {
  return R"("virtualMachineConfiguration":{"imageReference":{)" + image +
         R"(},"nodeAgentSKUId":")" + agent + "\"" + more + "}";
}
std::string Triple(const char* publisher, const char* offer, const char* sku) {
  return fmt::format(R"("publisher":"{}","offer":"{}","sku":"{}")", publisher, offer, sku);
}

TEST_CASE("images must have existed, listed or not, and fit their agent") {
  const std::string agent = "batch.node.ubuntu 18.04";
  CHECK(Refused(Machine(Triple("Canonical", "UbuntuServer", "18.04-LTS"), agent)).empty());
  CHECK(
      Refused(Machine(Triple("canonical", "ubuntuserver", "16.04-lts"), "batch.node.ubuntu 16.04"),
              DefaultSide())
          .empty());
  CHECK(Refused(Machine(Triple("canonical", "ubuntuserver", "99.04"), agent)) ==
        "InvalidPropertyValue imageReference");
  CHECK(
      Refused(Machine(Triple("canonical", "ubuntuserver", "18.04-lts"), "batch.node.ubuntu 20.04"),
              DefaultSide()) == "InvalidPropertyValue nodeAgentSKUId");
  CHECK(Refused(Machine(Triple("canonical", "ubuntuserver", "18.04-lts"), "batch.node.nothing")) ==
        "NodeAgentSKUNotFound");
  ServiceConfig strict = TestConfig();
  strict.switches.reject_end_of_life_images = true;
  const std::string old = Machine(Triple("canonical", "ubuntuserver", "18_04-lts-gen2"), agent);
  CHECK(Refused(old, DefaultSide()).empty());
  CHECK(Refused(old, strict) == "InvalidPropertyValue imageReference");
}

TEST_CASE("a wrong size is reported before a wrong image") {
  World world;
  const std::string body = R"({"id":"p","vmSize":"huge",)" +
                           Machine(Triple("a", "b", "c"), "batch.node.ubuntu 18.04") + "}";
  CHECK(DetailOf(world.Call("POST", "/pools", body), "PropertyName") == "vmSize");
}

TEST_CASE("gallery images are told from managed ones") {
  const std::string agent = "batch.node.ubuntu 22.04";
  const std::string prefix =
      R"("virtualMachineImageId":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/)";
  const std::string gallery = Machine(prefix + R"(galleries/g/images/i/versions/1.0.0")", agent);
  CHECK(Refused(gallery, DefaultSide()).empty());
  CHECK(Refused(Machine(prefix + R"(images/i")", agent)) ==
        "InvalidPropertyValue virtualMachineImageId");
  CHECK(Refused(Machine(prefix + R"(galleries/g/images/i","publisher":"p")", agent)) ==
        "InvalidPropertyValue imageReference");
  CHECK(Refused(Machine(R"("version":"latest")", agent)) == "InvalidPropertyValue imageReference");
  ServiceConfig strict = TestConfig();
  strict.switches.reject_gallery_images = true;
  CHECK(Refused(gallery, strict) == "InvalidPropertyValue virtualMachineImageId");
}

TEST_CASE("rules of the virtual machine") {
  const std::string image = Triple("canonical", "ubuntuserver", "18.04-lts");
  const std::string agent = "batch.node.ubuntu 18.04";
  CHECK(Refused(
            Machine(image, agent, R"(,"windowsConfiguration":{"enableAutomaticUpdates":true})")) ==
        "InvalidPropertyValue windowsConfiguration");
  CHECK(Refused(Machine(image, agent,
                        R"(,"dataDisks":[{"lun":1,"diskSizeGB":1},{"lun":1,"diskSizeGB":1}])")) ==
        "InvalidPropertyValue lun");
  CHECK(Refused(Machine(image, agent, R"(,"dataDisks":[{"lun":64,"diskSizeGB":1}])")) ==
        "InvalidPropertyValue lun");
  CHECK(Refused(Machine(image, agent, R"(,"osDisk":{"caching":"sometimes"})")) ==
        "InvalidPropertyValue caching");
  CHECK(Refused(Machine(image, agent,
                        R"(,"dataDisks":[{"lun":1,"diskSizeGB":1,"managedDisk":5,)"
                        R"("storageAccountType":"standard_lrs"}])"),
                DefaultSide()) == "UnsupportedProperty storageAccountType");
}

TEST_CASE("ranges and rules of the other members") {
  CHECK(RefusedWith(R"("resizeTimeout":"PT4M59S")") == "InvalidPropertyValue resizeTimeout");
  CHECK(RefusedWith(R"("resizeTimeout":"15 minutes")") == "InvalidRequestBody");
  CHECK(RefusedWith(R"("targetDedicatedNodes":-1)") == "InvalidPropertyValue targetDedicatedNodes");
  CHECK(RefusedWith(R"("taskSlotsPerNode":9)") == "InvalidPropertyValue taskSlotsPerNode");
  CHECK(RefusedWith(R"("taskSlotsPerNode":8)").empty());
  CHECK(RefusedWith(R"("taskSchedulingPolicy":{"nodeFillType":"heap"})") ==
        "InvalidPropertyValue nodeFillType");
  CHECK(RefusedWith(R"("metadata":[{"name":"","value":"x"}])") == "EmptyMetadataKey");
  CHECK(RefusedWith(R"("metadata":[{"name":"a","value":")" + std::string(4096, 'x') + R"("}])",
                    DefaultSide()) == "MetadataTooLarge");
  CHECK(RefusedWith(R"("metadata":[{"name":"a","value":")" + std::string(4095, 'x') + R"("}])")
            .empty());
  CHECK(RefusedWith(R"("userAccounts":[{"name":"abcdefghijklmnopqrstu","password":"p"}])") ==
        "InvalidPropertyValue name");
  CHECK(RefusedWith(R"("mountConfiguration":[{}])") == "InvalidPropertyValue mountConfiguration");
  CHECK(RefusedWith(R"("startTask":{"commandLine":"x","resourceFiles":[{"httpUrl":"u"}]})") ==
        "MissingRequiredProperty filePath");
  CHECK(RefusedWith(R"("startTask":{"commandLine":"x","resourceFiles":[{"filePath":"f"}]})") ==
        "InvalidPropertyValue resourceFiles");
  CHECK(RefusedWith(
            R"("startTask":{"commandLine":"x","userIdentity":{"username":"u","autoUser":{}}})") ==
        "InvalidPropertyValue userIdentity");
  CHECK(RefusedWith(R"("networkConfiguration":{"subnetId":"x"})") ==
        "InvalidPropertyValue subnetId");
}

std::string Nat(const std::string& name, int port, int first, int last) {
  return fmt::format(
      R"({{"name":"{}","protocol":"tcp","backendPort":{},"frontendPortRangeStart":{},)"
      R"("frontendPortRangeEnd":{}}})",
      name, port, first, last);
}
std::string RefusedNat(const std::string& pools, const std::string& more = "") {
  return RefusedWith(R"("networkConfiguration":{"endpointConfiguration":{"inboundNATPools":[)" +
                     pools + "]}" + more + "}");
}

TEST_CASE("NAT pools have distinct names, ports and ranges of forty") {
  CHECK(RefusedNat(Nat("a", 22, 1000, 1039) + "," + Nat("b", 23, 1040, 1079)).empty());
  CHECK(RefusedNat(Nat("a", 22, 1000, 1038)) == "InvalidPropertyValue frontendPortRangeEnd");
  CHECK(RefusedNat(Nat("a", 22, 49990, 50030)) == "InvalidPropertyValue frontendPortRangeStart");
  CHECK(RefusedNat(Nat("a", 29876, 1000, 1039)) == "InvalidPropertyValue backendPort");
  CHECK(RefusedNat(Nat("a", 29877, 1000, 1039)) == "InvalidPropertyValue backendPort");
  CHECK(RefusedNat(Nat("a", 22, 1000, 1039) + "," + Nat("A", 23, 1040, 1079)) ==
        "InvalidPropertyValue name");
  CHECK(RefusedNat(Nat("a", 22, 1000, 1039) + "," + Nat("b", 22, 1040, 1079)) ==
        "InvalidPropertyValue backendPort");
  CHECK(RefusedNat(Nat("a", 22, 1000, 1039) + "," + Nat("b", 23, 1039, 1079)) ==
        "InvalidPropertyValue frontendPortRangeStart");
  CHECK(RefusedNat(Nat("a", 22, 1000, 1039),
                   R"(,"publicIPAddressConfiguration":{"provision":"nopublicipaddresses"})") ==
        "InvalidPropertyValue endpointConfiguration");
}

TEST_CASE("a NAT pool is named with letters, digits and a few signs, an alphanumeric one first") {
  for (const char* const name : {"a", "9", "a.b-c_d", "a_"}) {
    CAPTURE(name);
    CHECK(RefusedNat(Nat(name, 22, 1000, 1039)).empty());
  }
  CHECK(RefusedNat(Nat(std::string(77, 'a'), 22, 1000, 1039)).empty());
  for (const char* const name : {"", "-a", ".a", "_a", "a-", "a.", "a b", "a/b", "ä"}) {
    CAPTURE(name);
    CHECK(RefusedNat(Nat(name, 22, 1000, 1039)) == "InvalidPropertyValue name");
  }
  CHECK(RefusedNat(Nat(std::string(78, 'a'), 22, 1000, 1039)) == "InvalidPropertyValue name");
}

TEST_CASE("address families are IPv4 alone or both") {
  const auto refused = [](const std::string& families) {
    return RefusedWith(R"("networkConfiguration":{"publicIPAddressConfiguration":{"ipFamilies":[)" +
                       families + "]}}");
  };
  CHECK(refused("").empty());
  CHECK(refused(R"("ipv4")").empty());
  CHECK(refused(R"("IPv6","IPv4")").empty());
  CHECK(refused(R"("IPv6")") == "InvalidPropertyValue ipFamilies");
  CHECK(refused(R"("IPv4","IPv4")") == "InvalidPropertyValue ipFamilies");
}

TEST_CASE("a blob container is mounted with exactly one credential") {
  const auto refused = [](const std::string& credentials, ServiceConfig config = TestConfig()) {
    return RefusedWith(R"("mountConfiguration":[{"azureBlobFileSystemConfiguration":{)"
                       R"("accountName":"a","containerName":"c","relativeMountPath":"m")" +
                           credentials + "}}]",
                       std::move(config));
  };
  const std::string key = R"(,"accountKey":"k")", sas = R"(,"sasKey":"s")",
                    identity = R"(,"identityReference":{"resourceId":"i"})";
  for (const std::string& one : {key, sas, identity}) CHECK(refused(one).empty());
  for (const std::string& bad :
       {std::string{}, key + sas, sas + identity, key + identity, key + sas + identity}) {
    CAPTURE(bad);
    CHECK(refused(bad) == "InvalidPropertyValue azureBlobFileSystemConfiguration");
  }
  CHECK(refused(key + R"(,"sasKey":null)", DefaultSide()).empty());
}

TEST_CASE("application packages must exist where the account declares its applications") {
  const std::string id =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/demo/applications/"
      "app";
  const std::string members =
      std::string(kLinuxMachine) + R"(,"applicationPackageReferences":[{"applicationId":")";
  CHECK(Refused(members + id + R"("}])").empty());
  CHECK(Refused(members + R"(app"}])") == "InvalidPropertyValue applicationId");
  CHECK(Refused(members + R"(app"}])", TestConfig(), "2024-02-01.19.0").empty());
  ServiceConfig config = TestConfig();
  config.accounts[0].applications = {ApplicationConfig{"other", "", {}, ""}};
  CHECK(Refused(members + id + R"("}])", config) == "InvalidApplicationPackageReferences");
  config.accounts[0].applications = {ApplicationConfig{"App", "", {}, ""}};
  CHECK(Refused(members + id + R"("}])", config).empty());
}

TEST_CASE("a package reference names a version that there is, or there is a default one") {
  const std::string members =
      std::string(kLinuxMachine) +
      R"(,"applicationPackageReferences":[{"applicationId":"a/applications/app")";
  ServiceConfig config = TestConfig();
  config.accounts[0].applications = {ApplicationConfig{"app", "", {"1.0", "2.0"}, ""}};
  CHECK(Refused(members + R"(,"version":"2.0"}])", config).empty());
  CHECK(Refused(members + R"(,"version":"3.0"}])", config) ==
        "InvalidApplicationPackageReferences");
  CHECK(Refused(members + R"(}])", config) == "InvalidApplicationPackageReferences");
  config.accounts[0].applications->front().default_version = "1.0";
  CHECK(Refused(members + R"(}])", config).empty());
}

TEST_CASE("fixed size and autoscale exclude each other") {
  CHECK(RefusedWith(R"("enableAutoScale":true)") == SwitchesOfRun().auto_scale_settings_code);
  CHECK(
      RefusedWith(R"("enableAutoScale":true,"autoScaleFormula":"$a=1","targetDedicatedNodes":0)") ==
      SwitchesOfRun().auto_scale_settings_code);
  CHECK(RefusedWith(R"("autoScaleFormula":"$a=1")") == SwitchesOfRun().auto_scale_settings_code);
  CHECK(RefusedWith(R"("enableAutoScale":true,"autoScaleFormula":"$a=(")") ==
        "AutoScalingFormulaSyntaxError");
  CHECK(RefusedWith(R"("enableAutoScale":true,"autoScaleFormula":"$a=)" + std::string(8200, '1') +
                    "\"") == "AutoScalingFormulaTooLong");
  CHECK(
      RefusedWith(
          R"("enableAutoScale":true,"autoScaleFormula":"$a=1","autoScaleEvaluationInterval":"PT4M")") ==
      "InvalidPropertyValue autoScaleEvaluationInterval");
}

TEST_CASE("the pool quota holds") {
  ServiceConfig config = TestConfig();
  config.accounts[0].pool_quota = 1;
  World world{config};
  CHECK(world.Call("POST", "/pools", LinuxPool("a")).status == 201);
  CHECK(CodeOf(world.Call("POST", "/pools", LinuxPool("b"))) == "PoolQuotaReached");
}

}  // namespace
}  // namespace emulator
