// Members of a pool that depend on each other: each rule broken alone, and held.
#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

/// The code and the property of the refusal of a create; empty when it was accepted.
std::string Refused(const std::string& body, const std::string& version = "2025-06-01") {
  ServiceConfig config = TestConfig();
  config.switches.reject_gallery_images = false;
  World world(config);
  const Response response = world.Call("POST", "/pools", body, {}, version);
  if (response.status == 201) return {};
  return CodeOf(response) + " " + DetailOf(response, "PropertyName");
}

/// Of a pool with these members beside those that it needs.
std::string RefusedWith(const std::string& members) {
  return Refused(LinuxPool("p", "," + members));
}

std::string MachineWith(const std::string& members) {
  std::string machine = kLinuxMachine;
  machine.insert(machine.size() - 1, "," + members);
  return R"({"id":"p","vmSize":"standard_d2s_v3",)" + machine;
}

std::string RefusedMachine(const std::string& members, const std::string& version = "2025-06-01") {
  return Refused(MachineWith(members) + "}", version);
}

std::string Security(const std::string& type) {
  return R"("securityProfile":{"securityType":")" + type + R"("})";
}

/// A disk of the system, or its part of a data disk.
std::string Encrypted(const std::string& type) {
  return R"("managedDisk":{"securityProfile":{"securityEncryptionType":")" + type + R"("}})";
}

TEST_CASE("UEFI settings need a security type") {
  const std::string uefi = R"("securityProfile":{"uefiSettings":{"vTpmEnabled":true})";
  CHECK(RefusedMachine(uefi + "}") == "InvalidPropertyValue uefiSettings");
  CHECK(RefusedMachine(uefi + R"(,"securityType":"trustedLaunch"})").empty());
}

TEST_CASE("confidential machines, and no others, say how their disks are encrypted") {
  const std::string system = R"("osDisk":{)" + Encrypted("VMGuestStateOnly") + "}";
  const std::string data =
      R"("dataDisks":[{"lun":0,"diskSizeGB":1,)" + Encrypted("NonPersistedTPM") + "}]";
  const std::string confidential = Security("confidentialVM");
  CHECK(RefusedMachine(confidential) == "MissingRequiredProperty securityEncryptionType");
  CHECK(RefusedMachine(confidential + R"(,"osDisk":{"caching":"none"})") ==
        "MissingRequiredProperty securityEncryptionType");
  CHECK(RefusedMachine(confidential + "," + system).empty());
  CHECK(RefusedMachine(confidential + "," + system, "2024-07-01.20.0").empty());
  CHECK(RefusedMachine(confidential + "," + system + "," + data).empty());
  for (const std::string& disk : {system, data}) {
    CAPTURE(disk);
    CHECK(RefusedMachine(disk) == "InvalidPropertyValue securityEncryptionType");
    CHECK(RefusedMachine(Security("trustedLaunch") + "," + disk) ==
          "InvalidPropertyValue securityEncryptionType");
  }
}

TEST_CASE("the state of the guest is encrypted on the system's disk only") {
  const std::string machine = Security("confidentialVM") + R"(,"osDisk":{)" +
                              Encrypted("DiskWithVMGuestState") +
                              R"(},"dataDisks":[{"lun":0,"diskSizeGB":1,)";
  CHECK(RefusedMachine(machine + Encrypted("DiskWithVMGuestState") + "}]") ==
        "InvalidPropertyValue securityEncryptionType");
  CHECK(RefusedMachine(machine + Encrypted("VMGuestStateOnly") + "}]").empty());
}

TEST_CASE("the key of a disk comes with its version, and then wants an identity") {
  const auto refused = [](const std::string& url) {
    return RefusedMachine(R"("diskEncryptionConfiguration":{"targets":["osdisk"],)"
                          R"("customerManagedKey":{"rotationToLatestKeyVersionEnabled":true,)"
                          R"("keyUrl":")" +
                          url + R"("}})");
  };
  for (const char* const url : {"https://v.vault.azure.net/a/b/c",
                                "https://v.vault.azure.net/keys/k", "https://v/keys/k/", "k"}) {
    CAPTURE(url);
    CHECK(refused(url) == "InvalidPropertyValue keyUrl");
  }
  CHECK(refused("https://v.vault.azure.net/keys/k/0123") == "InvalidPropertyValue identity");
}

TEST_CASE("an endpoint of the host is enforced or has a profile") {
  for (const std::string endpoint : {"imds", "wireServer"}) {
    CAPTURE(endpoint);
    const auto refused = [&](const std::string& members) {
      return RefusedMachine(R"("securityProfile":{"proxyAgentSettings":{")" + endpoint + "\":{" +
                            members + "}}}");
    };
    const std::string profile = R"("inVMAccessControlProfileReferenceId":"i")";
    CHECK(refused(R"("mode":"enforce",)" + profile) ==
          "InvalidPropertyValue inVMAccessControlProfileReferenceId");
    CHECK(refused(R"("mode":"Audit",)" + profile).empty());
    CHECK(refused(R"("mode":"Enforce")").empty());
    CHECK(refused(profile).empty());
  }
}

