// Members and values that the api-version of a pool's account lacks.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "reconciler/core/property.h"
#include "reconciler/core/text.h"
#include "reconciler/spec/assemble.h"
#include "tests/core/schema_walk.h"
#include "tests/spec/world.h"

namespace reconciler::spec {
namespace {

constexpr std::array<std::string_view, 5> kVersions{
    "2022-10-01.16.0", "2023-11-01.18.0", "2024-02-01.19.0", "2024-07-01.20.0", "2025-06-01"};

std::string CheckFile(const std::string& text, std::string_view api_version) {
  LoadOptions options{{"contoso"}};
  options.api_version_of = [&](std::string_view) { return std::string(api_version); };
  return TextOf(ValidateFiles({{"a.yaml", text}}, options));
}

std::string Check(const std::string& more, std::string_view api_version = "2025-06-01") {
  return CheckFile(PoolText("p", more), api_version);
}

TEST_CASE("version: a member says which api-versions have it") {
  const std::string mode = "  targetNodeCommunicationMode: simplified\n";
  CHECK(Check(mode, "2024-07-01.20.0") == "");
  CHECK(Check(mode) ==
        "a.yaml:8:3: spec.targetNodeCommunicationMode: exists up to api-version 2024-07-01.20.0, "
        "account 'contoso' uses 2025-06-01\n");
  const std::string upgrade = "  upgradePolicy: {mode: manual}\n";
  CHECK(Check(upgrade, "2024-02-01.19.0") == "");
  CHECK(Check(upgrade, "2023-11-01.18.0") ==
        "a.yaml:8:3: spec.upgradePolicy: exists from api-version 2024-02-01.19.0 on, account "
        "'contoso' uses 2023-11-01.18.0\n");
  const std::string tags = "  resourceTags: {team: render}\n";
  CHECK(Check(tags, "2023-11-01.18.0") == "");
  for (const std::string version : {"2022-10-01.16.0", "2025-06-01"}) {
    CHECK(Check(tags, version) ==
          "a.yaml:8:3: spec.resourceTags: exists in api-versions 2023-11-01.18.0 to "
          "2024-07-01.20.0, account 'contoso' uses " +
              version + "\n");
  }
}

TEST_CASE("version: the kind of a data disk has another home, which is named") {
  const std::string disk = "    dataDisks: [{lun: 0, diskSizeGB: 10, ";
  const std::string now = disk + "managedDisk: {storageAccountType: premium_lrs}}]\n";
  const std::string before = disk + "storageAccountType: premium_lrs}]\n";
  CHECK(Check(now) == "");
  CHECK(Check(before, "2024-07-01.20.0") == "");
  CHECK(Check(before).find("uses 2025-06-01; write managedDisk.storageAccountType\n") !=
        std::string::npos);
  CHECK(Check(now, "2024-07-01.20.0")
            .find("uses 2024-07-01.20.0; write storageAccountType beside lun\n") !=
        std::string::npos);
  const std::string os_disk = "    osDisk: {managedDisk: {storageAccountType: premium_lrs}}\n";
  CHECK(Check(os_disk, "2022-10-01.16.0").find("; write") == std::string::npos);
}

TEST_CASE("version: a customer-managed key is of 2025-06-01, as are settings of the proxy agent") {
  const std::string key =
      "    diskEncryptionConfiguration:\n"
      "      targets: [osdisk]\n"
      "      customerManagedKey: {identityReference: {resourceId: /i}, keyUrl: https://k/1}\n"
      "    securityProfile: {proxyAgentSettings: {enabled: true, imds: {mode: Audit}}}\n";
  CHECK(Check(key) == "");
  CHECK(Check(key, "2024-07-01.20.0") ==
        "a.yaml:10:7: spec.virtualMachineConfiguration.diskEncryptionConfiguration."
        "customerManagedKey: exists from api-version 2025-06-01 on, account 'contoso' uses "
        "2024-07-01.20.0\n"
        "a.yaml:11:23: spec.virtualMachineConfiguration.securityProfile.proxyAgentSettings: exists "
        "from api-version 2025-06-01 on, account 'contoso' uses 2024-07-01.20.0\n");
}

TEST_CASE("version: a value of an enum says which api-versions have it") {
  const std::string confidential =
      "    securityProfile: {securityType: ConfidentialVM}\n"
      "    osDisk: {managedDisk: {securityProfile: {securityEncryptionType: NonPersistedTPM}}}\n";
  CHECK(Check(confidential) == "");
  CHECK(Check(confidential, "2023-11-01.18.0") ==
        "a.yaml:8:37: spec.virtualMachineConfiguration.securityProfile.securityType: the value "
        "'confidentialvm' exists from api-version 2024-07-01.20.0 on, account 'contoso' uses "
        "2023-11-01.18.0\n"
        "a.yaml:9:28: spec.virtualMachineConfiguration.osDisk.managedDisk.securityProfile: exists "
        "from api-version 2024-07-01.20.0 on, account 'contoso' uses 2023-11-01.18.0\n");
}

TEST_CASE("version: without a configuration the newest is assumed, and it says so") {
  const std::string text = PoolText("p, account: any",
                                    "  targetNodeCommunicationMode: classic\n"
                                    "  userAccounts: [{name: u, password: {secretRef: any}}]\n");
  CHECK(TextOf(ValidateFiles({{"a.yaml", text}}, {})) ==
        "a.yaml:8:3: spec.targetNodeCommunicationMode: exists up to api-version 2024-07-01.20.0, "
        "2025-06-01 is assumed without a configuration\n");
}

LoadOptions TwoAccounts() {
  LoadOptions options{{"old", "new"}};
  options.api_version_of = [](std::string_view account) {
    return std::string(account == "old" ? "2024-07-01.20.0" : "2025-06-01");
  };
  return options;
}

TEST_CASE("version: pools of two accounts are judged by that of their own") {
  const std::string families =
      "  networkConfiguration: {publicIPAddressConfiguration: {ipFamilies: [IPv4]}}\n";
  const std::string mode = "  targetNodeCommunicationMode: classic\n";
  CHECK(TextOf(ValidateFiles({{"a.yaml", PoolText("a, account: old", mode)},
                              {"b.yaml", PoolText("b, account: new", families)}},
                             TwoAccounts())) == "");
  CHECK(TextOf(ValidateFiles({{"a.yaml", PoolText("a, account: old", families)},
                              {"b.yaml", PoolText("b, account: new", mode)}},
                             TwoAccounts())) ==
        "a.yaml:8:57: spec.networkConfiguration.publicIPAddressConfiguration.ipFamilies: exists "
        "from api-version 2025-06-01 on, account 'old' uses 2024-07-01.20.0\n"
        "b.yaml:8:3: spec.targetNodeCommunicationMode: exists up to api-version 2024-07-01.20.0, "
        "account 'new' uses 2025-06-01\n");
}

TEST_CASE("version: what defaults give to both accounts is an error for one, and null mends it") {
  const std::string old_pool = PoolText("a, account: old");
  const std::string new_pool = PoolText("b, account: new");
  const std::string defaults = DefaultsText("spec: {targetNodeCommunicationMode: classic}\n");
  const std::string mended = PoolText("b, account: new", "  targetNodeCommunicationMode: null\n");
  const auto check = [&](const std::string& second) {
    return TextOf(ValidateFiles(
        {{"a.yaml", old_pool}, {"b.yaml", second}, {"defaults.yaml", defaults}}, TwoAccounts()));
  };
  CHECK(check(new_pool) ==
        "defaults.yaml:3:8: spec.targetNodeCommunicationMode: exists up to api-version "
        "2024-07-01.20.0, account 'new' uses 2025-06-01\n");
  CHECK(check(mended) == "");
}

/// A document in which nothing but that member is written.
std::string DocumentWith(const PropertyNode& row, const std::string& value) {
  std::string text = "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: p}\nspec: ";
  std::string end = "\n";
  for (std::string_view step : SplitText(row.path, '.')) {
    const bool in_list = step.ends_with("[]");
    if (in_list) step.remove_suffix(2);
    text += fmt::format("{{{}: {}", step, in_list ? "[" : "");
    end = (in_list ? "]}" : "}") + end;
  }
  return text + value + end;
}

std::string AnyValue(const PropertyNode& row) {
  if (!row.allowed.empty()) return row.allowed.front().AsString();
  if (row.type == ValueType::kBoolean) return "true";
  if (row.type == ValueType::kInteger) return "5";
  if (row.type == ValueType::kList) return "[]";
  return row.type == ValueType::kObject ? "{}" : "text";
}

TEST_CASE("version: whatever has a bound in the table, at any depth, is judged by it") {
  int members = 0;
  int values = 0;
  VisitNodes(PoolPropertyTable().Spec(), [&](const PropertyNode& row) {
    CAPTURE(row.path);
    for (const std::string_view version : kVersions) {
      const std::string versions = VersionsInWords(row.since, row.until);
      const std::string found = CheckFile(DocumentWith(row, AnyValue(row)), version);
      const bool told = found.find(row.name + ": exists ") != std::string::npos;
      CHECK_MESSAGE(told == !row.ExistsIn(version), found);
      if (told) CHECK(found.find(row.name + ": exists " + versions + ", ") != std::string::npos);
      members += told ? 1 : 0;
      for (const auto& [value, since] : row.values_since) {
        const std::string of_value = CheckFile(DocumentWith(row, value), version);
        const std::string expected =
            fmt::format(".{}: the value '{}' exists from api-version {} on, account 'contoso' uses",
                        row.name, value, since);
        const bool value_told = of_value.find(expected) != std::string::npos;
        CHECK_MESSAGE(value_told == !ApiVersionAtLeast(version, since), of_value);
        values += value_told ? 1 : 0;
      }
    }
  });
  CHECK(members > 50);
  CHECK(values > 5);
}

}  // namespace
}  // namespace reconciler::spec
