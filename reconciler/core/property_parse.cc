// Schema text to property table; nothing is skipped in silence.
#include <fmt/format.h>

#include <string>
#include <utility>

#include "reconciler/core/json.h"
#include "reconciler/core/property.h"
#include "reconciler/core/schema_keywords.h"

namespace reconciler {
namespace {

constexpr int kDepthMax = 32;  // deeper than any document; a $ref in a circle ends here
constexpr std::string_view kDefinitions = "#/$defs/";

class SchemaReader {
 public:
  explicit SchemaReader(const Value& document) : document_(document) {}

  Result<PropertyNode> Read(const Value& schema, std::string name, std::string path,
                            const PropertyNode* parent);

 private:
  Status FollowReference(Object& schema, std::string_view path) const;
  static void TakeTextOfMaybeSecret(Object& schema);
  static Status ReadKeywords(const Object& schema, PropertyNode& node);
  static void Complete(const Object& schema, const PropertyNode* parent, PropertyNode& node);
  Status ReadInside(const Object& schema, PropertyNode& node);
  Status AddMembers(const Value& properties, PropertyNode& node);
  Status AddAlternative(const Value& branch, PropertyNode& node);
  Status AddFurther(const Value& further, PropertyNode& node);

  const Value& document_;
  int depth_ = 0;
};

Error SchemaError(std::string_view path, std::string_view what) {
  return Error{ErrorKind::kInvalidSpec,
               fmt::format("schema: '{}': {}", path.empty() ? "document" : path, what)};
}

const Value* FindKeyword(const Object& schema, std::string_view name) {
  for (const Member& member : schema) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

void AddIfAbsent(Object& schema, const Member& keyword) {
  if (FindKeyword(schema, keyword.name) == nullptr) schema.push_back(keyword);
}

void EraseKeyword(Object& schema, std::string_view name) {
  std::erase_if(schema, [name](const Member& member) { return member.name == name; });
}

/// Paths count from the spec: what stands above it has no name in them.
std::string ChildPath(const PropertyNode& parent, std::string_view name) {
  const bool above_spec = parent.path.empty() || parent.path == "spec";
  return above_spec ? std::string(name) : parent.path + "." + std::string(name);
}

/// A member beside $ref wins over the same member of what it names.
Status SchemaReader::FollowReference(Object& schema, std::string_view path) const {
  for (int hops = 0; hops < kDepthMax; ++hops) {
    const Value* reference = FindKeyword(schema, "$ref");
    if (reference == nullptr) return Ok{};
    const std::string target = reference->IsString() ? reference->AsString() : "";
    EraseKeyword(schema, "$ref");
    const Value* definitions = document_.Find("$defs");
    const Value* definition = nullptr;
    if (definitions != nullptr && target.starts_with(kDefinitions)) {
      definition = definitions->Find(target.substr(kDefinitions.size()));
    }
    if (definition == nullptr || !definition->IsObject()) {
      return SchemaError(path, fmt::format("$ref '{}' leads nowhere", target));
    }
    for (const Member& keyword : definition->AsObject()) AddIfAbsent(schema, keyword);
  }
  return SchemaError(path, "$ref goes around in a circle");
}

/// The first branch of a secret that may be written as plain text says what that text may be.
void SchemaReader::TakeTextOfMaybeSecret(Object& schema) {
  const Value* secret = FindKeyword(schema, "x-secret");
  const Value* branches = FindKeyword(schema, "oneOf");
  if (secret == nullptr || branches == nullptr || !branches->IsArray()) return;
  if (branches->AsArray().empty() || !branches->AsArray().front().IsObject()) return;
  const Object text = branches->AsArray().front().AsObject();
  EraseKeyword(schema, "oneOf");
  for (const Member& keyword : text) AddIfAbsent(schema, keyword);
}

Status SchemaReader::ReadKeywords(const Object& schema, PropertyNode& node) {
  for (const Member& keyword : schema) {
    switch (ReadKeyword(keyword, node)) {
      case KeywordOutcome::kRead:
        break;
      case KeywordOutcome::kUnknown:
        return SchemaError(node.path, fmt::format("keyword '{}' is not known", keyword.name));
      case KeywordOutcome::kBadValue:
        return SchemaError(node.path, fmt::format("keyword '{}' cannot have the value {}",
                                                  keyword.name, WriteJson(keyword.value)));
    }
  }
  return Ok{};
}

/// What follows from other keywords and from the row above.
void SchemaReader::Complete(const Object& schema, const PropertyNode* parent, PropertyNode& node) {
  if (FindKeyword(schema, "x-compare") == nullptr && node.type == ValueType::kObject) {
    node.compare = Compare::kObject;
  }
  if (parent != nullptr) {
    if (node.costs.entries.empty()) node.costs = parent->costs;
    if (node.cost_note.empty()) node.cost_note = parent->cost_note;
    if (node.row == 0) node.row = parent->row;
    if (!parent->returned) node.returned = false;
  }
  if (node.secret != SecretUse::kAlways) return;
  node.secret_is_json = node.compare == Compare::kJson;
  node.type = node.secret_is_json ? ValueType::kObject : ValueType::kString;
  node.required.clear();  // those of the reference itself
}

Status SchemaReader::AddMembers(const Value& properties, PropertyNode& node) {
  if (!properties.IsObject()) return SchemaError(node.path, "properties must be an object");
  for (const Member& property : properties.AsObject()) {
    if (node.FindMember(property.name) != nullptr) continue;  // shared by several alternatives
    Result<PropertyNode> member =
        Read(property.value, property.name, ChildPath(node, property.name), &node);
    if (!member) return std::move(member).error();
    node.members.push_back(std::move(*member));
  }
  return Ok{};
}

Status SchemaReader::AddAlternative(const Value& branch, PropertyNode& node) {
  PropertyNode read;
  read.path = node.path;
  if (!branch.IsObject()) return SchemaError(node.path, "a branch of oneOf must be an object");
  if (Status status = ReadKeywords(branch.AsObject(), read); !status) return status;
  if (read.required.empty()) {
    return SchemaError(node.path, "a branch of oneOf must require its distinguishing member");
  }
  PropertyAlternative alternative{read.title, read.required.front(), read.required, {}};
  if (const Value* properties = branch.Find("properties"); properties != nullptr) {
    if (Status status = AddMembers(*properties, node); !status) return status;
    for (const Member& property : properties->AsObject()) {
      alternative.members.push_back(property.name);
    }
  }
  node.alternatives.push_back(std::move(alternative));
  return Ok{};
}

Status SchemaReader::AddFurther(const Value& further, PropertyNode& node) {
  if (further.IsBool()) {
    node.open = further.AsBool();
    return Ok{};
  }
  Result<PropertyNode> row = Read(further, "*", ChildPath(node, "*"), &node);
  if (!row) return std::move(row).error();
  node.further = std::make_unique<PropertyNode>(std::move(*row));
  return Ok{};
}

Status SchemaReader::ReadInside(const Object& schema, PropertyNode& node) {
  if (const Value* items = FindKeyword(schema, "items"); items != nullptr) {
    Result<PropertyNode> item = Read(*items, "[]", node.path + "[]", &node);
    if (!item) return std::move(item).error();
    node.item = std::make_unique<PropertyNode>(std::move(*item));
  }
  if (const Value* properties = FindKeyword(schema, "properties"); properties != nullptr) {
    if (Status status = AddMembers(*properties, node); !status) return status;
  }
  if (const Value* branches = FindKeyword(schema, "oneOf"); branches != nullptr) {
    if (!branches->IsArray()) return SchemaError(node.path, "oneOf must be a list");
    for (const Value& branch : branches->AsArray()) {
      if (Status status = AddAlternative(branch, node); !status) return status;
    }
  }
  if (const Value* further = FindKeyword(schema, "additionalProperties"); further != nullptr) {
    if (Status status = AddFurther(*further, node); !status) return status;
  } else if (node.type == ValueType::kObject && node.alternatives.empty()) {
    return SchemaError(node.path, "an object must say additionalProperties");
  }
  if (node.type == ValueType::kList && node.item == nullptr) {
    return SchemaError(node.path, "a list must say what its items are");
  }
  if (node.type == ValueType::kList && node.compare == Compare::kExact) {
    return SchemaError(node.path, "a list must say x-compare");
  }
  for (const std::string& name : node.required) {
    if (node.FindMember(name) == nullptr) {
      return SchemaError(node.path, fmt::format("required member '{}' is not described", name));
    }
  }
  return Ok{};
}

Result<PropertyNode> SchemaReader::Read(const Value& schema, std::string name, std::string path,
                                        const PropertyNode* parent) {
  if (!schema.IsObject()) return SchemaError(path, "a schema must be an object");
  if (depth_ >= kDepthMax) return SchemaError(path, "nested too deeply, or $ref in a circle");
  Object keywords = schema.AsObject();
  if (Status status = FollowReference(keywords, path); !status) return std::move(status).error();
  TakeTextOfMaybeSecret(keywords);

  PropertyNode node;
  node.name = std::move(name);
  node.path = std::move(path);
  if (Status status = ReadKeywords(keywords, node); !status) return std::move(status).error();
  Complete(keywords, parent, node);
  if (node.secret == SecretUse::kAlways) return node;
  ++depth_;
  Status inside = ReadInside(keywords, node);
  --depth_;
  if (!inside) return std::move(inside).error();
  return node;
}

}  // namespace

Result<PropertyTable> PropertyTable::Parse(std::string_view schema_json) {
  Result<Value> document = ParseJson(schema_json);
  if (!document) {
    return Error{ErrorKind::kInvalidSpec, "schema: " + document.error().message};
  }
  SchemaReader reader(*document);
  Result<PropertyNode> root = reader.Read(*document, "", "", nullptr);
  if (!root) return std::move(root).error();
  PropertyTable table;
  table.root_ = std::move(*root);
  if (const Value* reference = document->FindPath("$defs.secretRef"); reference != nullptr) {
    Result<PropertyNode> row = reader.Read(*reference, "", "", nullptr);
    if (!row) return std::move(row).error();
    table.secret_reference_ = std::make_unique<PropertyNode>(std::move(*row));
  }
  return table;
}

}  // namespace reconciler
