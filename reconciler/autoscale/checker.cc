#include "reconciler/autoscale/checker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "reconciler/autoscale/constant.h"
#include "reconciler/autoscale/names.h"
#include "reconciler/autoscale/signatures.h"
#include "reconciler/core/text.h"

namespace reconciler::autoscale {
namespace {

/// One walk in the order of evaluation, with the types of what was assigned so far.
class Checker {
 public:
  explicit Checker(const Formula& formula) : formula_(formula) {}

  std::vector<Problem> Run() {
    for (const Statement& statement : formula_.statements) CheckStatement(statement);
    CheckWhole();
    SortByPlace(problems_);
    return std::move(problems_);
  }

  // The type of each kind of node; kUnknown after a problem, so that it is told once.
  Type operator()(const Place&, const Number&) { return Type::kDouble; }
  Type operator()(const Place&, const Text&) { return Type::kText; }

  Type operator()(const Place& place, const Name& name) {
    if (const auto own = own_.find(name.value); own != own_.end()) return own->second;
    const ServiceName* const known = FindServiceName(name.value);
    if (known == nullptr) {
      if (undefined_.insert(name.value).second) {  // each name is told once
        Error(place, fmt::format("Undefined symbol: {:.60}{}", name.value, Nearest(name.value)));
      }
      return Type::kUnknown;
    }
    switch (known->kind) {
      case ServiceName::Kind::kMetric:
        CheckRetired(place, *known);
        return Type::kDouble;
      case ServiceName::Kind::kTarget:
        return Type::kDouble;
      case ServiceName::Kind::kInterval:
        return Type::kInterval;
      case ServiceName::Kind::kOption:
        CheckOption(place, *known);
        break;
      case ServiceName::Kind::kDeallocation:
        break;
    }
    return Type::kOption;
  }

  Type operator()(const Place& place, const Call& call) {
    const std::vector<Type> arguments = TypesOf(call.arguments);
    const Signature* const function = FindFunction(call.name);
    if (function == nullptr) {
      Error(place, fmt::format("Undefined symbol: {:.60}{}", call.name,
                               NearestOf(call.name, Functions())));
      return Type::kUnknown;
    }
    return Resolve(place, *function, arguments);
  }

  Type operator()(const Place& place, const Member& member) {
    const Type object = TypeOf(member.object);
    if (object == Type::kUnknown) return Type::kUnknown;
    if (object == Type::kTimestamp && IsTimeMember(member.name)) return Type::kDouble;
    const bool method = FindMethod(member.name) != nullptr;
    Error(place, fmt::format("No member '{:.60}' of {}{}", member.name, TypeName(object),
                             method ? " (a method needs parentheses)" : ""));
    return Type::kUnknown;
  }

  Type operator()(const Place& place, const Method& method) {
    const std::vector<Type> arguments = TypesOf(method.arguments);
    const auto* const name = std::get_if<Name>(&formula_.nodes[method.object].what);
    const ServiceName* const metric = name != nullptr ? FindServiceName(name->value) : nullptr;
    const Type object = TypeOf(method.object);
    const Signature* const signature = FindMethod(method.name);
    if (object == Type::kUnknown) return signature != nullptr ? signature->result : object;
    if (metric == nullptr || metric->kind != ServiceName::Kind::kMetric) {
      Error(place,
            fmt::format("No method '{:.60}' of {}: only metrics such as $PendingTasks have some",
                        method.name, TypeName(object)));
      return Type::kUnknown;
    }
    if (signature == nullptr) {
      Error(place, fmt::format("No method '{:.60}' of {}{}", method.name, metric->name,
                               NearestOf(method.name, Methods())));
      return Type::kUnknown;
    }
    CheckWindow(method, arguments);
    return Resolve(method.parenthesis, *signature, arguments);
  }

