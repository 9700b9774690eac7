// Rules on the order in which extensions are provisioned.
#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "reconciler/spec/rule_context.h"
#include "reconciler/spec/validate.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kExtensions = "virtualMachineConfiguration.extensions";

class ExtensionOrder {
 public:
  ExtensionOrder(RuleContext& context, const std::vector<Node>& extensions)
      : context_(context), extensions_(extensions) {
    for (const Node& extension : extensions) {
      const Node* name = extension.FindValue("name");
      if (name != nullptr && name->IsString()) by_name_.emplace(name->text, &extension);
    }
  }

  void Run() {
    for (std::size_t i = 0; i < extensions_.size(); ++i) {
      CheckNames(extensions_[i],
                 fmt::format("spec.{}[{}].provisionAfterExtensions", kExtensions, i));
    }
    for (std::size_t i = 0; i < extensions_.size(); ++i) {
      std::vector<const Node*> way;
      if (!LeadsBack(extensions_[i], way)) continue;
      context_.Warning(FindMemberAt(extensions_[i], "provisionAfterExtensions")->place,
                       fmt::format("spec.{}[{}].provisionAfterExtensions", kExtensions, i),
                       "leads back to this extension, so that none can be the first");
      return;
    }
  }

 private:
  void CheckNames(const Node& extension, const std::string& path) {
    const std::vector<Node>& before = ItemsOf(extension.FindValue("provisionAfterExtensions"));
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!before[i].IsString() || by_name_.contains(before[i].text)) continue;
      context_.Warning(before[i].place, fmt::format("{}[{}]", path, i),
                       fmt::format("no extension of the pool is named {}", ShowValue(before[i])));
    }
  }

  /// Whether the first of `way`, or `extension` itself, comes again behind `extension`.
  bool LeadsBack(const Node& extension, std::vector<const Node*>& way) {
    if (!way.empty() && way.front() == &extension) return true;
    for (const Node* passed : way) {
      if (passed == &extension) return false;  // a circle of others
    }
    way.push_back(&extension);
    for (const Node& before : ItemsOf(extension.FindValue("provisionAfterExtensions"))) {
      const auto found = by_name_.find(before.text);
      if (found != by_name_.end() && LeadsBack(*found->second, way)) return true;
    }
    way.pop_back();
    return false;
  }

  RuleContext& context_;
  const std::vector<Node>& extensions_;
  std::map<std::string, const Node*> by_name_;
};

}  // namespace

void CheckExtensionRules(RuleContext& context) {
  ExtensionOrder(context, ItemsOf(FindPath(context.spec(), kExtensions))).Run();
}

}  // namespace reconciler::spec
