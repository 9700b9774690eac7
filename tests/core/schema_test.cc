// The schemas against the keywords that are ours.
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

#include "reconciler/core/json.h"
#include "reconciler/core/property.h"
#include "tests/core/schema_walk.h"

namespace reconciler {
namespace {

constexpr std::array<std::string_view, 3> kSchemas{"pool", "pool-defaults", "config"};
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

/// A required member may also be the one that tells alternatives apart.
bool IsRequiredIn(const PropertyNode& parent, const std::string& name) {
  if (parent.IsRequired(name)) return true;
  return std::any_of(parent.alternatives.begin(), parent.alternatives.end(),
                     [&name](const PropertyAlternative& way) { return way.member == name; });
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
      "$schema",   "$id",      "$ref",       "$defs",    "title",       "description",
      "examples",  "type",     "properties", "required", "items",       "additionalProperties",
      "enum",      "const",    "minimum",    "maximum",  "minLength",   "maxLength",
      "pattern",   "minItems", "maxItems",   "oneOf",    "x-cost",      "x-compare",
      "x-default", "x-filled", "x-since",    "x-until",  "x-returned",  "x-secret",
      "x-row",     "x-range",  "x-required", "x-beside", "x-cost-note", "markdownDescription"};
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

TEST_CASE("schema: an editor takes null where poolkeeper does") {
  const Value schema = ReadSchema("pool");
  const PropertyNode& spec = PoolPropertyTable().Spec();
  for (const auto& property : schema.FindPath("$defs.spec.properties")->AsObject()) {
    CAPTURE(property.name);
    const Value* type = property.value.Find("type");
    if (const Value* ref = property.value.Find("$ref"); ref != nullptr) {
      type = schema.FindPath("$defs." + ref->AsString().substr(8) + ".type");
    }
    REQUIRE(type != nullptr);
    CHECK(type->IsArray() == !spec.IsRequired(property.name));
  }
}

bool HasRulesBesideRef(const Object& schema) {
  return std::any_of(schema.begin(), schema.end(),
                     [](const Member& keyword) { return keyword.name.starts_with("x-"); });
}

// Language servers take a $ref with rules beside it for a list of schemas, the definition first.
TEST_CASE("schema: a definition has no description that hides the one beside its $ref") {
  for (const std::string_view name : {"pool", "config"}) {
    CAPTURE(std::string(name));
    const Value schema = ReadSchema(name);
    VisitSchemas(schema, [&schema](const Object& inner) {
      const Value site(inner);
      if (site.Find("$ref") == nullptr || site.Find("description") == nullptr) return;
      if (!HasRulesBesideRef(inner)) return;
      const std::string target = site.Find("$ref")->AsString().substr(8);
      CHECK_MESSAGE(schema.FindPath("$defs." + target + ".description") == nullptr, target);
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
