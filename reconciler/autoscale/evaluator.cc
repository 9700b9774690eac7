#include "reconciler/autoscale/evaluator.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "reconciler/autoscale/functions.h"
#include "reconciler/autoscale/metrics.h"
#include "reconciler/autoscale/names.h"
#include "reconciler/autoscale/operators.h"

namespace reconciler::autoscale {
namespace {

Error At(const Place& place, Error error) { return Annotate(std::move(error), PlaceText(place)); }

Error FaultAt(const Place& place, std::string text) {
  return At(place, EvaluationFault(std::move(text)));
}

Error UndefinedAt(const Place& place, std::string_view name) {
  return FaultAt(place, fmt::format("Undefined symbol: {:.60}", name));
}

/// What a formula last set a target to, and where.
struct SetTarget {
  double value = 0;
  Place place;
};

double Rounded(double value, Rounding rounding) {
  if (rounding == Rounding::kNearest) return std::round(value);
  return rounding == Rounding::kUp ? std::ceil(value) : std::floor(value);
}

/// Recursive; the parser's limit of nesting bounds the depth.
class Evaluator {
 public:
  Evaluator(const Formula& formula, const Samples& samples, const Context& context)
      : formula_(formula), samples_(samples), context_(context) {}

  Status Run() {
    for (const Statement& statement : formula_.statements) {
      auto value = Visit(statement.expression);
      if (stopped_) break;
      if (!value) return std::move(value).error();
      if (statement.target.empty()) continue;
      if (auto set = Assign(statement, std::move(value).value()); !set) return set;
    }
    return Ok{};
  }

  Variables TakeVariables() { return std::move(own_); }

  Result<Targets> FinalTargets() const {
    Targets targets = context_.current;
    for (auto [name, target] : {std::pair{"$TargetDedicatedNodes", &targets.dedicated},
                                std::pair{"$TargetLowPriorityNodes", &targets.low_priority}}) {
      const SetTarget wanted = ReadTarget(name);
      if (!std::isfinite(wanted.value)) {
        return FaultAt(wanted.place, fmt::format("{} is not a finite number", name));
      }
      constexpr double kMost = std::numeric_limits<int>::max();
      *target = static_cast<int>(
          std::min(std::max(Rounded(wanted.value, context_.rounding), 0.0), kMost));
    }
    if (option_) targets.node_deallocation_option = option_->name;
    return targets;
  }

 private:
  Result<Value> Visit(NodeId id) {
    const Node& node = formula_.nodes[id];
    auto value = std::visit([&](const auto& what) { return Compute(node.place, what); }, node.what);
    if (!value) return value;
    const Vector* const vector = std::get_if<Vector>(&*value);
    steps_ += 1 + (vector != nullptr ? vector->size() : 0);
    if (steps_ > kEvaluationStepsMax) {
      return FaultAt(node.place,
                     fmt::format("Too much to compute: more than {} steps", kEvaluationStepsMax));
    }
    return value;
  }

  Result<Value> Compute(const Place&, const Number& number) { return Value(number.value); }
  Result<Value> Compute(const Place&, const Text& text) { return Value(text.value); }

  Result<Value> Compute(const Place& place, const Name& name) {
    if (const auto own = own_.find(name.value); own != own_.end()) return own->second;
    const ServiceName* const known = FindServiceName(name.value);
    if (known == nullptr) return UndefinedAt(place, name.value);
    switch (known->kind) {
      case ServiceName::Kind::kTarget:
        return Value(ReadTarget(known->name).value);
      case ServiceName::Kind::kDeallocation:
        return Value(option_.value_or(Option{"requeue"}));
      case ServiceName::Kind::kMetric:
        return Latest(place, *known);
      case ServiceName::Kind::kInterval:
        return Value(known->interval);
      case ServiceName::Kind::kOption:
        break;
    }
    return Value(Option{std::string(known->name)});
  }

  Result<Value> Compute(const Place& place, const Call& call) {
    const Signature* const function = FindFunction(call.name);
    if (function == nullptr) return UndefinedAt(place, call.name);
    auto arguments = VisitAll(call.arguments);
    if (!arguments) return std::move(arguments).error();
    if (function->result == Type::kNothing) {
      stopped_ = true;
      return EvaluationFault("stopped");
    }
    auto value = CallFunction(*function, *arguments, ToTimestamp(context_.now), context_.random);
    if (!value) return At(place, std::move(value).error());
    return value;
  }

  Result<Value> Compute(const Place& place, const Member& member) {
    auto object = Visit(member.object);
    if (!object) return object;
    const Timestamp* const time = std::get_if<Timestamp>(&*object);
    const auto value = time != nullptr ? TimeMember(*time, member.name) : std::nullopt;
    if (value) return Value(*value);
    return FaultAt(place,
                   fmt::format("No member '{:.60}' of {}", member.name, TypeName(TypeOf(*object))));
  }

  Result<Value> Compute(const Place& place, const Method& method) {
    const auto* const name = std::get_if<Name>(&formula_.nodes[method.object].what);
    const ServiceName* const metric = name != nullptr ? FindServiceName(name->value) : nullptr;
    if (metric == nullptr || metric->kind != ServiceName::Kind::kMetric) {
      auto object = Visit(method.object);
      if (!object) return object;
      return FaultAt(
          place, fmt::format("No method '{:.60}' of {}", method.name, TypeName(TypeOf(*object))));
    }
    const Signature* const signature = FindMethod(method.name);
    if (signature == nullptr) {
      return FaultAt(place, fmt::format("No method '{:.60}' of {}", method.name, metric->name));
    }
    auto arguments = VisitAll(method.arguments);
    if (!arguments) return std::move(arguments).error();
    auto value = CallMethod(*signature, metric->name, samples_.Of(FullName(*metric)), *arguments,
                            ToTimestamp(context_.now));
    if (!value) return At(method.parenthesis, std::move(value).error());
    return value;
  }

