// Source: "Linked and nested templates" and "Languageversion 2.0" of the ARM documentation.
#include "reconciler/plan/arm_scope.h"

#include <algorithm>

#include "reconciler/core/text.h"

namespace reconciler::plan {
namespace {

Value ObjectOf(const Value& holder, std::string_view name) {
  const Value* found = holder.Find(name);
  return found != nullptr && found->IsObject() ? *found : Value(Object{});
}

bool IsInner(const Value& deployment, const ArmScope& outer) {
  const Value* scope = deployment.FindPath("properties.expressionEvaluationOptions.scope");
  if (scope == nullptr || !scope->IsString()) return outer.inner_by_default;
  return EqualFolded(scope->AsString(), "inner");
}

}  // namespace

ArmScope ScopeOf(const Value& arm_template) {
  ArmScope scope;
  scope.parameters = ObjectOf(arm_template, "parameters");
  scope.variables = ObjectOf(arm_template, "variables");
  scope.inner_by_default = arm_template.StringOr("languageVersion").starts_with("2.");
  return scope;
}

ArmScope ScopeOfNested(const Value& nested, const Value& deployment, const ArmScope& outer) {
  if (!IsInner(deployment, outer)) return outer;
  ArmScope scope = ScopeOf(nested);
  scope.outer = &outer;
  const Value* properties = deployment.Find("properties");
  if (properties != nullptr) scope.given = ObjectOf(*properties, "parameters");
  return scope;
}

const Value* FindFolded(const Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const Object& members = object.AsObject();
  const auto found = std::find_if(members.begin(), members.end(), [&](const Member& member) {
    return EqualFolded(member.name, name);
  });
  return found == members.end() ? nullptr : &found->value;
}

}  // namespace reconciler::plan
