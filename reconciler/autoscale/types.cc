#include "reconciler/autoscale/types.h"

#include <fmt/format.h>

#include "reconciler/autoscale/parser.h"

namespace reconciler::autoscale {
namespace {

using enum Type;

bool IsComparison(Operator op) { return Precedence(op) == 3 || Precedence(op) == 4; }
bool IsLogic(Operator op) { return op == Operator::kOr || op == Operator::kAnd; }

bool HasOrder(Type type) {
  return type == kDouble || type == kText || type == kTimestamp || type == kInterval;
}

struct Row {
  Type left;
  std::string_view operators;
  Type right;
  Type result;
  bool documented = true;
};

constexpr Row kArithmetic[] = {
    {kDouble, "+-*/", kDouble, kDouble},
    {kDouble, "*", kInterval, kInterval},
    {kVector, "+-*/", kDouble, kVector},
    {kVector, "+-*/", kVector, kVector},
    {kInterval, "*/", kDouble, kInterval},
    {kInterval, "+-", kInterval, kInterval},
    {kInterval, "+", kTimestamp, kTimestamp},
    {kTimestamp, "+", kInterval, kTimestamp},
    {kTimestamp, "-", kTimestamp, kInterval},
    {kDouble, "+-*/", kVector, kVector, false},
    {kTimestamp, "-", kInterval, kTimestamp, false},
};

}  // namespace

std::string_view TypeName(Type type) {
  switch (type) {
    case kDouble:
      return "double";
    case kVector:
      return "doubleVec";
    case kText:
      return "string";
    case kTimestamp:
      return "timestamp";
    case kInterval:
      return "timeinterval";
    case kOption:
      return "deallocation option";
    case kNothing:
      return "nothing";
    case kUnknown:
      break;
  }
  return "unknown";
}

std::optional<Operation> FindOperation(Operator op, Type left, Type right) {
  if (left == kNothing || right == kNothing) return std::nullopt;
  if (IsComparison(op) || IsLogic(op)) {
    const auto fits = [&](Type type) {
      return type == kUnknown || (IsLogic(op) ? type == kDouble : HasOrder(type));
    };
    const bool same = left == right || left == kUnknown || right == kUnknown;
    return fits(left) && fits(right) && same ? std::optional(Operation{}) : std::nullopt;
  }
  if (left == kUnknown || right == kUnknown) return Operation{kUnknown};
  for (const Row& row : kArithmetic) {
    if (row.left == left && row.right == right &&
        row.operators.find(Spelling(op)) != std::string_view::npos) {
      return Operation{row.result, row.documented};
    }
  }
  return std::nullopt;
}

std::optional<Operation> FindOperation(Sign sign, Type operand) {
  if (operand == kUnknown) return Operation{sign == Sign::kNot ? kDouble : kUnknown};
  if (operand == kDouble) return Operation{kDouble};
  if (sign == Sign::kNegate && operand == kInterval) return Operation{kInterval};
  if (sign == Sign::kNegate && operand == kVector) return Operation{kVector, false};
  return std::nullopt;
}

std::string NoOperatorText(Operator op, Type left, Type right) {
  return fmt::format("No operator '{}' for {} and {}", Spelling(op), TypeName(left),
                     TypeName(right));
}

std::string NoOperatorText(Sign sign, Type operand) {
  return fmt::format("No operator '{}' for {}", sign == Sign::kNot ? "!" : "-", TypeName(operand));
}

}  // namespace reconciler::autoscale
