#include "reconciler/autoscale/constant.h"

#include "reconciler/autoscale/names.h"
#include "reconciler/autoscale/operators.h"

namespace reconciler::autoscale {
namespace {

std::optional<Value> Known(Result<Value> value) {
  if (!value) return std::nullopt;
  return std::move(value).value();
}

}  // namespace

std::optional<Value> ConstantValue(const Formula& formula, NodeId id) {
  const auto& what = formula.nodes[id].what;
  if (const auto* const number = std::get_if<Number>(&what)) return Value(number->value);
  if (const auto* const name = std::get_if<Name>(&what)) {
    const ServiceName* const known = FindServiceName(name->value);
    const bool interval = known != nullptr && known->kind == ServiceName::Kind::kInterval;
    return interval ? std::optional<Value>(known->interval) : std::nullopt;
  }
  if (const auto* const node = std::get_if<Signed>(&what)) {
    const auto operand = ConstantValue(formula, node->operand);
    return operand ? Known(Apply(node->sign, *operand)) : std::nullopt;
  }
  const auto* const chain = std::get_if<Chain>(&what);
  if (chain == nullptr) return std::nullopt;
  std::optional<Value> left = ConstantValue(formula, chain->first);
  for (const Term& term : chain->terms) {
    const auto right = left ? ConstantValue(formula, term.operand) : std::nullopt;
    left = right ? Known(Apply(term.op, *left, *right)) : std::nullopt;
  }
  return left;
}

}  // namespace reconciler::autoscale
