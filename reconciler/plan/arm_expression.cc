#include "reconciler/plan/arm_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace reconciler::plan {
namespace {

/// Stands for what only a deployment knows, where that may be.
constexpr char kUnknown = '\x01';

/// Reads one expression from left to right: texts, and calls of the functions that it knows.
class Expression {
 public:
  /// `lenient`: parameters without a default are kUnknown instead of the end.
  Expression(std::string_view text, const ArmScope& scope, int depth, bool lenient = false)
      : text_(text), scope_(scope), depth_(depth), lenient_(lenient) {}

  std::optional<Value> Whole() {
    auto value = Read();
    SkipBlanks();
    return at_ == text_.size() ? value : std::nullopt;
  }

  /// The part up to a closing bracket, and how much of the text that is.
  std::optional<Value> UpToBracket(std::size_t& used) {
    auto value = Read();
    if (!value || !Take(']')) return std::nullopt;
    used = at_;
    return value;
  }

  static std::optional<std::string> TextOf(const Value& value) {
    if (value.IsString()) return value.AsString();
    if (value.IsInt()) return std::to_string(value.AsInt());
    return std::nullopt;
  }

 private:
  void SkipBlanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool Take(char c) {
    SkipBlanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::optional<Value> Read() {
    SkipBlanks();
    if (at_ >= text_.size()) return std::nullopt;
    if (text_[at_] == '\'') return ReadText();
    std::string name;
    while (at_ < text_.size() && std::isalnum(static_cast<unsigned char>(text_[at_])) != 0) {
      name += text_[at_++];
    }
    if (!Take('(')) return std::nullopt;
    Array arguments;
    while (!Take(')')) {
      if (!arguments.empty() && !Take(',')) return std::nullopt;
      auto argument = Read();
      if (!argument) return std::nullopt;
      arguments.push_back(std::move(*argument));
    }
    return Call(name, arguments);
  }

  /// Two quotes stand for one.
  std::optional<Value> ReadText() {
    std::string text;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '\'') {
        text += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
        text += text_[++at_];
      } else {
        ++at_;
        return text;
      }
    }
    return std::nullopt;
  }

  std::optional<Value> Call(const std::string& name, const Array& arguments) {
    if (name == "parameters" || name == "variables") {
      if (arguments.size() != 1 || !arguments[0].IsString()) return std::nullopt;
      return Lookup(name == "parameters" ? scope_.parameters : scope_.variables,
                    arguments[0].AsString());
    }
    if (name == "concat") return Concat(arguments);
    if (name == "format") return Format(arguments);
    return std::nullopt;
  }

  std::optional<Value> Lookup(const Value& from, const std::string& name) {
    constexpr int kDepthMax = 16;
    const Value* found = from.Find(name);
    if (depth_ >= kDepthMax) return std::nullopt;
    if (found == nullptr)
      return lenient_ ? std::optional<Value>(std::string(1, kUnknown)) : std::nullopt;
    if (!found->IsString() || !found->AsString().starts_with('[')) return *found;
    if (found->AsString().starts_with("[[")) return found->AsString().substr(1);
    const std::string& inner = found->AsString();
    return Expression(std::string_view(inner).substr(1, inner.size() - 2), scope_, depth_ + 1,
                      lenient_)
        .Whole();
  }

  static std::optional<Value> Concat(const Array& arguments) {
    std::string text;
    for (const Value& argument : arguments) {
      const auto part = TextOf(argument);
      if (!part) return std::nullopt;
      text += *part;
    }
    return text;
  }

  static std::optional<Value> Format(const Array& arguments) {
    if (arguments.empty() || !arguments[0].IsString()) return std::nullopt;
    std::string text = arguments[0].AsString();
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      const auto part = TextOf(arguments[i]);
      if (!part) return std::nullopt;
      const std::string mark = fmt::format("{{{}}}", i - 1);
      for (std::size_t at = text.find(mark); at != std::string::npos;
           at = text.find(mark, at + part->size())) {
        text.replace(at, mark.size(), *part);
      }
    }
    return text;
  }

  std::string_view text_;
  const ArmScope& scope_;
  int depth_;
  bool lenient_;
  std::size_t at_ = 0;
};