  Result<Value> Compute(const Place& place, const Signed& node) {
    auto operand = Visit(node.operand);
    if (!operand) return operand;
    auto value = Apply(node.sign, *operand);
    if (!value) return At(place, std::move(value).error());
    return value;
  }

  Result<Value> Compute(const Place&, const Chain& chain) {
    auto left = Visit(chain.first);
    for (const Term& term : chain.terms) {
      if (!left) return left;
      if (IsDecided(term.op, *left)) {
        left = Value(static_cast<double>(term.op == Operator::kOr));
        continue;
      }
      const auto right = Visit(term.operand);
      if (!right) return right;
      left = Apply(term.op, *left, *right);
      if (!left) return At(term.place, std::move(left).error());
    }
    return left;
  }

  Result<Value> Compute(const Place& place, const Choice& choice) {
    const auto condition = Visit(choice.condition);
    if (!condition) return condition;
    const double* const number = std::get_if<double>(&*condition);
    if (number == nullptr) {
      return FaultAt(place,
                     fmt::format("A condition is a double, not {}", TypeName(TypeOf(*condition))));
    }
    return Visit(*number != 0 ? choice.yes : choice.no);
  }

  /// The right side of `&&` and `||` cannot matter any more, and is not computed.
  static bool IsDecided(Operator op, const Value& left) {
    const double* const number = std::get_if<double>(&left);
    if (number == nullptr) return false;
    return (op == Operator::kOr && *number != 0) || (op == Operator::kAnd && *number == 0);
  }

  Result<std::vector<Value>> VisitAll(const std::vector<NodeId>& nodes) {
    std::vector<Value> values;
    for (const NodeId node : nodes) {
      auto value = Visit(node);
      if (!value) return std::move(value).error();
      values.push_back(std::move(value).value());
    }
    return values;
  }

  Result<Value> Latest(const Place& place, const ServiceName& metric) const {
    const std::string_view full = FullName(metric);
    if (full == "$CurrentDedicatedNodes") return Value(static_cast<double>(context_.dedicated));
    if (full == "$CurrentLowPriorityNodes") {
      return Value(static_cast<double>(context_.low_priority));
    }
    const std::vector<Sample>& samples = samples_.Of(full);
    if (samples.empty()) return At(place, InsufficientData(metric.name, "has no sample"));
    return Value(samples.back().value);
  }

  /// What was set under this name, else under its twin, else what the pool has.
  SetTarget ReadTarget(std::string_view name) const {
    if (const auto set = set_.find(name); set != set_.end()) return set->second;
    const bool dedicated = name.find("Dedicated") != std::string_view::npos;
    const std::string_view full = dedicated ? "$TargetDedicatedNodes" : "$TargetLowPriorityNodes";
    const std::string_view alias = full.substr(0, full.size() - std::string_view("Nodes").size());
    if (const auto set = set_.find(name == full ? alias : full); set != set_.end()) {
      return set->second;
    }
    const int has = dedicated ? context_.current.dedicated : context_.current.low_priority;
    return {static_cast<double>(has), {}};
  }

  Status Assign(const Statement& statement, Value value) {
    const ServiceName* const known = FindServiceName(statement.target);
    if (known == nullptr) {
      own_.insert_or_assign(statement.target, std::move(value));
      return Ok{};
    }
    const bool is_target = known->kind == ServiceName::Kind::kTarget;
    if (!is_target && known->kind != ServiceName::Kind::kDeallocation) {
      return FaultAt(statement.place, fmt::format("Read-only symbol: {}", statement.target));
    }
    if (TypeOf(value) != (is_target ? Type::kDouble : Type::kOption)) {
      return FaultAt(statement.place,
                     fmt::format("{} is a {}, not a {}", statement.target,
                                 TypeName(is_target ? Type::kDouble : Type::kOption),
                                 TypeName(TypeOf(value))));
    }
    if (is_target) {
      set_.insert_or_assign(statement.target, SetTarget{std::get<double>(value), statement.place});
    } else {
      option_ = std::get<Option>(value);
    }
    return Ok{};
  }

  const Formula& formula_;
  const Samples& samples_;
  const Context& context_;
  Variables own_;
  std::map<std::string, SetTarget, std::less<>> set_;
  std::optional<Option> option_;
  std::size_t steps_ = 0;
  bool stopped_ = false;
};

EvaluationError Describe(const Error& error) {
  const bool samples = error.code == "InsufficientSampleData";
  return {error.code,
          samples ? "Autoscale evaluation failed due to insufficient sample data"
                  : "The specified auto-scaling formula has evaluation error",
          error.message};
}

}  // namespace

Evaluation Evaluate(const Formula& formula, const Samples& samples, const Context& context) {
  Evaluator evaluator(formula, samples, context);
  const Status run = evaluator.Run();
  auto targets = run ? evaluator.FinalTargets() : Result<Targets>(run.error());
  if (!targets) return {context.current, {}, Describe(targets.error())};
  return {std::move(targets).value(), evaluator.TakeVariables(), std::nullopt};
}

}  // namespace reconciler::autoscale
