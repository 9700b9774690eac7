#include "reconciler/spec/yaml_tree.h"

#include <algorithm>

namespace reconciler::spec {
namespace {

Array ToArray(const Node& node) {
  Array items;
  items.reserve(node.items.size());
  for (const Node& item : node.items) items.push_back(ToValue(item));
  return items;
}

Object ToObject(const Node& node) {
  Object members;
  members.reserve(node.members.size());
  for (const NodeMember& member : node.members) {
    members.push_back({member.name, ToValue(member.value)});
  }
  return members;
}

}  // namespace

const NodeMember* Node::FindMember(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const NodeMember& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
}

NodeMember* Node::FindMember(std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const NodeMember& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
}

const Node* Node::Find(std::string_view name) const {
  const NodeMember* member = FindMember(name);
  return member == nullptr ? nullptr : &member->value;
}

const Node* Node::FindValue(std::string_view name) const {
  const Node* value = Find(name);
  return value == nullptr || value->IsNull() ? nullptr : value;
}

std::string_view KindName(NodeKind kind) {
  switch (kind) {
    case NodeKind::kNull:
      return "null";
    case NodeKind::kBool:
      return "boolean";
    case NodeKind::kInt:
      return "integer";
    case NodeKind::kDouble:
      return "number";
    case NodeKind::kString:
      return "string";
    case NodeKind::kList:
      return "list";
    case NodeKind::kMap:
      return "object";
    case NodeKind::kBad:
      return "unreadable value";
  }
  return "unreadable value";
}

Value ToValue(const Node& node) {
  switch (node.kind) {
    case NodeKind::kNull:
    case NodeKind::kBad:
      return nullptr;
    case NodeKind::kBool:
      return node.boolean;
    case NodeKind::kInt:
      return node.integer;
    case NodeKind::kDouble:
      return node.number;
    case NodeKind::kString:
      return node.text;
    case NodeKind::kList:
      return ToArray(node);
    case NodeKind::kMap:
      return ToObject(node);
  }
  return nullptr;
}

Node FromValue(const Value& value) {
  Node node;
  if (value.IsNull()) {
    node.text = "null";
  } else if (value.IsBool()) {
    node.kind = NodeKind::kBool;
    node.boolean = value.AsBool();
  } else if (value.IsInt()) {
    node.kind = NodeKind::kInt;
    node.integer = value.AsInt();
  } else if (value.IsDouble()) {
    node.kind = NodeKind::kDouble;
    node.number = value.AsDouble();
  } else if (value.IsString()) {
    node.kind = NodeKind::kString;
    node.text = value.AsString();
  } else if (value.IsArray()) {
    node.kind = NodeKind::kList;
    for (const Value& item : value.AsArray()) node.items.push_back(FromValue(item));
  } else {
    node.kind = NodeKind::kMap;
    for (const Member& member : value.AsObject()) {
      node.members.push_back({member.name, {}, FromValue(member.value)});
    }
  }
  return node;
}

}  // namespace reconciler::spec
