// Each cell of the service's list of members against the property table.
#include "tests/core/pool_members.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "reconciler/core/duration.h"
#include "reconciler/core/json.h"
#include "reconciler/core/property.h"
#include "reconciler/core/text.h"
#include "tests/core/schema_walk.h"

namespace reconciler {
namespace {

/// Where the table differs from the list on purpose.
struct Judgement {
  std::string_view path;
  std::string_view column;
  std::string_view table;  // what the table has
  std::string_view reason;
};
constexpr std::string_view kLeast = "nothing is documented; less makes no sense";
constexpr std::string_view kFalse = "nothing is documented; the service returns false or nothing";
constexpr std::string_view kWhole = "members below have the defaults; this is the absent object";
constexpr std::array<Judgement, 20> kJudgements{{
    {"certificateReferences[].thumbprintAlgorithm", "enum_values", "sha1", "must be sha1"},
    {"certificateReferences[].thumbprintAlgorithm", "type", "enum", "must be sha1"},
    {"networkConfiguration.publicIPAddressConfiguration.ipFamilies", "default", "IPv4",
     "absent is IPv4 alone"},
    {"startTask.userIdentity", "default",
     R"({"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}})", kWhole},
    {"targetDedicatedNodes", "min", "0", kLeast},
    {"targetLowPriorityNodes", "min", "0", kLeast},
    {"taskSchedulingPolicy", "default", R"({"nodeFillType":"spread"})", kWhole},
    {"taskSchedulingPolicy", "default", R"({"nodeFillType":"spread","jobDefaultOrder":"none"})",
     kWhole},
    {"taskSlotsPerNode", "min", "1", kLeast},
    {"upgradePolicy.automaticOSUpgradePolicy.disableAutomaticRollback", "default", "false", kFalse},
    {"upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade", "default", "false", kFalse},
    {"upgradePolicy.automaticOSUpgradePolicy.osRollingUpgradeDeferral", "default", "false", kFalse},
    {"upgradePolicy.automaticOSUpgradePolicy.useRollingUpgradePolicy", "default", "false", kFalse},
    {"userAccounts[].linuxUserConfiguration.gid", "min", "0", kLeast},
    {"userAccounts[].linuxUserConfiguration.uid", "min", "0", kLeast},
    {"virtualMachineConfiguration.dataDisks[].diskSizeGB", "min", "1", kLeast},
    {"virtualMachineConfiguration.nodeAgentSKUId", "required_in_create", "no",
     "resolved from the list of supported images"},
    {"virtualMachineConfiguration.osDisk.diskSizeGB", "min", "1", kLeast},
    {"virtualMachineConfiguration.osDisk.writeAcceleratorEnabled", "default", "false", kFalse},
    {"virtualMachineConfiguration.securityProfile.encryptionAtHost", "default", "false", kFalse},
}};

bool IsIdentity(const ServiceMember& member) { return member.path() == "id"; }

std::string YesNo(bool holds) { return holds ? "yes" : "no"; }

bool IsDuration(const PropertyNode& row) {
  return row.compare == Compare::kDuration || !row.range_min.empty();
}

std::string TypeWord(const PropertyNode& row) {
  switch (row.type) {
    case ValueType::kBoolean:
      return "boolean";
    case ValueType::kInteger:
      return "int32";
    case ValueType::kList:
      return "list";
    case ValueType::kObject:
      return "object";
    case ValueType::kString:
      return !row.allowed.empty() ? "enum" : IsDuration(row) ? "duration" : "string";
    case ValueType::kAny:
      break;
  }
  return "any";
}

/// The words of an enum in any order; those that the first of `versions` lacks with their own.
std::string EnumWords(const PropertyNode& row, const std::vector<std::string>& versions) {
  std::set<std::string> words;
  for (const Value& allowed : row.allowed) {
    std::string word = allowed.AsString();
    for (const auto& [value, since] : row.values_since) {
      if (value == word && since > versions.front()) word += "@" + since;
    }
    words.insert(word);
  }
  return fmt::format("{}", fmt::join(words, ";"));
}

std::string Lowest(const PropertyNode& row) {
  if (!row.range_min.empty()) return row.range_min;
  if (row.minimum && *row.minimum != INT32_MIN) return fmt::format("{}", *row.minimum);
  return row.items_min ? fmt::format("{}", *row.items_min) : "";
}