/// Of a rule for the port 22 with this prefix and, as JSON, these ranges.
std::string RefusedRule(const std::string& prefix, const std::string& ranges) {
  return RefusedWith(
      R"("networkConfiguration":{"endpointConfiguration":{"inboundNATPools":[{"name":"ssh",)"
      R"("protocol":"tcp","backendPort":22,"frontendPortRangeStart":1000,)"
      R"("frontendPortRangeEnd":1039,"networkSecurityGroupRules":[{"priority":150,)"
      R"("access":"allow","sourceAddressPrefix":")" +
      prefix + R"(","sourcePortRanges":[)" + ranges + "]}]}]}}");
}

TEST_CASE("source ports are any, one or a range, and do not overlap in a rule") {
  for (const char* const ranges :
       {R"("*")", R"("0")", R"("65535")", R"("0-65535")", R"("1-2","3")", R"("22","1000-2000")"}) {
    CAPTURE(ranges);
    CHECK(RefusedRule("*", ranges).empty());
  }
  for (const char* const ranges :
       {R"("")", R"("65536")", R"("-1")", R"("-0")", R"("1-")", R"("2-1")", R"("1-65536")",
        R"("1,2")", R"("a")", R"(" 1")", R"("1-2-3")", R"("1-3","3")", R"("*","22")",
        R"("22","22")", R"("20","10-30")"}) {
    CAPTURE(ranges);
    CHECK(RefusedRule("*", ranges) == "InvalidPropertyValue sourcePortRanges");
  }
}

TEST_CASE("a rule's source is any, an address, a subnet or a tag") {
  for (const char* const prefix : {"*", "10.0.0.1", "192.168.1.0/24", "2001:db8::1", "::/0",
                                   "VirtualNetwork", "Storage.WestEurope", "AzureCloud", "aZ0"}) {
    CAPTURE(prefix);
    CHECK(RefusedRule(prefix, "\"*\"").empty());
  }
  for (const char* const prefix : {"", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "300.0.0.1",
                                   "2001:db8::/129", "a tag", "a/8", "9tag"}) {
    CAPTURE(prefix);
    CHECK(RefusedRule(prefix, "\"*\"") == "InvalidPropertyValue sourceAddressPrefix");
  }
}

TEST_CASE("resource files stay within the folder of the task") {
  const auto refused = [](const std::string& path) {
    return RefusedWith(
        R"("startTask":{"commandLine":"x","resourceFiles":[{"httpUrl":"u","filePath":")" + path +
        R"("}]})");
  };
  for (const char* const path : {"f", "a/b", "a..b/..c", "./f"}) {
    CAPTURE(path);
    CHECK(refused(path).empty());
  }
  for (const char* const path : {"/f", "..", "../f", "a/../b", "a/.."}) {
    CAPTURE(path);
    CHECK(refused(path) == "InvalidPropertyValue filePath");
  }
}

TEST_CASE("upgrades across zones need a pool in zones") {
  const auto upgrade = [](const char* value) {
    return std::string(R"(,"upgradePolicy":{"mode":"rolling","rollingUpgradePolicy":)") +
           R"({"enableCrossZoneUpgrade":)" + value + "}}}";
  };
  const std::string zonal = R"("nodePlacementConfiguration":{"policy":"zonal"})";
  const std::string regional = R"("nodePlacementConfiguration":{})";
  CHECK(Refused(MachineWith(regional) + upgrade("true")) ==
        "InvalidPropertyValue enableCrossZoneUpgrade");
  CHECK(Refused(LinuxPool("p").substr(0, LinuxPool("p").size() - 1) + upgrade("true")) ==
        "InvalidPropertyValue enableCrossZoneUpgrade");
  CHECK(Refused(MachineWith(zonal) + upgrade("true")).empty());
  CHECK(Refused(MachineWith(regional) + upgrade("false")).empty());
}

TEST_CASE("a PATCH does not take the zones from under an upgrade across them") {
  World world;
  world.Call("POST", "/pools",
             MachineWith(R"("nodePlacementConfiguration":{"policy":"zonal"})") +
                 R"(,"upgradePolicy":{"mode":"rolling","rollingUpgradePolicy":)"
                 R"({"enableCrossZoneUpgrade":true}}})");
  world.Pass(std::chrono::seconds{3});
  const std::string machine = std::string("{") + kLinuxMachine + "}";
  const Response refused = world.Call("PATCH", "/pools/p", machine);
  CHECK(DetailOf(refused, "PropertyName") == "enableCrossZoneUpgrade");
  CHECK(world
            .Call("PATCH", "/pools/p",
                  machine.substr(0, machine.size() - 1) + R"(,"upgradePolicy":{"mode":"manual"}})")
            .status == 200);
}

TEST_CASE("a start task runs as a user that has a name, or as one that is made for it") {
  const auto refused = [](const std::string& user) {
    return RefusedWith(R"("startTask":{"commandLine":"x","userIdentity":{)" + user + "}}");
  };
  CHECK(refused("") == "InvalidPropertyValue userIdentity");
  CHECK(refused(R"("username":"u","autoUser":{})") == "InvalidPropertyValue userIdentity");
  CHECK(refused(R"("username":"u")").empty());
  CHECK(refused(R"("autoUser":{})").empty());
}

