// Expressions of ARM templates, as far as they need nothing but the template.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/value.h"
#include "reconciler/plan/arm_scope.h"

namespace reconciler::plan {

/// Stands in texts for what only a deployment knows.
inline constexpr char kUnknown = '\x01';

/// Names of parameters of which the default was taken.
using UsedDefaults = std::vector<std::string>;

/// A text in brackets, but for two at its beginning, which stand for one.
bool IsArmExpression(std::string_view text);

/// What a value of a template comes to: an expression of parameters('p'), variables('v'), concat
/// and format with `.member` and `[0]` behind, or a list or object with such inside. Texts have
/// kUnknown where a part cannot be told here, and kSecretMark in place of secure parameters.
Value Evaluate(const Value& value, const ArmScope& scope, UsedDefaults& defaults, int depth = 0);

/// `text` with what each expression within it comes to; nothing if one cannot be told.
std::optional<std::string> FillIn(std::string_view text, const ArmScope& scope,
                                  UsedDefaults& defaults);

}  // namespace reconciler::plan