std::string Highest(const PropertyNode& row) {
  if (!row.range_max.empty()) return row.range_max;
  if (row.minimum && !row.maximum) return "none";  // more than the type holds
  if (row.maximum && *row.maximum != INT32_MAX) return fmt::format("{}", *row.maximum);
  return row.items_max ? fmt::format("{}", *row.items_max) : "";
}

std::string DefaultText(const Value* value) {
  if (value == nullptr || value->IsNull()) return "";
  if (value->IsString()) return value->AsString();
  if (!value->IsArray()) return WriteJson(*value);
  std::vector<std::string> items;
  for (const Value& item : value->AsArray()) items.push_back(DefaultText(&item));
  return fmt::format("{}", fmt::join(items, ";"));
}

const PropertyNode& ParentOf(const PropertyNode& row) {
  const std::size_t dot = row.path.rfind('.');
  if (dot == std::string::npos) return PoolPropertyTable().Spec();
  return *PoolPropertyTable().Find(row.path.substr(0, dot));
}

/// Whether the member and all above it exist in that version.
bool ReachableIn(const std::string& path, std::string_view version) {
  for (std::size_t end = path.find_first_of(".[");; end = path.find_first_of(".[", end + 1)) {
    const PropertyNode* row = PoolPropertyTable().Find(path.substr(0, end));
    if (row == nullptr || !row->ExistsIn(version)) return false;
    if (end == std::string::npos) return true;
  }
}

std::string VersionsOf(const std::string& path) {
  std::vector<std::string_view> versions;
  for (const std::string_view version : {"2024-07-01.20.0", "2025-06-01"}) {
    if (ReachableIn(path, version)) versions.push_back(version);
  }
  return fmt::format("{}", fmt::join(versions, ";"));
}

/// What the list would say of the row; `version` is one that has it.
std::string CellOf(const PropertyNode& row, const std::string& column, const ServiceMember& member,
                   const std::string& version) {
  const Cost cost = row.CostFor(version).value();
  if (column == "in_get") return YesNo(row.returned);
  if (column == "in_patch") return YesNo(cost != Cost::kScale);
  if (column == "in_updateproperties") return YesNo(cost == Cost::kPatch || cost == Cost::kReboot);
  if (column == "versions") return VersionsOf(row.path);
  if (column == "type") return TypeWord(row);
  if (column == "required_in_create") return YesNo(ParentOf(row).IsRequired(row.name));
  if (column == "enum_values") return EnumWords(row, member.Versions());
  if (column == "min") return Lowest(row);
  if (column == "max") return Highest(row);
  if (column == "max_length") return row.length_max ? fmt::format("{}", *row.length_max) : "";
  if (column == "default") return DefaultText(row.DefaultFor(version));
  if (column == "secret") return YesNo(row.secret == SecretUse::kAlways);
  FAIL("no such column: ", column);
  return "";
}

constexpr std::array<std::string_view, 12> kColumns{
    "in_get",      "in_patch", "in_updateproperties",
    "versions",    "type",     "required_in_create",
    "enum_values", "min",      "max",
    "max_length",  "default",  "secret"};

/// PT168H is P7D, and the words of an enum have no order.
bool Same(const std::string& listed, const std::string& table) {
  if (listed == table) return true;
  const auto length = ParseIsoDuration(listed);
  if (length && length == ParseIsoDuration(table)) return true;
  std::set<std::string_view> words;
  for (const std::string_view word : SplitText(listed, ';')) words.insert(word);
  return fmt::format("{}", fmt::join(words, ";")) == table;
}

/// "path column: 'text of the table'" for each cell in which the two differ.
std::set<std::string> Differences(const ServiceMember& member, const PropertyNode& row) {
  std::set<std::string> found;
  for (const std::string_view name : kColumns) {
    const std::string column(name);
    for (const std::string& version : member.Versions()) {
      const std::string table = CellOf(row, column, member, version);
      if (Same(member[column], table)) continue;
      found.insert(fmt::format("{} {}: '{}'", row.path, column, table));
    }
  }
  return found;
}

TEST_CASE("members: each cell of the service's list is what the table says, or a judgement") {
  std::set<std::string> judged;
  for (const Judgement& judgement : kJudgements) {
    CHECK_FALSE(judgement.reason.empty());
    judged.insert(fmt::format("{} {}: '{}'", judgement.path, judgement.column, judgement.table));
  }
  const std::vector<ServiceMember> members = ReadCreateMembers();
  CHECK(members.size() == 223);
  std::set<std::string> found;
  for (const ServiceMember& member : members) {
    if (IsIdentity(member)) continue;  // metadata.name of the document
    const PropertyNode* row = PoolPropertyTable().Find(member.path());
    REQUIRE_MESSAGE(row != nullptr, member.path());
    REQUIRE(row->path == member.path());
    found.merge(Differences(member, *row));
  }
  for (const std::string& difference : found) CHECK_MESSAGE(judged.count(difference), difference);
  for (const std::string& difference : judged) CHECK_MESSAGE(found.count(difference), difference);
}

