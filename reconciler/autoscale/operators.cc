#include "reconciler/autoscale/operators.h"

#include <fmt/format.h>

#include <algorithm>

namespace reconciler::autoscale {
namespace {

double Compute(Operator op, double left, double right) {
  switch (op) {
    case Operator::kOr:
      return left != 0 || right != 0;
    case Operator::kAnd:
      return left != 0 && right != 0;
    case Operator::kAdd:
      return left + right;
    case Operator::kSubtract:
      return left - right;
    case Operator::kMultiply:
      return left * right;
    case Operator::kDivide:
      return left / right;
    default:
      return 0;
  }
}

template <class Compared>
double Compare(Operator op, const Compared& left, const Compared& right) {
  switch (op) {
    case Operator::kEqual:
      return left == right;
    case Operator::kNotEqual:
      return left != right;
    case Operator::kLess:
      return left < right;
    case Operator::kLessEqual:
      return left <= right;
    case Operator::kGreater:
      return left > right;
    case Operator::kGreaterEqual:
      return left >= right;
    default:
      return 0;
  }
}

bool IsComparison(Operator op) { return op >= Operator::kEqual && op <= Operator::kGreaterEqual; }

Result<Value> Interval(double ticks) {
  const auto interval = MakeInterval(ticks);
  if (!interval) return EvaluationFault("Time interval out of range");
  return Value(*interval);
}

double TicksOf(Ticks interval) { return static_cast<double>(interval.count()); }

/// One overload for each row of the table of operations; no other pair gets here.
struct Arithmetic {
  Operator op;

  Result<Value> operator()(double left, double right) const {
    return Value(Compute(op, left, right));
  }
  Result<Value> operator()(Vector left, double right) const {
    for (double& element : left) element = Compute(op, element, right);
    return Value(std::move(left));
  }
  Result<Value> operator()(double left, Vector right) const {
    for (double& element : right) element = Compute(op, left, element);
    return Value(std::move(right));
  }
  Result<Value> operator()(Vector left, const Vector& right) const {
    if (left.size() != right.size()) {
      return EvaluationFault(
          fmt::format("Vectors of {} and {} elements", left.size(), right.size()));
    }
    std::transform(left.begin(), left.end(), right.begin(), left.begin(),
                   [this](double a, double b) { return Compute(op, a, b); });
    return Value(std::move(left));
  }
  Result<Value> operator()(double left, Ticks right) const {
    return Interval(left * TicksOf(right));
  }
  Result<Value> operator()(Ticks left, double right) const {
    return Interval(Compute(op, TicksOf(left), right));
  }
  Result<Value> operator()(Ticks left, Ticks right) const {
    std::int64_t sum = 0;
    const bool overflow = op == Operator::kAdd
                              ? __builtin_add_overflow(left.count(), right.count(), &sum)
                              : __builtin_sub_overflow(left.count(), right.count(), &sum);
    if (overflow) return EvaluationFault("Time interval out of range");
    return Value(Ticks(sum));
  }
  Result<Value> operator()(Ticks left, Timestamp right) const { return (*this)(right, left); }
  Result<Value> operator()(Timestamp left, Ticks right) const {
    if (op == Operator::kAdd || right == Ticks::min()) {
      const auto moved = MakeTimestamp(left, right);
      if (!moved) return EvaluationFault("Time out of range");
      return Value(*moved);
    }
    return (Arithmetic{Operator::kAdd})(left, -right);
  }
  Result<Value> operator()(Timestamp left, Timestamp right) const { return Value(left - right); }
  template <class Left, class Right>
  Result<Value> operator()(const Left&, const Right&) const {
    return EvaluationFault("No such operator");
  }
};

struct Comparison {
  Operator op;
  template <class Left, class Right>
  double operator()(const Left& left, const Right& right) const {
    if constexpr (std::is_same_v<Left, Right> && !std::is_same_v<Left, Option>) {
      return Compare(op, left, right);
    } else {
      return 0;
    }
  }
};

}  // namespace

Error EvaluationFault(std::string text) {
  return {.kind = ErrorKind::kInvalidSpec,
          .message = std::move(text),
          .code = "AutoScalingFormulaEvaluationError"};
}

Result<Value> Apply(Operator op, const Value& left, const Value& right) {
  if (!FindOperation(op, TypeOf(left), TypeOf(right))) {
    return EvaluationFault(NoOperatorText(op, TypeOf(left), TypeOf(right)));
  }
  if (IsComparison(op)) return Value(std::visit(Comparison{op}, left, right));
  return std::visit(Arithmetic{op}, left, right);
}

Result<Value> Apply(Sign sign, const Value& operand) {
  if (!FindOperation(sign, TypeOf(operand))) {
    return EvaluationFault(NoOperatorText(sign, TypeOf(operand)));
  }
  if (const double* const number = std::get_if<double>(&operand)) {
    return Value(sign == Sign::kNot ? static_cast<double>(*number == 0) : -*number);
  }
  if (const Ticks* const interval = std::get_if<Ticks>(&operand)) {
    return (Arithmetic{Operator::kSubtract})(Ticks(0), *interval);
  }
  return Apply(Operator::kMultiply, operand, Value(-1.0));
}

}  // namespace reconciler::autoscale
