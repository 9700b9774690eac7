// A pool that does not exist: what its creation would send, or why it is not created.
#include <fmt/format.h>

#include "reconciler/plan/decide.h"
#include "reconciler/plan/packages.h"
#include "reconciler/plan/secret_ref.h"
#include "reconciler/plan/write.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kImageReference = "virtualMachineConfiguration.imageReference";

void HoldCreate(const PoolSpec& spec, Reason reason, std::string message, std::string_view path,
                PoolPlan& plan) {
  plan.holds.push_back({.reason = reason,
                        .message = std::move(message),
                        .lifted_by_time = reason == Reason::kImageListMissing,
                        .position = spec.PositionOf(path),
                        .property = {}});
}

void HoldForSecrets(const PreparedSpec& prepared, PoolPlan& plan) {
  for (const PreparedProperty& property : prepared.properties) {
    if (property.secret_problem.empty()) continue;
    HoldCreate(*prepared.spec, Reason::kSecretMissing,
               property.name + ": " + property.secret_problem, property.name, plan);
  }
}

void HoldForPackages(const DecideContext& context, const PoolSpec& spec, PoolPlan& plan) {
  if (context.applications == nullptr) return;
  for (MissingPackage& missing :
       MissingPackages(spec.body, context.account, *context.applications)) {
    HoldCreate(spec, Reason::kPackageMissing, std::move(missing.message), missing.path, plan);
  }
}

// One line for each scalar of the body; metadata items by their names.
class Flattener {
 public:
  Flattener(const PoolSpec& spec, const PropertyTable& table, Cause cause,
            std::string_view api_version, std::vector<Change>& lines)
      : spec_(spec), table_(table), cause_(cause), api_version_(api_version), lines_(lines) {}

  void Add(const Member& member) {
    property_ = member.name;
    const PropertyNode* node = table_.FindTopLevel(member.name);
    cost_ = node == nullptr ? Cost::kPatch : node->CostFor(api_version_).value_or(Cost::kPatch);
    if (member.name != "metadata") {
      Walk(member.name, member.value);
      return;
    }
    for (const Value& item : member.value.AsArray()) {
      const std::string_view name = item.StringOr("name");
      if (name.starts_with(kReservedPrefix)) continue;
      property_ = fmt::format("metadata.{}", name);
      Line(property_, *item.Find("value"), false);
    }
  }

 private:
  void Walk(const std::string& path, const Value& value) {
    if (IsSecretRef(value)) {
      Line(path, Value(kSensitiveText), true);
    } else if (value.IsObject() && !value.AsObject().empty()) {
      for (const Member& member : value.AsObject()) Walk(path + "." + member.name, member.value);
    } else if (value.IsArray() && !value.AsArray().empty()) {
      for (std::size_t i = 0; i < value.AsArray().size(); ++i) {
        Walk(fmt::format("{}[{}]", path, i), value.AsArray()[i]);
      }
    } else {
      Line(path, value, false);
    }
  }
  void Line(const std::string& path, const Value& value, bool sensitive) {
    Change change;
    change.property = property_;
    change.path = path;
    change.after = value;
    change.sensitive = sensitive;
    change.cost = cost_;
    change.cause = cause_;
    change.position = spec_.PositionOf(path);
    lines_.push_back(std::move(change));
  }

  const PoolSpec& spec_;
  const PropertyTable& table_;
  const Cause cause_;
  const std::string_view api_version_;
  std::vector<Change>& lines_;
  std::string property_;
  Cost cost_ = Cost::kPatch;
};

void CountCreate(const ScaleSpec& scale, PoolPlan& plan) {
  plan.nodes_known = true;
  if (scale.kind == ScaleKind::kFixed) {
    plan.nodes_after = scale.dedicated.value_or(0) + scale.low_priority.value_or(0);
  } else if (scale.kind == ScaleKind::kAuto) {
    const std::optional<ConstantTargets> constant = ConstantFormula(scale.formula);
    plan.nodes_known = constant.has_value();
    if (constant) {
      plan.nodes_after = constant->dedicated.value_or(0) + constant->low_priority.value_or(0);
    }
  }
}

}  // namespace

PoolPlan DecideCreate(const DecideContext& context, const PropertyTable& table,
                      const PreparedSpec& prepared, const PoolMemory& memory) {
  const PoolSpec& spec = *prepared.spec;
  PoolPlan plan;
  plan.pool = spec.id;
  plan.spec = prepared.spec;
  plan.presence = Presence::kAbsent;
  CountCreate(prepared.scale, plan);

  const ImageResolution image = ResolveImage(spec, context.images, context.wall);
  if (image.blocked != Reason::kNone) {
    HoldCreate(spec, image.blocked, image.message, kImageReference, plan);
  }
  HoldForSecrets(prepared, plan);
  HoldForPackages(context, spec, plan);

  // A pool that this process managed was deleted by somebody; any other is new.
  const Cause cause = memory.managed ? Cause::kPoolChanged : Cause::kSpecChanged;
  const WriteIntent intent = BuildCreate(context, prepared, "");
  Flattener flattener(spec, table, cause, context.api_version, plan.changes);
  for (const Member& member : intent.body.AsObject()) {
    if (member.name != "id") flattener.Add(member);
  }
  Step step;
  step.kind = StepKind::kCreate;
  step.dedicated = prepared.scale.dedicated.value_or(0);
  step.low_priority = prepared.scale.low_priority.value_or(0);
  plan.steps.push_back(std::move(step));
  return plan;
}

}  // namespace reconciler::plan