// Source: "Pool - Patch": what is not in updateproperties needs an empty pool from 2024-07-01.20.0
// on, and could not be changed before; tags could, through the management plane.
TEST_CASE("members: before 2024-07-01.20.0 what needs an empty pool needs a new one") {
  const std::set<std::string> reboot{"startTask", "applicationPackageReferences",
                                     "certificateReferences"};
  for (const PropertyNode& row : PoolPropertyTable().Spec().members) {
    CAPTURE(row.path);
    const Cost cost = row.CostFor("2024-07-01.20.0").value();
    const Cost before = row.CostFor("2024-02-01.19.0").value();
    CHECK(row.CostFor("2025-06-01") == cost);
    CHECK(row.CostFor("2022-10-01.16.0") == before);
    CHECK((cost == Cost::kReboot) == (reboot.count(row.path) == 1));
    if (cost != Cost::kEmpty) CHECK(before == cost);
    if (cost == Cost::kEmpty && row.path == "resourceTags") CHECK(before == Cost::kArm);
    if (cost == Cost::kEmpty && row.path != "resourceTags") CHECK(before == Cost::kReplace);
  }
}

// Source: the table "Pool and node changes by version" of the service's release notes; first and
// last versions before 2024-07-01.20.0 do not stand in the list.
TEST_CASE("members: those that came before 2024-07-01.20.0 say with which version") {
  const std::map<std::string, std::string> since{
      {"upgradePolicy", "2024-02-01.19.0"},
      {"resourceTags", "2023-11-01.18.0"},
      {"startTask.containerSettings.containerHostBatchBindMounts", "2024-07-01.20.0"},
      {"networkConfiguration.enableAcceleratedNetworking", "2023-05-01.17.0"},
      {"virtualMachineConfiguration.extensions[].enableAutomaticUpgrade", "2023-05-01.17.0"},
      {"virtualMachineConfiguration.imageReference.sharedGalleryImageId", "2024-07-01.20.0"},
      {"virtualMachineConfiguration.imageReference.communityGalleryImageId", "2024-07-01.20.0"},
      {"virtualMachineConfiguration.osDisk.caching", "2023-11-01.18.0"},
      {"virtualMachineConfiguration.osDisk.diskSizeGB", "2023-11-01.18.0"},
      {"virtualMachineConfiguration.osDisk.managedDisk", "2023-11-01.18.0"},
      {"virtualMachineConfiguration.osDisk.managedDisk.securityProfile", "2024-07-01.20.0"},
      {"virtualMachineConfiguration.osDisk.writeAcceleratorEnabled", "2023-11-01.18.0"},
      {"virtualMachineConfiguration.securityProfile", "2023-11-01.18.0"},
      {"virtualMachineConfiguration.serviceArtifactReference", "2023-11-01.18.0"}};
  std::map<std::string, std::string> found;
  VisitNodes(PoolPropertyTable().Spec(), [&found](const PropertyNode& row) {
    if (!row.since.empty() && row.since != "2025-06-01") found[row.path] = row.since;
  });
  CHECK(found == since);
}

TEST_CASE("members: the table has no row that create pool does not take") {
  std::set<std::string> known;
  for (const ServiceMember& member : ReadCreateMembers()) known.insert(member.path());
  VisitNodes(PoolPropertyTable().Spec(), [&known](const PropertyNode& row) {
    const bool is_object_item = row.name == "[]" && row.type == ValueType::kObject;
    if (row.path == "spec" || is_object_item || row.name == "*") return;
    CHECK_MESSAGE(known.count(row.path) == 1, row.path);
  });
}

TEST_CASE("members: a secret reference may stand where a SAS can, and in the environment") {
  for (const ServiceMember& member : ReadCreateMembers()) {
    if (IsIdentity(member)) continue;
    const bool is_sas = member["notes"].find("its query can carry a SAS") != std::string::npos;
    const bool expected = is_sas || member.path() == "startTask.environmentSettings[].value";
    CAPTURE(member.path());
    CHECK((PoolPropertyTable().Find(member.path())->secret == SecretUse::kMaybe) == expected);
  }
}

}  // namespace
}  // namespace reconciler
