#include "reconciler/spec/rule_context.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reconciler/core/text.h"

namespace reconciler::spec {
namespace {

OperatingSystem OperatingSystemOf(const Node& spec) {
  const Node* agent = FindPath(spec, "virtualMachineConfiguration.nodeAgentSKUId");
  if (agent != nullptr && agent->IsString()) {
    const bool windows = FoldCase(agent->text).find("windows") != std::string::npos;
    return windows ? OperatingSystem::kWindows : OperatingSystem::kLinux;
  }
  const Node* publisher = FindPath(spec, "virtualMachineConfiguration.imageReference.publisher");
  if (publisher == nullptr || !publisher->IsString()) return OperatingSystem::kUnknown;
  const std::string name = FoldCase(publisher->text);
  if (name.starts_with("microsoftwindows")) return OperatingSystem::kWindows;
  constexpr std::array<std::string_view, 6> kLinuxOnly = {"almalinux", "canonical", "credativ",
                                                          "debian",    "openlogic", "redhat"};
  const bool known = std::find(kLinuxOnly.begin(), kLinuxOnly.end(), name) != kLinuxOnly.end();
  return known ? OperatingSystem::kLinux : OperatingSystem::kUnknown;
}

}  // namespace

RuleContext::RuleContext(const Node& document, const RuleOptions& options, FindingSink& sink)
    : spec_(*document.FindValue("spec")), options_(options), sink_(sink) {
  newest_ = FindMemberAt(document, "policy.image.newest");
  os_ = OperatingSystemOf(spec_);
}

void RuleContext::Error(const Place& place, const std::string& path, std::string_view text) {
  sink_.Error(place, path, fmt::format("{}: {}", path, text));
}

void RuleContext::Warning(const Place& place, const std::string& path, std::string_view text) {
  sink_.Warning(place, path, fmt::format("{}: {}", path, text));
}

const Node* FindPath(const Node& node, std::string_view dotted) {
  const NodeMember* member = FindMemberAt(node, dotted);
  return member == nullptr ? nullptr : &member->value;
}

const NodeMember* FindMemberAt(const Node& node, std::string_view dotted) {
  const Node* parent = &node;
  const NodeMember* found = nullptr;
  for (const std::string_view name : SplitText(dotted, '.')) {
    found = parent->FindMember(name);
    if (found == nullptr || found->value.IsNull()) return nullptr;
    parent = &found->value;
  }
  return found;
}

const std::vector<Node>& ItemsOf(const Node* list) {
  static const std::vector<Node> kNone;
  return list != nullptr && list->IsList() ? list->items : kNone;
}

bool IsText(const Node* node, std::string_view text) {
  return node != nullptr && node->IsString() && EqualFolded(node->text, text);
}

bool IsTrue(const Node* node) {
  return node != nullptr && node->kind == NodeKind::kBool && node->boolean;
}

bool IsInteger(const Node* node) { return node != nullptr && node->kind == NodeKind::kInt; }

}  // namespace reconciler::spec