  Type operator()(const Place& place, const Signed& node) {
    const Type operand = TypeOf(node.operand);
    const auto found = FindOperation(node.sign, operand);
    if (!found) Error(place, NoOperatorText(node.sign, operand));
    if (found && !found->documented) NotDocumented(place, NoOperatorText(node.sign, operand));
    return found ? found->result : Type::kUnknown;
  }

  Type operator()(const Place&, const Chain& chain) {
    Type left = TypeOf(chain.first);
    for (const Term& term : chain.terms) {
      const Type right = TypeOf(term.operand);
      const auto found = FindOperation(term.op, left, right);
      if (!found) Error(term.place, NoOperatorText(term.op, left, right));
      if (found && !found->documented) {
        NotDocumented(term.place, NoOperatorText(term.op, left, right));
      }
      left = found ? found->result : Type::kUnknown;
    }
    return left;
  }

  Type operator()(const Place& place, const Choice& choice) {
    const Type condition = TypeOf(choice.condition);
    if (condition != Type::kDouble && condition != Type::kUnknown) {
      Error(place, fmt::format("A condition is a double, not {}", TypeName(condition)));
    }
    const Type yes = TypeOf(choice.yes);
    const Type no = TypeOf(choice.no);
    return yes == no ? yes : Type::kUnknown;
  }

 private:
  Type TypeOf(NodeId id) {
    const Node& node = formula_.nodes[id];
    return std::visit([&](const auto& what) { return (*this)(node.place, what); }, node.what);
  }
  std::vector<Type> TypesOf(const std::vector<NodeId>& nodes) {
    std::vector<Type> types;
    for (const NodeId node : nodes) types.push_back(TypeOf(node));
    return types;
  }

  Type Resolve(const Place& place, const Signature& signature, const std::vector<Type>& arguments) {
    auto type = ResultType(signature, arguments);
    if (type) return *type;
    Error(place, std::move(type).error().message);
    return Type::kUnknown;
  }

  void Error(const Place& place, std::string text) {
    problems_.push_back({Problem::Level::kError, place, std::move(text)});
  }
  void Warning(const Place& place, std::string text) {
    problems_.push_back({Problem::Level::kWarning, place, std::move(text)});
  }
  void NotDocumented(const Place& place, const std::string& no_operator) {
    Warning(place, no_operator + " in the service's documentation");
  }

  std::string Nearest(std::string_view name) const {
    std::vector<std::string_view> candidates;
    for (const ServiceName& known : ServiceNames()) candidates.push_back(known.name);
    for (const auto& [own, type] : own_) candidates.push_back(own);
    return DidYouMean(NearestName(name, candidates));
  }
  static std::string NearestOf(std::string_view name, std::span<const Signature> signatures) {
    std::vector<std::string_view> candidates;
    for (const Signature& signature : signatures) candidates.push_back(signature.name);
    return DidYouMean(NearestName(name, candidates));
  }
  static std::string DidYouMean(const std::string& nearest) {
    return nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest);
  }

  void CheckStatement(const Statement& statement) {
    const Type type = TypeOf(statement.expression);
    if (!statement.target.empty()) {
      CheckAssignment(statement, type);
    } else if (type != Type::kNothing && type != Type::kUnknown) {
      Warning(statement.place, "A statement without effect: its value goes nowhere");
    }
  }

  void CheckAssignment(const Statement& statement, Type type) {
    const ServiceName* const known = FindServiceName(statement.target);
    if (type == Type::kNothing) Error(statement.place, "stop() has no value");
    if (known == nullptr) {
      CheckSpelling(statement);
      own_[statement.target] = type == Type::kNothing ? Type::kUnknown : type;
      return;
    }
    const bool is_target = known->kind == ServiceName::Kind::kTarget;
    if (!is_target && known->kind != ServiceName::Kind::kDeallocation) {
      Error(statement.place, fmt::format("Read-only symbol: {}", statement.target));
      return;
    }
    sets_target_ = sets_target_ || is_target;
    const Type wanted = is_target ? Type::kDouble : Type::kOption;
    if (type == wanted || type == Type::kUnknown || type == Type::kNothing) return;
    Error(statement.place,
          fmt::format("{} is a {}, not a {}", statement.target, TypeName(wanted), TypeName(type)));
  }

