// What the rules between members share: the spec, and how they report.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/rules.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

enum class OperatingSystem { kUnknown, kLinux, kWindows };

class RuleContext {
 public:
  /// `document`: a whole document of kind Pool whose `spec` is a mapping; outlives the context.
  RuleContext(const Node& document, const RuleOptions& options, FindingSink& sink);

  const Node& spec() const { return spec_; }
  const RuleOptions& options() const { return options_; }
  FindingSink& sink() { return sink_; }
  /// Of the image: by the node agent, else by the publisher where all of its images have one.
  OperatingSystem os() const { return os_; }
  /// policy.image.newest; nullptr where it is not used.
  const NodeMember* newest() const { return newest_; }

  /// A message is `path` and `text` with a colon between.
  void Error(const Place& place, const std::string& path, std::string_view text);
  void Warning(const Place& place, const std::string& path, std::string_view text);

 private:
  const Node& spec_;
  const RuleOptions& options_;
  FindingSink& sink_;
  const NodeMember* newest_ = nullptr;
  OperatingSystem os_ = OperatingSystem::kUnknown;
};

/// Follows member names separated by dots; nullptr if one is absent or null.
const Node* FindPath(const Node& node, std::string_view dotted);
/// The member at the end of such a path, if it has a value.
const NodeMember* FindMemberAt(const Node& node, std::string_view dotted);
/// The items of a list; none of anything else.
const std::vector<Node>& ItemsOf(const Node* list);
/// Without regard to case; false for anything but text.
bool IsText(const Node* node, std::string_view text);
bool IsTrue(const Node* node);
bool IsInteger(const Node* node);

// The rules, by what they are about. Each reports what it finds wrong.
void CheckScaleRules(RuleContext& context);
void CheckImageRules(RuleContext& context);
void CheckDiskRules(RuleContext& context);
void CheckNetworkRules(RuleContext& context);
void CheckNatRules(RuleContext& context);
void CheckNodeRules(RuleContext& context);
void CheckExtensionRules(RuleContext& context);
void CheckUpgradeRules(RuleContext& context);

}  // namespace reconciler::spec
