#include "reconciler/spec/rules.h"

#include <fmt/format.h>

#include "reconciler/core/text.h"
#include "reconciler/spec/rule_context.h"

namespace reconciler::spec {

void CheckReservedMetadata(const Node& document, FindingSink& sink) {
  constexpr std::string_view kReserved = "poolkeeper.";
  const std::vector<Node>& items = ItemsOf(FindPath(document, "spec.metadata"));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Node* name = items[i].FindValue("name");
    if (name == nullptr || !name->IsString()) continue;
    if (!FoldCase(name->text).starts_with(kReserved)) continue;
    const std::string path = fmt::format("spec.metadata[{}].name", i);
    sink.Error(name->place, path,
               fmt::format("{}: '{}' is reserved; names that begin with 'poolkeeper.' are written "
                           "by poolkeeper alone",
                           path, name->text));
  }
}

void CheckRules(const Node& document, const RuleOptions& options, FindingSink& sink) {
  CheckReservedMetadata(document, sink);
  const Node* spec = document.FindValue("spec");
  if (spec == nullptr || !spec->IsMap()) return;
  RuleContext context(document, options, sink);
  CheckScaleRules(context);
  CheckImageRules(context);
  CheckDiskRules(context);
  CheckNetworkRules(context);
  CheckNatRules(context);
  CheckNodeRules(context);
  CheckExtensionRules(context);
  CheckUpgradeRules(context);
}

}  // namespace reconciler::spec
