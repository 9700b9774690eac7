#include "reconciler/plan/arm_resolve.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "reconciler/core/json.h"
#include "reconciler/plan/arm_expression.h"
#include "reconciler/plan/import_words.h"

namespace reconciler::plan {
namespace {

/// "render" of "ACCOUNT/render", whatever the account.
std::optional<std::string> LastPart(const Value& name) {
  if (!name.IsString()) return std::nullopt;
  std::string text = name.AsString();
  text.erase(0, text.rfind('/') + 1);
  if (text.empty() || HoldsMark(text, kUnknown) || HoldsMark(text, kSecretMark)) {
    return std::nullopt;
  }
  return text;
}

class Resolver {
 public:
  Resolver(const ArmScope& scope, ArmNotes& notes) : scope_(scope), notes_(notes) {}

  Value Run(const Value& value, const std::string& path) {
    if (value.IsString()) return Text(value.AsString(), path);
    return Below(value, path,
                 [&](const Value& below, const std::string& there) { return Run(below, there); });
  }

 private:
  /// Lists and objects of what `make` gives; what is null is left out.
  template <class Make>
  static Value Below(const Value& value, const std::string& path, Make make) {
    if (value.IsArray()) {
      Array items;
      std::size_t at = 0;
      for (const Value& item : value.AsArray()) {
        Value made = make(item, fmt::format("{}[{}]", path, at++));
        if (!made.IsNull()) items.push_back(std::move(made));
      }
      return items;
    }
    if (!value.IsObject()) return value;
    Value object = Object{};
    for (const Member& member : value.AsObject()) {
      if (member.name == "dependsOn" || member.name == "condition") continue;
      Value made = make(member.value, path.empty() ? member.name : path + "." + member.name);
      if (!made.IsNull()) object.Set(member.name, std::move(made));
    }
    return object;
  }

  Value Text(const std::string& text, const std::string& path) {
    UsedDefaults defaults;
    Value told = Evaluate(text, scope_, defaults);
    if (scope_.within_texts && (!IsArmExpression(text) || HoldsMark(told, kUnknown))) {
      defaults.clear();
      const auto filled = FillIn(text, scope_, defaults);
      told = filled ? Value(*filled) : Value(std::string(1, kUnknown));
    }
    if (path == "name" && IsArmExpression(text)) {
      const auto name = LastPart(told);
      told = name ? Value(*name) : Value(std::string(1, kUnknown));
    }
    for (const std::string& name : defaults) {
      notes_.defaults.push_back(
          {path, fmt::format("{}comes from the default of parameters('{}'); a deployment may have "
                             "given another value",
                             Shown(told), name)});
    }
    return Known(told, text, path);
  }

  static std::string Shown(const Value& told) {
    if (told.IsInt() || told.IsBool()) return WriteJson(told) + " ";
    return "";
  }

  Value Known(const Value& told, const std::string& text, const std::string& path) {
    if (told.IsString() && HoldsMark(told, kUnknown)) {
      notes_.left_out.push_back({path, "is an expression that needs a deployment: " + text});
      return {};
    }
    return Below(told, path, [&](const Value& below, const std::string& there) {
      return Known(below, text, there);
    });
  }

  const ArmScope& scope_;
  ArmNotes& notes_;
};

}  // namespace

Value Resolve(const Value& value, const ArmScope& scope, const std::string& path, ArmNotes& notes) {
  return Resolver(scope, notes).Run(value, path);
}

}  // namespace reconciler::plan
