// Rules on the number of nodes and of tasks on each.
#include <fmt/format.h>

#include "reconciler/spec/formula_rules.h"
#include "reconciler/spec/rule_context.h"
#include "reconciler/spec/vm_size.h"

namespace reconciler::spec {
namespace {

void CheckAuto(RuleContext& context, const NodeMember& enabled) {
  const Node& spec = context.spec();
  if (const NodeMember* formula = FindMemberAt(spec, "autoScaleFormula")) {
    CheckFormula(*formula, context.sink());
  } else {
    context.Error(enabled.place, "spec.enableAutoScale", "true needs an autoScaleFormula");
  }
  for (const std::string_view target : {"targetDedicatedNodes", "targetLowPriorityNodes"}) {
    const NodeMember* member = FindMemberAt(spec, target);
    if (member == nullptr) continue;
    context.Error(member->place, fmt::format("spec.{}", target),
                  "does not go together with enableAutoScale: true; the formula sets the targets");
  }
  if (const NodeMember* timeout = FindMemberAt(spec, "resizeTimeout")) {
    context.Warning(timeout->place, "spec.resizeTimeout",
                    "has no effect beside enableAutoScale: true; it goes along with resizes that "
                    "poolkeeper asks for");
  }
}

void CheckFixed(RuleContext& context) {
  if (const NodeMember* formula = FindMemberAt(context.spec(), "autoScaleFormula")) {
    context.Error(formula->place, "spec.autoScaleFormula", "goes only with enableAutoScale: true");
  }
  const NodeMember* interval = FindMemberAt(context.spec(), "autoScaleEvaluationInterval");
  if (interval == nullptr) return;
  context.Warning(interval->place, "spec.autoScaleEvaluationInterval",
                  "has no effect without enableAutoScale: true");
}

void CheckSlots(RuleContext& context) {
  constexpr std::int64_t kSlotsPerCore = 4;
  constexpr std::int64_t kSlotsMax = 256;  // more than that is the table's to report
  const NodeMember* slots = FindMemberAt(context.spec(), "taskSlotsPerNode");
  const NodeMember* size = FindMemberAt(context.spec(), "vmSize");
  if (slots == nullptr || size == nullptr || !IsInteger(&slots->value)) return;
  const auto cores = CoresOfVmSize(size->value.text);
  const std::int64_t count = slots->value.integer;
  if (!cores || count <= kSlotsPerCore * *cores || count > kSlotsMax) return;
  context.Error(slots->place, "spec.taskSlotsPerNode",
                fmt::format("{} is more than the {} of {}, which has {} {}: at most {} tasks a "
                            "core",
                            count, kSlotsPerCore * *cores, size->value.text, *cores,
                            *cores == 1 ? "core" : "cores", kSlotsPerCore));
}

/// Sizes that the reference leaves out of what Batch supports.
void CheckSize(RuleContext& context) {
  const NodeMember* size = FindMemberAt(context.spec(), "vmSize");
  if (!size || !IsText(&size->value, "standard_a0")) return;
  context.Warning(size->value.place, "spec.vmSize",
                  "the service's reference names standard_a0 as a size that it does not support");
}

}  // namespace

void CheckScaleRules(RuleContext& context) {
  const NodeMember* enabled = FindMemberAt(context.spec(), "enableAutoScale");
  if (enabled != nullptr && IsTrue(&enabled->value)) {
    CheckAuto(context, *enabled);
  } else {
    CheckFixed(context);
  }
  CheckSlots(context);
  CheckSize(context);
}

}  // namespace reconciler::spec
