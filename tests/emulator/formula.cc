#include "tests/emulator/formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <vector>

namespace emulator {

namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

constexpr std::string_view kMetrics[] = {
    "$ActiveTasks",       "$RunningTasks",   "$PendingTasks",     "$SucceededTasks",
    "$FailedTasks",       "$CPUPercent",     "$WallClockSeconds", "$MemoryBytes",
    "$DiskBytes",         "$DiskReadBytes",  "$DiskWriteBytes",   "$DiskReadOps",
    "$DiskWriteOps",      "$NetworkInBytes", "$NetworkOutBytes",  "$SampleNodeCount",
    "$PreemptedNodeCount"};
constexpr std::string_view kOptions[] = {"requeue", "terminate", "taskcompletion", "retaineddata"};

template <class List>
bool Contains(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

/// A value while evaluating; `known` is false once something was met that cannot be evaluated.
struct Value {
  bool known = true;
  double number = 0;
  std::string option;
};

/// Reads a formula once, checking the grammar and computing on the way. Recursive descent:
/// statement := [ident "="] expr, with C's operators and precedence.
class Reader {
 public:
  Reader(std::string_view text, const FormulaInput& input) : text_(text), input_(input) {}

  void Run() {
    Skip();
    while (at_ < text_.size() && syntax_.empty()) {
      if (Take(";")) continue;
      Statement();
      if (syntax_.empty() && at_ < text_.size() && !Take(";")) Expected("';'");
    }
  }
  const std::string& syntax_error() const { return syntax_; }
  const std::string& unknown() const { return unknown_; }
  bool unknown_metric() const { return unknown_metric_; }
  const std::map<std::string, Value>& variables() const { return variables_; }

 private:
  static constexpr int kDepthMax = 200;

  std::string Position(std::size_t at) const {
    const auto line =
        std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const auto newline = text_.substr(0, at).rfind('\n');
    const std::size_t column = newline == std::string_view::npos ? at + 1 : at - newline;
    return fmt::format("Line {}, Col {}", line + 1, column);
  }
  void Expected(std::string_view what) {
    if (syntax_.empty()) syntax_ = fmt::format("{}: Expected {}", Position(at_), what);
  }
  Value Unknown(std::size_t at, std::string_view text, bool metric) {
    if (unknown_.empty()) {
      unknown_ = fmt::format("{}: {}", Position(at), text);
      unknown_metric_ = metric;
    }
    return {false, 0, {}};
  }
  void Skip() {
    while (at_ < text_.size()) {
      if (text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (std::string_view{" \t\r\n"}.find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else {
        return;
      }
    }
  }
  bool Take(std::string_view token) {
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    Skip();
    return true;
  }
  std::string Identifier() {
    const std::size_t begin = at_;
    std::size_t end = at_;
    if (end < text_.size() && text_[end] == '$') ++end;
    if (end >= text_.size() || !IsLetter(text_[end])) return {};
    while (end < text_.size() &&
           (IsLetter(text_[end]) || IsDigit(text_[end]) || text_[end] == '_')) {
      ++end;
    }
    at_ = end;
    Skip();
    return std::string(text_.substr(begin, end - begin));
  }

  void Statement() {
    const std::size_t begin = at_;
    const std::string name = Identifier();
    if (!name.empty() && text_.substr(at_, 1) == "=" && text_.substr(at_, 2) != "==") {
      Take("=");
      variables_[name] = Expression();
    } else {
      at_ = begin;
      Expression();
    }
  }
  Value Expression() {
    if (++depth_ > kDepthMax) {
      Expected("less nesting");
      return {};
    }
    Value condition = Binary(0);
    if (syntax_.empty() && Take("?")) {
      const Value yes = Expression();
      if (!Take(":")) Expected("':'");
      const Value no = Expression();
      if (condition.known) condition = condition.number != 0 ? yes : no;
    }
    --depth_;
    return condition;
  }
  Value Binary(std::size_t level) {
    static const std::vector<std::vector<std::string_view>> kLevels{
        {"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/"}};
    if (level == kLevels.size()) return Unary();
    Value left = Binary(level + 1);
    for (;;) {
      std::string_view found;
      for (const std::string_view op : kLevels[level]) {
        if (found.empty() && Take(op)) found = op;
      }
      if (found.empty() || !syntax_.empty()) return left;
      const Value right = Binary(level + 1);
      left = {left.known && right.known, Apply(found, left.number, right.number), {}};
    }
  }
  static double Apply(std::string_view op, double a, double b) {
    if (op == "||") return a != 0 || b != 0;
    if (op == "&&") return a != 0 && b != 0;
    if (op == "==") return !(a < b) && !(b < a);
    if (op == "!=") return a < b || b < a;
    if (op == "<=") return a <= b;
    if (op == ">=") return a >= b;
    if (op == "<") return a < b;
    if (op == ">") return a > b;
    if (op == "+") return a + b;
    if (op == "-") return a - b;
    return op == "*" ? a * b : a / b;
  }
  Value Unary() {
    if (++depth_ > kDepthMax) {
      Expected("less nesting");
      return {};
    }
    Value value;
    if (Take("-")) {
      value = Unary();
      value.number = -value.number;
    } else if (Take("!")) {
      value = Unary();
      value.number = value.number == 0 ? 1 : 0;
    } else {
      value = Postfix();
    }
    --depth_;
    return value;
  }
  Value Postfix() {
    const std::size_t begin = at_;
    Value value = Primary();
    while (syntax_.empty() && Take(".")) {
      const std::string member = Identifier();
      if (member.empty()) Expected("a member name");
      if (Take("(")) Arguments();
      value = Unknown(begin, fmt::format("Undefined symbol: {}", member), false);
    }
    return value;
  }
  std::vector<Value> Arguments() {
    std::vector<Value> out;
    if (Take(")")) return out;
    do {
      out.push_back(Expression());
    } while (syntax_.empty() && Take(","));
    if (!Take(")")) Expected("')'");
    return out;
  }
  Value Primary() {
    const std::size_t begin = at_;
    if (Take("(")) {
      const Value value = Expression();
      if (!Take(")")) Expected("')'");
      return value;
    }
    if (at_ < text_.size() && (IsDigit(text_[at_]) || text_[at_] == '.')) return Number();
    if (at_ < text_.size() && text_[at_] == '"') return Text();
    const std::string name = Identifier();
    if (name.empty()) {
      Expected("an expression");
      return {};
    }
    if (Take("(")) return Call(begin, name, Arguments());
    return Variable(begin, name);
  }
  Value Number() {
    Value value;
    const auto parsed =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value.number);
    if (parsed.ec != std::errc{}) {
      Expected("a number");
      return value;
    }
    at_ = static_cast<std::size_t>(parsed.ptr - text_.data());
    Skip();
    return value;
  }
  Value Text() {
    const std::size_t begin = at_;
    const auto end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) {
      Expected("a closing '\"'");
      return {};
    }
    at_ = end + 1;
    Skip();
    return Unknown(begin, "Strings are not evaluated", false);
  }
  Value Call(std::size_t begin, const std::string& name, const std::vector<Value>& arguments) {
    if ((name != "min" && name != "max") || arguments.empty()) {
      return Unknown(begin, fmt::format("Undefined function: {}", name), false);
    }
    Value out = arguments[0];
    for (const Value& argument : arguments) {
      out.known = out.known && argument.known;
      out.number = name == "min" ? std::min(out.number, argument.number)
                                 : std::max(out.number, argument.number);
    }
    return out;
  }
  Value Variable(std::size_t begin, const std::string& name) {
    if (const auto at = variables_.find(name); at != variables_.end()) return at->second;
    const auto number = [](std::int64_t count) {
      return Value{true, static_cast<double>(count), {}};
    };
    if (name == "$CurrentDedicatedNodes") return number(input_.current[kDedicated]);
    if (name == "$CurrentLowPriorityNodes") return number(input_.current[kSpot]);
    if (name == "$TargetDedicatedNodes") return number(input_.target[kDedicated]);
    if (name == "$TargetLowPriorityNodes") return number(input_.target[kSpot]);
    if (Contains(kOptions, name)) return {true, 0, name};
    if (Contains(kMetrics, name)) {
      return Unknown(
          begin, fmt::format("Insufficient data from data set: {} wanted 70%, received 0%", name),
          true);
    }
    return Unknown(begin, fmt::format("Undefined symbol: {}", name), false);
  }

  std::string_view text_;
  const FormulaInput& input_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string syntax_, unknown_;
  bool unknown_metric_ = false;
  std::map<std::string, Value> variables_;
};

std::string Results(const FormulaResult& result, const std::map<std::string, Value>& variables) {
  std::string out =
      fmt::format("$TargetDedicatedNodes={};$TargetLowPriorityNodes={};$NodeDeallocationOption={}",
                  result.target[kDedicated], result.target[kSpot], result.deallocation);
  for (const auto& [name, value] : variables) {
    if (name.rfind("$Target", 0) == 0 || name == "$NodeDeallocationOption") continue;
    out += fmt::format(";{}{}={}", name[0] == '$' ? "" : "$", name, value.number);
  }
  return out;
}

std::int64_t Target(const std::map<std::string, Value>& variables, const char* name,
                    const char* alias, std::int64_t current) {
  auto at = variables.find(name);
  if (at == variables.end()) at = variables.find(alias);
  if (at == variables.end() || !std::isfinite(at->second.number)) return current;
  return static_cast<std::int64_t>(std::clamp(std::floor(at->second.number), 0.0, 1e6));
}

}  // namespace

std::optional<std::string> FormulaSyntaxError(std::string_view formula) {
  if (formula.find_first_not_of(" \t\r\n;") == std::string_view::npos) {
    return "Line 1, Col 1: Expected a statement";
  }
  const FormulaInput nothing;
  Reader reader(formula, nothing);
  reader.Run();
  return reader.syntax_error().empty() ? std::nullopt : std::optional{reader.syntax_error()};
}

FormulaResult EvaluateFormula(std::string_view formula, const FormulaInput& input) {
  Reader reader(formula, input);
  reader.Run();
  FormulaResult result;
  result.target = input.target;
  if (!reader.unknown().empty()) {
    result.error_code =
        reader.unknown_metric() ? "InsufficientSampleData" : "AutoScalingFormulaEvaluationError";
    result.error_message = reader.unknown_metric()
                               ? "Autoscale evaluation failed due to insufficient sample data"
                               : "The specified auto-scaling formula has evaluation error";
    result.error_detail = reader.unknown();
    result.results = Results(result, {});
    return result;
  }
  const auto& variables = reader.variables();
  result.target[kDedicated] =
      Target(variables, "$TargetDedicatedNodes", "$TargetDedicated", input.target[kDedicated]);
  result.target[kSpot] =
      Target(variables, "$TargetLowPriorityNodes", "$TargetLowPriority", input.target[kSpot]);
  const auto option = variables.find("$NodeDeallocationOption");
  if (option != variables.end() && !option->second.option.empty()) {
    result.deallocation = option->second.option;
  }
  result.results = Results(result, variables);
  return result;
}

}  // namespace emulator