/// A machine with an image and an agent of that system, and with further members.
std::string MachineOf(const std::string& image, const std::string& agent,
                      const std::string& members = "") {
  return R"("virtualMachineConfiguration":{"imageReference":{)" + image +
         R"(},"nodeAgentSKUId":"batch.node.)" + agent + "\"" + members + "}";
}

std::string RefusedPool(const std::string& members, const std::string& version = "2025-06-01") {
  return Refused(R"({"id":"p","vmSize":"standard_d2s_v3",)" + members + "}", version);
}

constexpr const char* kGalleryImage =
    R"("virtualMachineImageId":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/)"
    R"(galleries/g/images/i")";
constexpr const char* kWindowsImage =
    R"("publisher":"microsoftwindowsserver","offer":"windowsserver","sku":"2019-datacenter")";

TEST_CASE("the id of an image stands alone") {
  for (const std::string id :
       {kGalleryImage, R"("sharedGalleryImageId":"s")", R"("communityGalleryImageId":"c")"}) {
    CAPTURE(id);
    CHECK(RefusedPool(MachineOf(id, "ubuntu 22.04")).empty());
    for (const std::string more :
         {R"("version":"latest")", R"("sku":"s")", R"("offer":"o")", R"("publisher":"p")"}) {
      CAPTURE(more);
      CHECK(RefusedPool(MachineOf(id + "," + more, "ubuntu 22.04")) ==
            "InvalidPropertyValue imageReference");
    }
  }
}

TEST_CASE("disks of Linux nodes with an image of a gallery are not encrypted") {
  const std::string encrypted = R"(,"diskEncryptionConfiguration":{"targets":["osdisk"]})";
  CHECK(RefusedPool(MachineOf(kGalleryImage, "ubuntu 22.04", encrypted)) ==
        "InvalidPropertyValue diskEncryptionConfiguration");
  CHECK(RefusedPool(MachineOf(kGalleryImage, "windows amd64", encrypted)).empty());
  CHECK(RefusedPool(MachineOf(R"("sharedGalleryImageId":"s")", "ubuntu 22.04", encrypted)).empty());
  CHECK(RefusedMachine(encrypted.substr(1)).empty());
}

TEST_CASE("Windows is updated by itself or by the pool") {
  const auto refused = [](const std::string& windows, const std::string& policy) {
    return RefusedPool(
        MachineOf(kWindowsImage, "windows amd64", R"(,"windowsConfiguration":{)" + windows + "}") +
        R"(,"upgradePolicy":{"mode":"automatic","automaticOSUpgradePolicy":{)" + policy + "}}");
  };
  const std::string itself = R"("enableAutomaticUpdates":true)";
  const std::string by_pool = R"("enableAutomaticOSUpgrade":true)";
  CHECK(refused(itself, by_pool) == "InvalidPropertyValue enableAutomaticOSUpgrade");
  CHECK(refused(R"("enableAutomaticUpdates":false)", by_pool).empty());
  CHECK(refused("", by_pool).empty());
  CHECK(refused(itself, R"("enableAutomaticOSUpgrade":false)").empty());
  CHECK(refused(itself, "").empty());
}

TEST_CASE("users of Windows have a Windows pool") {
  const std::string users =
      R"(,"userAccounts":[{"name":"u","password":"p","windowsUserConfiguration":{}}])";
  CHECK(Refused(LinuxPool("p", users)) == "InvalidPropertyValue windowsUserConfiguration");
  CHECK(RefusedPool(MachineOf(kWindowsImage, "windows amd64") + users).empty());
}

TEST_CASE("thumbprints are made with SHA1") {
  const auto refused = [](const std::string& algorithm) {
    return RefusedPool(std::string(kLinuxMachine) +
                           R"(,"certificateReferences":[{"thumbprint":"0a",)"
                           R"("thumbprintAlgorithm":")" +
                           algorithm + R"("}])",
                       "2024-07-01.20.0");
  };
  CHECK(refused("md5") == "InvalidPropertyValue thumbprintAlgorithm");
  CHECK(refused("sha1").empty());
  CHECK(refused("SHA1").empty());
}

TEST_CASE("a PATCH keeps the rules of users and of certificates, too") {
  World world;
  world.Call("POST", "/pools", LinuxPool("p"));
  world.Pass(std::chrono::seconds{3});
  const auto refused = [&](const std::string& body) {
    return DetailOf(world.Call("PATCH", "/pools/p", body, {}, "2024-07-01.20.0"), "PropertyName");
  };
  CHECK(refused(R"({"startTask":{"commandLine":"x","userIdentity":{}}})") == "userIdentity");
  CHECK(refused(R"({"userAccounts":[{"name":"u","password":"p",)"
                R"("windowsUserConfiguration":{"loginMode":"batch"}}]})") ==
        "windowsUserConfiguration");
  CHECK(refused(R"({"certificateReferences":[{"thumbprint":"0a","thumbprintAlgorithm":"md5"}]})") ==
        "thumbprintAlgorithm");
}

}  // namespace
}  // namespace emulator
