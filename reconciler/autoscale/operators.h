// What the operators compute.
#pragma once

#include "reconciler/autoscale/value.h"

namespace reconciler::autoscale {

/// Both sides are known; `&&` and `||` decide here as on any double.
/// Errors: kInvalidSpec, without a place: "No operator '+' for string and double",
/// "Vectors of 2 and 3 elements", "Time interval out of range", "Time out of range".
Result<Value> Apply(Operator op, const Value& left, const Value& right);
Result<Value> Apply(Sign sign, const Value& operand);

/// An error of an evaluation, still without its place.
Error EvaluationFault(std::string text);

}  // namespace reconciler::autoscale
