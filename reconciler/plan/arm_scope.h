// What the expressions of an ARM template may name.
#pragma once

#include <string_view>

#include "reconciler/core/value.h"

namespace reconciler::plan {

struct ArmScope {
  Value parameters = Object{};  // as the template declares them
  Value variables = Object{};
  /// What the deployment gives to the parameters: {name: {value: of `outer`}}.
  Value given = Object{};
  const ArmScope* outer = nullptr;  // of the template around this one; outlives it
  /// Of templates within this one that do not say which scope their expressions have.
  bool inner_by_default = false;
  /// Expressions may stand within texts: "cmd [parameters('p')] /x", and any other bracket is text.
  bool within_texts = false;
};

ArmScope ScopeOf(const Value& arm_template);
/// The scope of a template within one; `deployment`: the resource that holds it.
ArmScope ScopeOfNested(const Value& nested, const Value& deployment, const ArmScope& outer);

/// The member of that name, whatever its case, as names in expressions are; nullptr: none.
const Value* FindFolded(const Value& object, std::string_view name);

}  // namespace reconciler::plan