/// "render" of "[format('{0}/render', parameters('account'))]", whatever the account.
std::optional<std::string> LastPart(std::string_view expression, const ArmScope& scope) {
  const auto whole = Expression(expression, scope, 0, true).Whole();
  if (!whole || !whole->IsString()) return std::nullopt;
  std::string text = whole->AsString();
  text.erase(0, text.rfind('/') + 1);
  if (text.empty() || text.find(kUnknown) != std::string::npos) return std::nullopt;
  return text;
}

bool IsCall(std::string_view text) {
  constexpr std::array<std::string_view, 4> kCalls = {"parameters(", "variables(", "concat(",
                                                      "format("};
  return std::any_of(kCalls.begin(), kCalls.end(),
                     [&](std::string_view call) { return text.starts_with(call); });
}

/// `text` with what each expression within it comes to; nothing if one cannot be told.
std::optional<std::string> FillIn(std::string_view text, const ArmScope& scope) {
  std::string filled;
  while (!text.empty()) {
    if (text.front() != '[' || !IsCall(text.substr(1))) {
      filled += text.front();
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(1);
    std::size_t used = 0;
    const auto value = Expression(text, scope, 0).UpToBracket(used);
    const auto part = value ? Expression::TextOf(*value) : std::nullopt;
    if (!part) return std::nullopt;
    filled += *part;
    text.remove_prefix(used);
  }
  return filled;
}

bool IsExpression(const std::string& text) {
  return text.size() > 2 && text.front() == '[' && text[1] != '[' && text.back() == ']';
}

}  // namespace

ArmScope ScopeOf(const Value& arm_template) {
  ArmScope scope;
  if (const Value* parameters = arm_template.Find("parameters");
      parameters && parameters->IsObject()) {
    for (const Member& parameter : parameters->AsObject()) {
      if (const Value* known = parameter.value.Find("defaultValue")) {
        scope.parameters.Set(parameter.name, *known);
      }
    }
  }
  if (const Value* variables = arm_template.Find("variables"); variables && variables->IsObject()) {
    scope.variables = *variables;
  }
  return scope;
}

Value Resolve(const Value& value, const ArmScope& scope, const std::string& path,
              std::vector<ImportNote>& left_out) {
  if (value.IsArray()) {
    Array items;
    for (const Value& item : value.AsArray()) {
      Value made = Resolve(item, scope, fmt::format("{}[{}]", path, items.size()), left_out);
      if (!made.IsNull()) items.push_back(std::move(made));
    }
    return items;
  }
  if (value.IsObject()) {
    Value object = Object{};
    for (const Member& member : value.AsObject()) {
      if (member.name == "dependsOn" || member.name == "condition") continue;
      const std::string below = path.empty() ? member.name : path + "." + member.name;
      Value made = Resolve(member.value, scope, below, left_out);
      if (!made.IsNull()) object.Set(member.name, std::move(made));
    }
    return object;
  }
  if (!value.IsString()) return value;
  const std::string& text = value.AsString();
  if (text.starts_with("[[")) return text.substr(1);
  const bool is_expression = IsExpression(text);
  if (!is_expression && !scope.within_texts) return value;
  if (is_expression) {
    const auto inner = std::string_view(text).substr(1, text.size() - 2);
    if (auto known = Expression(inner, scope, 0).Whole()) return *known;
  }
  if (scope.within_texts) {
    if (auto filled = FillIn(text, scope)) return *filled;
  }
  if (path == "name") {
    if (auto name = LastPart(std::string_view(text).substr(1, text.size() - 2), scope))
      return *name;
  }
  left_out.push_back({path, "is an expression that needs a deployment: " + text});
  return {};
}

}  // namespace reconciler::plan
