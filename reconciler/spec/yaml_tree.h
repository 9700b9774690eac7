// YAML text as a tree of our own with positions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/value.h"
#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/source.h"

namespace reconciler::spec {

enum class NodeKind : std::uint8_t {
  kNull,
  kBool,
  kInt,
  kDouble,
  kString,
  kList,
  kMap,
  kBad,  // already reported; nothing more is said about it
};

struct NodeMember;

struct Node {
  NodeKind kind = NodeKind::kNull;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;
  Place place;       // of the value; that of the key where nothing is written
  std::string text;  // a scalar as it reads; empty for null where nothing is written
  std::vector<Node> items;
  std::vector<NodeMember> members;  // in the order of the file, names are unique

  bool IsMap() const { return kind == NodeKind::kMap; }
  bool IsList() const { return kind == NodeKind::kList; }
  bool IsNull() const { return kind == NodeKind::kNull; }
  bool IsString() const { return kind == NodeKind::kString; }

  const NodeMember* FindMember(std::string_view name) const;
  NodeMember* FindMember(std::string_view name);
  /// The value of a member; nullptr if this is no mapping or has none of that name.
  const Node* Find(std::string_view name) const;
  /// As Find, and nullptr for null.
  const Node* FindValue(std::string_view name) const;
};

struct NodeMember {
  std::string name;
  Place place;  // of the key
  Node value;
};

/// As Value::TypeName.
std::string_view KindName(NodeKind kind);
/// The plain tree; bad nodes become null.
Value ToValue(const Node& node);
/// A tree without positions.
Node FromValue(const Value& value);

struct Document {
  Node root;
  Place place;         // of its first line
  bool clean = false;  // false: something was reported, the tree may lack parts or be empty
};

/// All documents of one file. A document that cannot be read hides no other: files are cut at their
/// `---` lines first. A file of comments holds none.
std::vector<Document> ReadYaml(const Source& source, FindingSink& sink);

}  // namespace reconciler::spec
