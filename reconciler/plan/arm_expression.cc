#include "reconciler/plan/arm_expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/plan/import_pool.h"
#include "reconciler/plan/import_words.h"

namespace reconciler::plan {
namespace {

constexpr int kDepthMax = 16;

Value Unknown() { return std::string(1, kUnknown); }

bool IsMark(const Value& value) {
  return value.IsString() && value.AsString().size() == 1 &&
         (value.AsString()[0] == kUnknown || value.AsString()[0] == kSecretMark);
}

bool IsSecure(const Value* parameter) {
  return parameter != nullptr && FoldCase(parameter->StringOr("type")).starts_with("secure");
}

/// Reads one expression from left to right: texts, and calls of the functions that it knows.
class Expression {
 public:
  Expression(std::string_view text, const ArmScope& scope, UsedDefaults& defaults, int depth)
      : text_(text), scope_(scope), defaults_(defaults), depth_(depth) {}

  Value Whole() {
    auto value = Read();
    SkipBlanks();
    return value && at_ == text_.size() ? std::move(*value) : Unknown();
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
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool Take(char c) {
    SkipBlanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string ReadName() {
    std::string name;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_')) {
      name += text_[at_++];
    }
    return name;
  }

  /// Nothing: this is no expression.
  std::optional<Value> Read() {
    SkipBlanks();
    if (at_ >= text_.size()) return std::nullopt;
    if (text_[at_] == '\'') return ReadText();
    if (text_[at_] == '-' || std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) {
      return ReadNumber();
    }
    const std::string name = ReadName();
    if (name.empty() || !Take('(')) return std::nullopt;
    Array arguments;
    while (!Take(')')) {
      if (!arguments.empty() && !Take(',')) return std::nullopt;
      auto argument = Read();
      if (!argument) return std::nullopt;
      arguments.push_back(std::move(*argument));
    }
    return ReadBehind(Call(name, arguments));
  }

  /// ".member" and "[0]" behind a call.
  std::optional<Value> ReadBehind(Value value) {
    while (at_ < text_.size() && (text_[at_] == '.' || text_[at_] == '[')) {
      const bool by_name = text_[at_++] == '.';
      const auto key = by_name ? std::optional<Value>(ReadName()) : Read();
      if (!key || (!by_name && !Take(']'))) return std::nullopt;
      if (!IsMark(value)) value = Part(value, *key);
    }
    return value;
  }

  static Value Part(const Value& value, const Value& key) {
    const Value* found = key.IsString() ? FindFolded(value, key.AsString()) : nullptr;
    if (key.IsInt() && value.IsArray() && key.AsInt() >= 0 &&
        static_cast<std::size_t>(key.AsInt()) < value.AsArray().size()) {
      found = &value.AsArray()[static_cast<std::size_t>(key.AsInt())];
    }
    return found == nullptr ? Unknown() : *found;
  }

  std::optional<Value> ReadNumber() {
    std::int64_t number = 0;
    const auto read = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
    if (read.ec != std::errc()) return std::nullopt;
    at_ = static_cast<std::size_t>(read.ptr - text_.data());
    return number;
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

  /// Functions that it does not know may hide a secret that they are given.
  Value Call(const std::string& name, const Array& arguments) {
    const bool named = arguments.size() == 1 && arguments[0].IsString();
    if (named && EqualFolded(name, "parameters")) return Parameter(arguments[0].AsString());
    if (named && EqualFolded(name, "variables")) return Variable(arguments[0].AsString());
    if (EqualFolded(name, "concat")) return Concat(arguments);
    if (EqualFolded(name, "format")) return Format(arguments);
    return HoldsMark(arguments, kSecretMark) ? Value(std::string(1, kSecretMark)) : Unknown();
  }

  Value Parameter(const std::string& name) {
    const Value* declared = FindFolded(scope_.parameters, name);
    if (IsSecure(declared)) return std::string(1, kSecretMark);
    if (const Value* given = FindFolded(scope_.given, name)) {
      const Value* value = given->Find("value");
      if (value == nullptr || scope_.outer == nullptr) return Unknown();
      return Evaluate(*value, *scope_.outer, defaults_, depth_ + 1);
    }
    const Value* known = declared == nullptr ? nullptr : declared->Find("defaultValue");
    if (known == nullptr) return Unknown();
    if (std::find(defaults_.begin(), defaults_.end(), name) == defaults_.end()) {
      defaults_.push_back(name);
    }
    return Evaluate(*known, scope_, defaults_, depth_ + 1);
  }

  Value Variable(const std::string& name) {
    const Value* found = FindFolded(scope_.variables, name);
    return found == nullptr ? Unknown() : Evaluate(*found, scope_, defaults_, depth_ + 1);
  }

  static Value Concat(const Array& arguments) {
    std::string text;
    for (const Value& argument : arguments) {
      const auto part = TextOf(argument);
      if (!part) return Unknown();
      text += *part;
    }
    return text;
  }

  static Value Format(const Array& arguments) {
    if (arguments.empty() || !arguments[0].IsString()) return Unknown();
    std::string text = arguments[0].AsString();
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      const auto part = TextOf(arguments[i]);
      if (!part) return Unknown();
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
  UsedDefaults& defaults_;
  int depth_;
  std::size_t at_ = 0;
};

bool IsCall(std::string_view text) {
  constexpr std::array<std::string_view, 4> kCalls = {"parameters(", "variables(", "concat(",
                                                      "format("};
  return std::any_of(kCalls.begin(), kCalls.end(),
                     [&](std::string_view call) { return text.starts_with(call); });
}

}  // namespace

bool IsArmExpression(std::string_view text) {
  return text.size() > 2 && text.front() == '[' && text[1] != '[' && text.back() == ']';
}

Value Evaluate(const Value& value, const ArmScope& scope, UsedDefaults& defaults, int depth) {
  if (depth > kDepthMax) return Unknown();
  if (value.IsArray()) {
    Array items;
    for (const Value& item : value.AsArray()) {
      items.push_back(Evaluate(item, scope, defaults, depth + 1));
    }
    return items;
  }
  if (value.IsObject()) {
    Object members;
    for (const Member& member : value.AsObject()) {
      members.push_back({member.name, Evaluate(member.value, scope, defaults, depth + 1)});
    }
    return members;
  }
  if (!value.IsString()) return value;
  const std::string& text = value.AsString();
  if (text.starts_with("[[")) return text.substr(1);
  if (!IsArmExpression(text)) return value;
  const auto inner = std::string_view(text).substr(1, text.size() - 2);
  return Expression(inner, scope, defaults, depth).Whole();
}

std::optional<std::string> FillIn(std::string_view text, const ArmScope& scope,
                                  UsedDefaults& defaults) {
  std::string filled;
  while (!text.empty()) {
    if (text.front() != '[' || !IsCall(text.substr(1))) {
      filled += text.front();
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(1);
    std::size_t used = 0;
    const auto value = Expression(text, scope, defaults, 0).UpToBracket(used);
    const auto part = value ? Expression::TextOf(*value) : std::nullopt;
    if (!part || HoldsMark(*part, kUnknown)) return std::nullopt;
    filled += *part;
    text.remove_prefix(used);
  }
  return filled;
}

}  // namespace reconciler::plan
