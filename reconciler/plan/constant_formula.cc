#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "reconciler/plan/prepared.h"

namespace reconciler::plan {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Reads the part of the formula language in which a formula can be constant.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool AtEnd() {
    SkipBlank();
    return text_.empty();
  }

  bool Take(char wanted) {
    SkipBlank();
    if (!text_.starts_with(wanted)) return false;
    text_.remove_prefix(1);
    return true;
  }

  /// A name with or without '$'; empty if none stands here.
  std::string_view TakeName() {
    SkipBlank();
    std::size_t end = text_.starts_with('$') ? 1 : 0;
    if (end >= text_.size() || !IsLetter(text_[end])) return {};
    while (end < text_.size() && (IsLetter(text_[end]) || IsDigit(text_[end]))) ++end;
    return TakeFront(end);
  }

  /// sum := product { (+|-) product }
  std::optional<double> TakeSum() {
    std::optional<double> left = TakeProduct();
    while (left) {
      const bool plus = Take('+');
      if (!plus && !Take('-')) break;
      const std::optional<double> right = TakeProduct();
      if (!right) return std::nullopt;
      *left += plus ? *right : -*right;
    }
    return left;
  }

 private:
  /// product := factor { (*|/) factor }
  std::optional<double> TakeProduct() {
    std::optional<double> left = TakeFactor();
    while (left) {
      const bool times = Take('*');
      if (!times && !Take('/')) break;
      const std::optional<double> right = TakeFactor();
      if (!right) return std::nullopt;
      *left = times ? *left * *right : *left / *right;
    }
    return left;
  }

  /// factor := { - } ( number | "(" sum ")" )
  std::optional<double> TakeFactor() {
    constexpr int kDepthMax = 32;
    if (depth_ >= kDepthMax) return std::nullopt;
    ++depth_;
    std::optional<double> value;
    if (Take('-')) {
      value = TakeFactor();
      if (value) value = -*value;
    } else if (Take('(')) {
      value = TakeSum();
      if (!Take(')')) value.reset();
    } else {
      value = TakeNumber();
    }
    --depth_;
    return value;
  }

  std::optional<double> TakeNumber() {
    SkipBlank();
    if (text_.empty() || (!IsDigit(text_.front()) && text_.front() != '.')) return std::nullopt;
    double number = 0;
    const auto [end, failed] = std::from_chars(text_.data(), text_.data() + text_.size(), number,
                                               std::chars_format::fixed);
    if (failed != std::errc{}) return std::nullopt;
    TakeFront(static_cast<std::size_t>(end - text_.data()));
    return number;
  }

  std::string_view TakeFront(std::size_t length) {
    const std::string_view front = text_.substr(0, length);
    text_.remove_prefix(length);
    return front;
  }

  void SkipBlank() {
    while (true) {
      text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
      if (!text_.starts_with("//")) return;
      text_.remove_prefix(std::min(text_.find('\n'), text_.size()));
    }
  }

  std::string_view text_;
  int depth_ = 0;
};

std::optional<int> NodesOf(double number) {
  if (!std::isfinite(number)) return std::nullopt;
  if (number < 0) return 0;
  if (number > static_cast<double>(std::numeric_limits<int>::max())) return std::nullopt;
  return static_cast<int>(number);
}

/// What each target variable was assigned last; the full name wins over its alias.
struct Assigned {
  std::optional<int> full;
  std::optional<int> alias;
  std::optional<int> Value() const { return full ? full : alias; }
};

/// One statement; false: not of the constant kind.
bool ReadStatement(Reader& reader, Assigned& dedicated, Assigned& low_priority) {
  const std::string_view name = reader.TakeName();
  if (name.empty() || !reader.Take('=')) return false;
  if (name == "$NodeDeallocationOption") return !reader.TakeName().empty();
  std::optional<int>* target = nullptr;
  if (name == "$TargetDedicatedNodes") target = &dedicated.full;
  if (name == "$TargetDedicated") target = &dedicated.alias;
  if (name == "$TargetLowPriorityNodes") target = &low_priority.full;
  if (name == "$TargetLowPriority") target = &low_priority.alias;
  if (target == nullptr) return false;
  const std::optional<double> number = reader.TakeSum();
  if (!number) return false;
  *target = NodesOf(*number);
  return target->has_value();
}

}  // namespace

std::optional<ConstantTargets> ConstantFormula(std::string_view formula) {
  Reader reader(formula);
  Assigned dedicated;
  Assigned low_priority;
  while (!reader.AtEnd()) {
    if (!ReadStatement(reader, dedicated, low_priority)) return std::nullopt;
    if (!reader.Take(';') && !reader.AtEnd()) return std::nullopt;
  }
  const ConstantTargets targets{dedicated.Value(), low_priority.Value()};
  if (!targets.dedicated && !targets.low_priority) return std::nullopt;
  return targets;
}

}  // namespace reconciler::plan
