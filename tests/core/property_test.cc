#include "reconciler/core/property.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace reconciler {
namespace {

/// A document with one property `p` whose schema is `schema`.
std::string WithProperty(const std::string& schema) {
  return R"({"type": "object", "additionalProperties": false, "properties": {"p": )" + schema +
         R"(}, "$defs": {"word": {"type": "string", "maxLength": 9, "description": "A word."},)" +
         R"("a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"},)" +
         R"("nest": {"type": "array", "x-compare": "list", "items": {"$ref": "#/$defs/nest"}},)" +
         R"("secretRef": {"type": "object", "properties": {"secretRef": {"type": "string"}},)" +
         R"("required": ["secretRef"], "additionalProperties": false}}})";
}

PropertyTable Read(const std::string& schema) {
  Result<PropertyTable> table = PropertyTable::Parse(WithProperty(schema));
  REQUIRE_MESSAGE(table.has_value(), (table ? "" : table.error().message));
  return std::move(table).value();
}

std::string ErrorOf(const std::string& schema) {
  const Result<PropertyTable> table = PropertyTable::Parse(WithProperty(schema));
  return table ? "no error" : table.error().message;
}

TEST_CASE("property: every cost has its word") {
  const std::vector<Cost> costs{Cost::kPatch, Cost::kReboot,  Cost::kScale,
                                Cost::kEmpty, Cost::kReplace, Cost::kArm};
  for (const Cost cost : costs) {
    const std::string word(CostName(cost));
    const PropertyTable table = Read(R"({"type": "string", "x-cost": ")" + word + R"("})");
    CHECK(table.Find("p")->CostFor("2025-06-01") == cost);
  }
}

TEST_CASE("property: api-versions order by their date") {
  CHECK(ApiVersionAtLeast("2025-06-01", "2024-07-01.20.0"));
  CHECK(ApiVersionAtLeast("2024-07-01.20.0", "2024-07-01.20.0"));
  CHECK_FALSE(ApiVersionAtLeast("2024-02-01.19.0", "2024-07-01.20.0"));
  CHECK(ApiVersionAtLeast("2022-10-01.16.0", ""));
}

TEST_CASE("property: the cost of the pool's properties follows the api-version") {
  const PropertyTable& table = PoolPropertyTable();
  const PropertyNode& size = *table.FindTopLevel("vmSize");
  CHECK(size.CostFor("2022-10-01.16.0") == Cost::kReplace);
  CHECK(size.CostFor("2024-02-01.19.0") == Cost::kReplace);
  CHECK(size.CostFor("2024-07-01.20.0") == Cost::kEmpty);
  CHECK(size.CostFor("2025-06-01") == Cost::kEmpty);
  CHECK(table.FindTopLevel("metadata")->CostFor("2025-06-01") == Cost::kPatch);
  CHECK(table.FindTopLevel("startTask")->CostFor("2022-10-01.16.0") == Cost::kReboot);
  CHECK(table.FindTopLevel("resourceTags")->CostFor("2023-11-01.18.0") == Cost::kArm);
  CHECK(table.Find("startTask.commandLine")->CostFor("2025-06-01") == Cost::kReboot);
  CHECK_FALSE(table.Root().FindMember("policy")->CostFor("2025-06-01").has_value());
}

TEST_CASE("property: the scale group is what resize and autoscale calls set") {
  const PropertyTable& table = PoolPropertyTable();
  std::vector<std::string> group;
  for (const PropertyNode& node : table.Spec().members) {
    if (table.InScaleGroup(node.name)) group.push_back(node.name);
  }
  CHECK(group == std::vector<std::string>{"resizeTimeout", "targetDedicatedNodes",
                                          "targetLowPriorityNodes", "enableAutoScale",
                                          "autoScaleFormula", "autoScaleEvaluationInterval"});
  CHECK_FALSE(table.InScaleGroup("noSuchProperty"));
}

TEST_CASE("property: a default is unknown, nothing, or a value of that api-version") {
  const PropertyTable& table = PoolPropertyTable();
  CHECK(table.Find("virtualMachineConfiguration.osDisk.caching")->DefaultFor("2025-06-01") ==
        nullptr);
  const Value* name = table.FindTopLevel("displayName")->DefaultFor("2025-06-01");
  REQUIRE(name != nullptr);
  CHECK(name->IsNull());
  const PropertyNode& policy = *table.FindTopLevel("taskSchedulingPolicy");
  CHECK(policy.DefaultFor("2024-07-01.20.0")->Find("jobDefaultOrder") == nullptr);
  CHECK(policy.DefaultFor("2025-06-01")->StringOr("jobDefaultOrder") == "none");
  const PropertyNode& user = *table.Find("startTask.userIdentity");
  CHECK(user.DefaultFor("2025-06-01")->FindPath("autoUser.scope")->AsString() == "pool");
}

TEST_CASE("property: a map of versions begins with its first entry") {
  const PropertyTable table =
      Read(R"({"type": "integer", "x-default": {"2024-07-01.20.0": 1, "2025-06-01": 2}})");
  const PropertyNode& node = *table.Find("p");
  CHECK(node.DefaultFor("2023-05-01.17.0") == nullptr);
  CHECK(node.DefaultFor("2024-07-01.20.0")->AsInt() == 1);
  CHECK(node.DefaultFor("2030-01-01")->AsInt() == 2);
}

TEST_CASE("property: an object that is no map of versions is a default itself") {
  const PropertyTable table =
      Read(R"({"type": "object", "additionalProperties": true, "x-default": {"a": 1}})");
  CHECK(table.Find("p")->DefaultFor("2025-06-01")->IntOr("a", 0) == 1);
}

TEST_CASE("property: members come and go with the api-version") {
  const PropertyTable& table = PoolPropertyTable();
  const PropertyNode& tags = *table.FindTopLevel("resourceTags");
  CHECK_FALSE(tags.ExistsIn("2023-05-01.17.0"));
  CHECK(tags.ExistsIn("2023-11-01.18.0"));
  CHECK(tags.ExistsIn("2024-07-01.20.0"));
  CHECK_FALSE(tags.ExistsIn("2025-06-01"));
  const PropertyNode& security =
      *table.Find("virtualMachineConfiguration.securityProfile.securityType");
  CHECK_FALSE(security.ValueExistsIn("ConfidentialVM", "2024-02-01.19.0"));
  CHECK(security.ValueExistsIn("ConfidentialVM", "2024-07-01.20.0"));
  CHECK(security.ValueExistsIn("trustedLaunch", "2023-11-01.18.0"));
}

TEST_CASE("property: a path finds its row, with or without an index") {
  const PropertyTable& table = PoolPropertyTable();
  const PropertyNode* url = table.Find("startTask.resourceFiles[].httpUrl");
  REQUIRE(url != nullptr);
  CHECK(table.Find("startTask.resourceFiles[12].httpUrl") == url);
  CHECK(url->path == "startTask.resourceFiles[].httpUrl");
  CHECK(url->compare == Compare::kUrl);
  CHECK(table.Find("startTask.resourceFiles.httpUrl") == nullptr);
  CHECK(table.Find("startTask[].commandLine") == nullptr);
  CHECK(table.Find("startTask.noSuchMember") == nullptr);
  CHECK(table.Find("") == nullptr);
}

TEST_CASE("property: rows outside of the spec are found from the root") {
  const PropertyTable& table = PoolPropertyTable();
  CHECK(table.Root().FindMember("metadata")->FindMember("name")->path == "metadata.name");
  CHECK(table.FindTopLevel("policy") == nullptr);
  CHECK(ConfigPropertyTable().Find("accounts[].auth.sharedKey")->alternatives.size() == 2);
  CHECK(ConfigPropertyTable().Find("secrets")->further != nullptr);
}

TEST_CASE("property: comparison, key and empty lists are read") {
  const PropertyTable& table = PoolPropertyTable();
  const PropertyNode& metadata = *table.FindTopLevel("metadata");
  CHECK(metadata.compare == Compare::kByKey);
  CHECK(metadata.key == "name");
  CHECK_FALSE(metadata.empty_is_value);
  const PropertyNode& mounts =
      *table.Find("startTask.containerSettings.containerHostBatchBindMounts");
  CHECK(mounts.compare == Compare::kByKey);
  CHECK(mounts.key == "source");
  CHECK(mounts.empty_is_value);
  CHECK(table.FindTopLevel("vmSize")->compare == Compare::kCaseFold);
  CHECK(table.FindTopLevel("autoScaleFormula")->compare == Compare::kText);
  CHECK(table.FindTopLevel("autoScaleEvaluationInterval")->compare == Compare::kDuration);
  CHECK(table.FindTopLevel("resizeTimeout")->compare == Compare::kNone);
}

TEST_CASE("property: an object compares member by member and a scalar exactly, unless it says") {
  const PropertyTable table = Read(
      R"({"type": "object", "additionalProperties": false, "properties": {"q": {"type": "string"}}})");
  CHECK(table.Find("p")->compare == Compare::kObject);
  CHECK(table.Find("p.q")->compare == Compare::kExact);
}

TEST_CASE("property: alternatives are told apart by one member each") {
  const PropertyNode& image =
      *PoolPropertyTable().Find("virtualMachineConfiguration.imageReference");
  REQUIRE(image.alternatives.size() == 4);
  const PropertyAlternative& marketplace = image.alternatives[0];
  CHECK(marketplace.title == "marketplace image");
  CHECK(marketplace.member == "publisher");
  CHECK(marketplace.required == std::vector<std::string>{"publisher", "offer"});
  CHECK(marketplace.members == std::vector<std::string>{"publisher", "offer", "sku", "version"});
  CHECK(image.alternatives[1].member == "virtualMachineImageId");
  CHECK(image.members.size() == 7);

  const PropertyNode& blob =
      *PoolPropertyTable().Find("mountConfiguration[].azureBlobFileSystemConfiguration");
  REQUIRE(blob.alternatives.size() == 3);
  CHECK(blob.alternatives[1].member == "sasKey");
  CHECK(blob.alternatives[1].members.empty());
}

TEST_CASE("property: secrets say how they may be written and are never returned") {
  const PropertyTable& table = PoolPropertyTable();
  const PropertyNode& password = *table.Find("userAccounts[].password");
  CHECK(password.secret == SecretUse::kAlways);
  CHECK_FALSE(password.returned);
  CHECK_FALSE(password.secret_is_json);
  CHECK(password.type == ValueType::kString);
  CHECK(password.members.empty());
  const PropertyNode& settings =
      *table.Find("virtualMachineConfiguration.extensions[].protectedSettings");
  CHECK(settings.secret == SecretUse::kAlways);
  CHECK(settings.secret_is_json);
  const PropertyNode& value = *table.Find("startTask.environmentSettings[].value");
  CHECK(value.secret == SecretUse::kMaybe);
  CHECK(value.returned);
  CHECK(value.type == ValueType::kString);
  CHECK(value.alternatives.empty());
  REQUIRE(table.SecretReference() != nullptr);
  CHECK(table.SecretReference()->FindMember("secretRef")->type == ValueType::kString);
  CHECK(ConfigPropertyTable().SecretReference() == nullptr);
}

TEST_CASE("property: a keyword beside $ref wins over the definition") {
  const PropertyTable table = Read(R"({"$ref": "#/$defs/word", "maxLength": 4})");
  CHECK(table.Find("p")->length_max == 4U);
  CHECK(table.Find("p")->description == "A word.");
}

TEST_CASE("property: what is to be known beside a cost holds for all below") {
  const PropertyTable& table = PoolPropertyTable();
  const std::string disks = "virtualMachineConfiguration.dataDisks";
  CHECK_FALSE(table.Find(disks)->cost_note.empty());
  CHECK(table.Find(disks + "[0].managedDisk.storageAccountType")->cost_note ==
        table.Find(disks)->cost_note);
  CHECK(table.Find("virtualMachineConfiguration.osDisk.caching")->cost_note.empty());
}

TEST_CASE("property: the limits of a row are read") {
  const PropertyNode& slots = *PoolPropertyTable().FindTopLevel("taskSlotsPerNode");
  CHECK(slots.minimum == 1);
  CHECK(slots.maximum == 256);
  CHECK(PoolPropertyTable().FindTopLevel("displayName")->length_max == 1024U);
  CHECK(PoolPropertyTable().FindTopLevel("applicationPackageReferences")->items_max == 10U);
  CHECK(ConfigPropertyTable().Find("accounts")->items_min == 1U);
  CHECK(ConfigPropertyTable().Find("interval")->range_min == "1s");
  CHECK(PoolPropertyTable().Root().FindMember("apiVersion")->allowed.front().AsString() ==
        "poolkeeper/v1");
}

TEST_CASE("property: a schema that is not ours is refused with its place") {
  CHECK(ErrorOf(R"({"type": "string", "format": "uri"})") ==
        "schema: 'p': keyword 'format' is not known");
  CHECK(ErrorOf(R"({"type": "text"})") ==
        R"(schema: 'p': keyword 'type' cannot have the value "text")");
  CHECK(ErrorOf(R"({"type": "string", "pattern": "[a-z]+"})") ==
        R"(schema: 'p': keyword 'pattern' cannot have the value "[a-z]+")");
  CHECK(ErrorOf(R"({"type": "string", "x-cost": {"2024-07-01.20.0": "free"}})") ==
        R"(schema: 'p': keyword 'x-cost' cannot have the value {"2024-07-01.20.0":"free"})");
  CHECK(ErrorOf(R"({"type": "string", "x-secret": false})") ==
        "schema: 'p': keyword 'x-secret' cannot have the value false");
  CHECK(ErrorOf(R"({"type": "string", "x-range": {"least": "PT1S"}})") ==
        R"(schema: 'p': keyword 'x-range' cannot have the value {"least":"PT1S"})");
  CHECK(ErrorOf(R"({"type": "string", "x-beside": "vmSize"})") ==
        R"(schema: 'p': keyword 'x-beside' cannot have the value "vmSize")");
  CHECK(ErrorOf(R"({"$ref": "#/$defs/nothing"})") ==
        "schema: 'p': $ref '#/$defs/nothing' leads nowhere");
  CHECK(ErrorOf(R"({"$ref": "other.json#/$defs/word"})") ==
        "schema: 'p': $ref 'other.json#/$defs/word' leads nowhere");
  CHECK(ErrorOf(R"({"$ref": "#/$defs/a"})") == "schema: 'p': $ref goes around in a circle");
  CHECK(ErrorOf(R"({"$ref": "#/$defs/nest"})").find("nested too deeply") != std::string::npos);
  CHECK(ErrorOf(R"({"type": "object", "properties": {}})") ==
        "schema: 'p': an object must say additionalProperties");
  CHECK(ErrorOf(R"({"type": "array"})") == "schema: 'p': a list must say what its items are");
  CHECK(ErrorOf(R"({"type": "array", "items": {"type": "string"}})") ==
        "schema: 'p': a list must say x-compare");
  CHECK(ErrorOf(R"({"type": "object", "additionalProperties": false, "required": ["q"]})") ==
        "schema: 'p': required member 'q' is not described");
  CHECK(ErrorOf(R"({"type": "object", "oneOf": [{"title": "x"}]})") ==
        "schema: 'p': a branch of oneOf must require its distinguishing member");
}

TEST_CASE("property: text that is not JSON is no schema") {
  const Result<PropertyTable> table = PropertyTable::Parse("{\"type\": ");
  REQUIRE_FALSE(table.has_value());
  CHECK(table.error().kind == ErrorKind::kInvalidSpec);
  CHECK(table.error().message.starts_with("schema: "));
}

}  // namespace
}  // namespace reconciler