  /// A variable of one's own that differs from one of the service's by case alone.
  void CheckSpelling(const Statement& statement) {
    const ServiceName* const near = FindServiceNameFolded(statement.target);
    if (near == nullptr || own_.contains(statement.target)) return;
    Warning(statement.place, fmt::format("{} is a variable of the formula's own; the service's is "
                                         "{}",
                                         statement.target, near->name));
  }

  void CheckRetired(const Place& place, const ServiceName& metric) {
    if (!metric.retired) return;
    Warning(place, fmt::format("{} may have no samples: the service has announced the end of it",
                               metric.name));
  }

  void CheckOption(const Place& place, const ServiceName& option) {
    if (option.name != "retaineddata") return;
    Warning(place, "retaineddata keeps a node until the retention of its tasks' data is over");
  }

  void CheckWindow(const Method& method, const std::vector<Type>& arguments) {
    if (arguments.empty() || arguments[0] != Type::kInterval) return;
    const std::size_t percent = arguments.size() - 1;
    if (percent > 0 && arguments[percent] == Type::kDouble) {
      CheckPercent(method.arguments[percent]);
    }
    const auto begin = IntervalAt(method.arguments[0]);
    std::optional<Ticks> end = Ticks(0);
    if (arguments.size() > 1 && arguments[1] != Type::kDouble) {
      end = IntervalAt(method.arguments[1]);
    }
    if (!begin || !end) return;
    const Ticks length = *begin > *end ? *begin - *end : *end - *begin;
    if (length >= std::chrono::seconds(kWindowSecondsMin)) return;
    Warning(method.parenthesis,
            fmt::format("{} s hold at most {} samples of 30 s, of which the newest come late: "
                        "look back {} s or more",
                        length / std::chrono::seconds(1), length / std::chrono::seconds(30),
                        kWindowSecondsMin));
  }

  void CheckPercent(NodeId id) {
    const auto percent = ConstantValue(formula_, id);
    const double* const number = percent ? std::get_if<double>(&*percent) : nullptr;
    if (number == nullptr || (*number >= 0 && *number <= 100)) return;
    Error(formula_.nodes[id].place,
          fmt::format("A percentage of samples is between 0 and 100, not {}", *number));
  }

  std::optional<Ticks> IntervalAt(NodeId id) const {
    const auto value = ConstantValue(formula_, id);
    const Ticks* const interval = value ? std::get_if<Ticks>(&*value) : nullptr;
    // Of a sane size, so that differences cannot overflow.
    if (interval == nullptr || *interval < Ticks(0) || interval->count() > (1LL << 61)) {
      return std::nullopt;
    }
    return *interval;
  }

  void CheckWhole() {
    if (formula_.statements.empty()) return;
    const Place first = formula_.statements.front().place;
    if (auto problem = TooManyStatements(formula_)) problems_.push_back(std::move(*problem));
    if (!sets_target_) {
      Warning(first, "Neither $TargetDedicatedNodes nor $TargetLowPriorityNodes is set");
    }
  }

  const Formula& formula_;
  std::map<std::string, Type, std::less<>> own_;
  std::set<std::string, std::less<>> undefined_;
  bool sets_target_ = false;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> Check(const Formula& formula) { return Checker(formula).Run(); }

std::optional<Problem> TooManyStatements(const Formula& formula) {
  const std::vector<Statement>& statements = formula.statements;
  if (statements.size() <= kStatementsMax) return std::nullopt;
  return Problem{Problem::Level::kError, statements[kStatementsMax].place,
                 fmt::format("{} statements, at most {}", statements.size(), kStatementsMax)};
}

}  // namespace reconciler::autoscale
