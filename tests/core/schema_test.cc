// The schemas against the service's own list of members, and against the keywords that are ours.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "reconciler/core/duration.h"
#include "reconciler/core/json.h"
#include "reconciler/core/property.h"
#include "reconciler/core/text.h"

namespace reconciler {
namespace {

constexpr std::array<std::string_view, 3> kSchemas{"pool", "pool-defaults", "config"};
constexpr std::string_view kOldVersion = "2024-07-01.20.0";
constexpr std::string_view kNewVersion = "2025-06-01";

std::string ReadSource(const std::string& path) {
  std::ifstream file(std::string(POOLKEEPER_SOURCE_DIR) + "/" + path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Value ReadSchema(std::string_view name) {
  Result<Value> schema = ParseJson(ReadSource("schemas/" + std::string(name) + ".schema.json"));
  REQUIRE_MESSAGE(schema.has_value(), std::string(name));
  return std::move(schema).value();
}

/// One member that "create pool" takes, as the service's definition has it.
struct ServiceMember {
  std::string path;
  std::vector<std::string> versions;
  std::string type;
  bool required = false;
  std::vector<std::string> values;  // of an enum; "value@version" exists from that version on
  std::string min;
  std::string max;
  std::string max_length;
  bool secret = false;
};

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  for (const std::string_view part : SplitText(text, separator)) parts.emplace_back(part);
  return parts;
}

std::vector<ServiceMember> ReadServiceMembers() {
  std::vector<ServiceMember> members;
  const std::string text = ReadSource("tests/core/pool_members.csv");
  for (const std::string_view line : SplitText(text, '\n')) {
    if (line.empty() || line.starts_with("path,")) continue;
    const std::vector<std::string_view> cells = SplitText(line, ',');
    REQUIRE(cells.size() == 9);
    members.push_back({std::string(cells[0]), Split(cells[1], ';'), std::string(cells[2]),
                       cells[3] == "yes", Split(cells[4], ';'), std::string(cells[5]),
                       std::string(cells[6]), std::string(cells[7]), cells[8] == "yes"});
  }
  return members;
}

bool IsIdentity(const ServiceMember& member) { return member.path == "id"; }

/// Whether the member and all above it exist in that version.
bool ReachableIn(const PropertyTable& table, const std::string& path, std::string_view version) {
  for (std::size_t end = path.find_first_of(".[");; end = path.find_first_of(".[", end + 1)) {
    const PropertyNode* node = table.Find(path.substr(0, end));
    if (node == nullptr || !node->ExistsIn(version)) return false;
    if (end == std::string::npos) return true;
  }
}

ValueType TypeOf(const std::string& word) {
  if (word == "boolean") return ValueType::kBoolean;
  if (word == "int32") return ValueType::kInteger;
  if (word == "list") return ValueType::kList;
  if (word == "object") return ValueType::kObject;
  REQUIRE((word == "string" || word == "enum" || word == "duration"));
  return ValueType::kString;
}

void CheckLimits(const ServiceMember& member, const PropertyNode& node) {
  if (member.type == "duration") {
    CHECK(node.range_min == member.min);
    const auto expected = member.max.empty() ? std::nullopt : ParseIsoDuration(member.max);
    CHECK(ParseIsoDuration(node.range_max) == expected);
    return;
  }
  if (member.type == "list") {
    if (!member.max.empty()) CHECK(node.items_max == std::stoul(member.max));
    return;
  }
  if (!member.min.empty()) CHECK(node.minimum == std::stoll(member.min));
  if (!member.max.empty()) CHECK(node.maximum == std::stoll(member.max));
  if (!member.max_length.empty()) CHECK(node.length_max == std::stoul(member.max_length));
  if (member.type == "int32") CHECK(node.maximum.value_or(INT64_MAX) <= INT32_MAX);
}

void CheckValues(const ServiceMember& member, const PropertyNode& node) {
  Array expected;
  for (const std::string& word : member.values) {
    const std::size_t at = word.find('@');
    expected.emplace_back(word.substr(0, at));
    if (at != std::string::npos) {
      CHECK_FALSE(node.ValueExistsIn(word.substr(0, at), kOldVersion));
      CHECK(node.ValueExistsIn(word.substr(0, at), word.substr(at + 1)));
    }
  }
  if (!expected.empty()) {
    CHECK(node.compare == Compare::kCaseFold);
    CHECK(Value(node.allowed) == Value(expected));
  }
}

std::string ParentPath(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos ? "" : path.substr(0, dot);
}

/// A required member may also be the one that tells alternatives apart.
bool IsRequiredIn(const PropertyNode& parent, const std::string& name) {
  if (parent.IsRequired(name)) return true;
  return std::any_of(parent.alternatives.begin(), parent.alternatives.end(),
                     [&name](const PropertyAlternative& way) { return way.member == name; });
}

void VisitNodes(const PropertyNode& node, const std::function<void(const PropertyNode&)>& visit) {
  visit(node);
  for (const PropertyNode& member : node.members) VisitNodes(member, visit);
  if (node.item != nullptr) VisitNodes(*node.item, visit);
  if (node.further != nullptr) VisitNodes(*node.further, visit);
}

/// Each schema inside `schema`, itself included, in the places where JSON Schema has schemas.
void VisitSchemas(const Value& schema, const std::function<void(const Object&)>& visit) {
  if (!schema.IsObject()) return;
  visit(schema.AsObject());
  for (const std::string_view place : {"properties", "$defs"}) {
    const Value* named = schema.Find(place);
    if (named == nullptr) continue;
    for (const auto& member : named->AsObject()) VisitSchemas(member.value, visit);
  }
  for (const std::string_view place : {"items", "additionalProperties"}) {
    if (const Value* inner = schema.Find(place); inner != nullptr) VisitSchemas(*inner, visit);
  }
  if (const Value* branches = schema.Find("oneOf"); branches != nullptr) {
    for (const Value& branch : branches->AsArray()) VisitSchemas(branch, visit);
  }
}

TEST_CASE("schema: every member that create pool takes can be written") {
  const PropertyTable& table = PoolPropertyTable();
  const std::vector<ServiceMember> members = ReadServiceMembers();
  CHECK(members.size() == 223);
  for (const ServiceMember& member : members) {
    if (IsIdentity(member)) continue;  // metadata.name of the document
    CAPTURE(member.path);
    const PropertyNode* node = table.Find(member.path);
    REQUIRE(node != nullptr);
    CHECK(node->path == member.path);
    CHECK(node->type == TypeOf(member.type));
    CHECK((node->secret == SecretUse::kAlways) == member.secret);
    CHECK(node->returned == !member.secret);
    CheckLimits(member, *node);
    CheckValues(member, *node);
    const auto listed = [&member](std::string_view version) {
      return std::count(member.versions.begin(), member.versions.end(), version) == 1;
    };
    CHECK(ReachableIn(table, member.path, kOldVersion) == listed(kOldVersion));
    CHECK(ReachableIn(table, member.path, kNewVersion) == listed(kNewVersion));
  }
}

TEST_CASE("schema: what create pool requires is required, but for what poolkeeper resolves") {
  const PropertyTable& table = PoolPropertyTable();
  for (const ServiceMember& member : ReadServiceMembers()) {
    if (IsIdentity(member) || member.path == "virtualMachineConfiguration.nodeAgentSKUId") continue;
    CAPTURE(member.path);
    const PropertyNode* node = table.Find(member.path);
    REQUIRE(node != nullptr);
    if (node->name == "[]") continue;
    const std::string above = ParentPath(member.path);
    const PropertyNode* parent = above.empty() ? &table.Spec() : table.Find(above);
    REQUIRE(parent != nullptr);
    if (member.required) CHECK(IsRequiredIn(*parent, node->name));
    if (!member.required && parent->alternatives.empty()) {
      CHECK_FALSE(parent->IsRequired(node->name));
    }
  }
  CHECK_FALSE(table.FindTopLevel("virtualMachineConfiguration")->IsRequired("nodeAgentSKUId"));
}

TEST_CASE("schema: the spec has no member that create pool does not take") {
  std::set<std::string> known;
  for (const ServiceMember& member : ReadServiceMembers()) known.insert(member.path);
  VisitNodes(PoolPropertyTable().Spec(), [&known](const PropertyNode& node) {
    if (node.path == "spec" || node.name == "[]" || node.name == "*") return;
    CHECK_MESSAGE(known.count(node.path) == 1, node.path);
  });
}

TEST_CASE("schema: each top-level property says what it costs, how it compares and its row") {
  const Value schema = ReadSchema("pool");
  const Value* properties = schema.FindPath("$defs.spec.properties");
  REQUIRE(properties != nullptr);
  for (const auto& property : properties->AsObject()) {
    CAPTURE(property.name);
    for (const std::string_view keyword : {"x-cost", "x-compare", "x-row"}) {
      CHECK_MESSAGE(property.value.Find(keyword) != nullptr, std::string(keyword));
    }
    const PropertyNode* node = PoolPropertyTable().FindTopLevel(property.name);
    REQUIRE(node != nullptr);
    CHECK(node->CostFor("2022-10-01.16.0").has_value());
    CHECK(node->CostFor(kNewVersion).has_value());
    const bool required = PoolPropertyTable().Spec().IsRequired(property.name);
    CHECK((node->DefaultFor(kNewVersion) == nullptr) == required);
  }
}

TEST_CASE("schema: image, start task, metadata and packages compare precisely at each depth") {
  for (const std::string_view path : {"virtualMachineConfiguration.imageReference", "startTask",
                                      "metadata", "applicationPackageReferences"}) {
    VisitNodes(*PoolPropertyTable().Find(path), [](const PropertyNode& node) {
      CAPTURE(node.path);
      CHECK(node.compare != Compare::kJson);
      CHECK_FALSE(node.open);
    });
  }
}

TEST_CASE("schema: every optional member has a default, or stands in the list of those without") {
  // The service fills these by rules of its own, or nothing is known of what it does.
  const std::set<std::string> without{
      "virtualMachineConfiguration.imageReference.sku",  // required but for policy.image.newest
      "virtualMachineConfiguration.nodeAgentSKUId",
      "virtualMachineConfiguration.extensions[].typeHandlerVersion",
      "virtualMachineConfiguration.extensions[].autoUpgradeMinorVersion",
      "virtualMachineConfiguration.extensions[].enableAutomaticUpgrade",
      "virtualMachineConfiguration.osDisk.caching",
      "virtualMachineConfiguration.osDisk.diskSizeGB",
      "virtualMachineConfiguration.securityProfile.uefiSettings",
      "virtualMachineConfiguration.securityProfile.uefiSettings.secureBootEnabled",
      "virtualMachineConfiguration.securityProfile.uefiSettings.vTpmEnabled",
      "userAccounts[].linuxUserConfiguration.uid",
      "userAccounts[].linuxUserConfiguration.gid"};
  std::set<std::string> found;
  VisitNodes(PoolPropertyTable().Spec(), [&found](const PropertyNode& parent) {
    for (const PropertyNode& node : parent.members) {
      if (IsRequiredIn(parent, node.name) || !node.returned || !node.defaults.entries.empty()) {
        continue;
      }
      const bool in_required_way = std::any_of(
          parent.alternatives.begin(), parent.alternatives.end(), [&node](const auto& way) {
            return std::count(way.required.begin(), way.required.end(), node.name) > 0;
          });
      if (!in_required_way) found.insert(node.path);
    }
  });
  for (const std::string& path : found) CHECK_MESSAGE(without.count(path) == 1, path);
  for (const std::string& path : without) CHECK_MESSAGE(found.count(path) == 1, path);
}

TEST_CASE("schema: a default fits its own row") {
  VisitNodes(PoolPropertyTable().Root(), [](const PropertyNode& node) {
    for (const auto& entry : node.defaults.entries) {
      const Value& value = entry.second;
      CAPTURE(node.path);
      if (value.IsNull()) continue;
      switch (node.type) {
        case ValueType::kBoolean:
          CHECK(value.IsBool());
          break;
        case ValueType::kInteger:
          CHECK(value.IsInt());
          break;
        case ValueType::kString:
          CHECK(value.IsString());
          break;
        case ValueType::kList:
          CHECK(value.IsArray());
          break;
        case ValueType::kObject:
          CHECK(value.IsObject());
          break;
        case ValueType::kAny:
          break;
      }
      if (!node.allowed.empty()) {
        CHECK(std::count(node.allowed.begin(), node.allowed.end(), value) == 1);
      }
    }
  });
}

TEST_CASE("schema: the key of a list is a required scalar member of its items, or has a default") {
  for (const PropertyTable* table : {&PoolPropertyTable(), &ConfigPropertyTable()}) {
    VisitNodes(table->Root(), [](const PropertyNode& node) {
      if (node.compare != Compare::kByKey) return;
      CAPTURE(node.path);
      REQUIRE(node.item != nullptr);
      const PropertyNode* key = node.item->FindMember(node.key);
      REQUIRE(key != nullptr);
      CHECK((node.item->IsRequired(node.key) || !key->defaults.entries.empty()));
      CHECK((key->type == ValueType::kString || key->type == ValueType::kInteger));
    });
  }
}

TEST_CASE("schema: only the keywords of schemas/README.md are used") {
  const std::set<std::string> known{
      "$schema",   "$id",      "$ref",       "$defs",      "title",     "description",
      "examples",  "type",     "properties", "required",   "items",     "additionalProperties",
      "enum",      "const",    "minimum",    "maximum",    "minLength", "maxLength",
      "pattern",   "minItems", "maxItems",   "oneOf",      "x-cost",    "x-compare",
      "x-default", "x-since",  "x-until",    "x-returned", "x-secret",  "x-row",
      "x-range"};
  const std::string readme = ReadSource("schemas/README.md");
  for (const std::string& keyword : known) {
    CHECK_MESSAGE(readme.find("`" + keyword + "`") != std::string::npos, keyword);
  }
  for (const std::string_view name : kSchemas) {
    CAPTURE(std::string(name));
    VisitSchemas(ReadSchema(name), [&known](const Object& schema) {
      for (const auto& keyword : schema) {
        CHECK_MESSAGE(known.count(keyword.name) == 1, keyword.name);
      }
    });
  }
}

TEST_CASE("schema: every $ref leads somewhere, every definition is used") {
  const Value pool = ReadSchema("pool");
  for (const std::string_view name : kSchemas) {
    CAPTURE(std::string(name));
    const Value schema = ReadSchema(name);
    std::set<std::string> used;
    VisitSchemas(schema, [&](const Object& inner) {
      for (const auto& keyword : inner) {
        if (keyword.name != "$ref") continue;
        std::string target = keyword.value.AsString();
        const bool in_pool = target.starts_with("pool.schema.json#/");
        if (!in_pool) used.insert(target);
        target.erase(0, target.find('#') + 2);
        std::replace(target.begin(), target.end(), '/', '.');
        CHECK_MESSAGE((in_pool ? pool : schema).FindPath(target) != nullptr, target);
      }
    });
    const Value* definitions = schema.Find("$defs");
    if (definitions == nullptr) continue;
    for (const auto& definition : definitions->AsObject()) {
      CHECK_MESSAGE(used.count("#/$defs/" + definition.name) == 1, definition.name);
    }
  }
}

TEST_CASE("schema: patterns are anchored and compile, examples fit them") {
  for (const PropertyTable* table : {&PoolPropertyTable(), &ConfigPropertyTable()}) {
    VisitNodes(table->Root(), [](const PropertyNode& node) {
      if (node.pattern.empty()) return;
      CAPTURE(node.path);
      CHECK(node.pattern.front() == '^');
      CHECK(node.pattern.back() == '$');
      const std::regex pattern(node.pattern, std::regex::ECMAScript);
      for (const Value& example : node.examples) {
        CHECK(std::regex_match(example.AsString(), pattern));
      }
    });
  }
}

TEST_CASE("schema: every member has a description of one sentence") {
  for (const PropertyTable* table : {&PoolPropertyTable(), &ConfigPropertyTable()}) {
    VisitNodes(table->Root(), [](const PropertyNode& node) {
      if (node.name == "[]" || node.name == "*") return;
      CAPTURE(node.path);
      CHECK(node.description.size() > 15);
      CHECK(node.description.ends_with('.'));
    });
  }
}

TEST_CASE("schema: the embedded text is the file") {
  for (const std::string_view name : kSchemas) {
    CHECK(EmbeddedSchema(name) == ReadSource("schemas/" + std::string(name) + ".schema.json"));
  }
  CHECK(EmbeddedSchema("poolx").empty());
}

std::vector<std::string> NamesIn(const Value& schema, std::string_view path) {
  std::vector<std::string> names;
  const Value* properties = schema.FindPath(path);
  REQUIRE_MESSAGE(properties != nullptr, std::string(path));
  for (const auto& property : properties->AsObject()) names.push_back(property.name);
  return names;
}

TEST_CASE("schema: pool defaults can hold whatever a spec can hold, and require nothing") {
  const Value pool = ReadSchema("pool");
  const Value defaults = ReadSchema("pool-defaults");
  const std::string spec = "properties.spec.properties";
  CHECK(NamesIn(defaults, spec) == NamesIn(pool, "$defs.spec.properties"));
  for (const std::string name : {"virtualMachineConfiguration", "startTask"}) {
    CHECK(NamesIn(defaults, spec + "." + name + ".properties") ==
          NamesIn(pool, "$defs." + name + ".properties"));
    CHECK(defaults.FindPath(spec + "." + name + ".required") == nullptr);
  }
  CHECK(defaults.FindPath("properties.spec.required") == nullptr);
  CHECK(defaults.FindPath("properties.metadata.properties.name") == nullptr);
}

}  // namespace
}  // namespace reconciler
