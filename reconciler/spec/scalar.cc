#include "reconciler/spec/scalar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "reconciler/core/text.h"

namespace reconciler::spec {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

std::string_view WithoutSign(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

/// true for yes, on, y and the capital forms of true; false for their opposites.
std::string_view BooleanMeantBy(std::string_view text) {
  if (text.size() > 5) return {};
  constexpr std::array<std::string_view, 4> kYes = {"yes", "on", "y", "true"};
  constexpr std::array<std::string_view, 4> kNo = {"no", "off", "n", "false"};
  const std::string folded = FoldCase(text);
  if (std::find(kYes.begin(), kYes.end(), folded) != kYes.end()) return "true";
  if (std::find(kNo.begin(), kNo.end(), folded) != kNo.end()) return "false";
  return {};
}

/// 0x1F, 0o17, 0b11 and 017 in the spellings of YAML 1.1 and 1.2.
bool IsOtherBase(std::string_view digits) {
  if (digits.size() < 2 || digits[0] != '0') return false;
  const char base = digits[1];
  const std::string_view rest = digits.substr(2);
  const auto all_of = [&](std::string_view allowed) {
    return !rest.empty() && rest.find_first_not_of(allowed) == std::string_view::npos;
  };
  if (base == 'x' || base == 'X') return all_of("0123456789abcdefABCDEF_");
  if (base == 'o' || base == 'O' || base == 'b' || base == 'B') return all_of("01234567_");
  return AllDigits(digits);
}

bool IsNoNumber(std::string_view digits) {
  return EqualFolded(digits, ".inf") || EqualFolded(digits, ".nan");
}

/// Digits with a point, an exponent or both, by the core schema.
bool LooksLikeNumber(std::string_view digits) {
  std::size_t at = 0;
  const auto run = [&] {
    const std::size_t start = at;
    while (at < digits.size() && IsDigit(digits[at])) ++at;
    return at - start;
  };
  const std::size_t whole = run();
  std::size_t fraction = 0;
  if (at < digits.size() && digits[at] == '.') {
    ++at;
    fraction = run();
  }
  if (whole + fraction == 0) return false;
  if (at < digits.size() && (digits[at] == 'e' || digits[at] == 'E')) {
    ++at;
    if (at < digits.size() && (digits[at] == '-' || digits[at] == '+')) ++at;
    if (run() == 0) return false;
  }
  return at == digits.size();
}

std::string ReadInteger(Node& node) {
  std::string_view text = node.text;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), node.integer);
  if (error == std::errc() && end == text.data() + text.size()) {
    node.kind = NodeKind::kInt;
    return {};
  }
  node.kind = NodeKind::kBad;
  return fmt::format("integer {} is too large, the largest is {}", node.text,
                     std::numeric_limits<std::int64_t>::max());
}

std::string ReadNumber(Node& node) {
  std::string_view text = node.text;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), node.number);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(node.number)) {
    node.kind = NodeKind::kDouble;
    return {};
  }
  node.kind = NodeKind::kBad;
  return fmt::format("number {} is too large or too small", node.text);
}

}  // namespace

std::string ReadPlainScalar(Node& node) {
  const std::string& text = node.text;
  const std::string_view digits = WithoutSign(text);
  node.kind = NodeKind::kBool;
  if (text == "true" || text == "false") {
    node.boolean = text == "true";
    return {};
  }
  node.kind = NodeKind::kBad;
  if (const std::string_view meant = BooleanMeantBy(text); !meant.empty()) {
    return fmt::format(
        "'{0}' is a boolean to some readers of YAML and text to others; write {1}, "
        "or \"{0}\" for text",
        text, meant);
  }
  if (IsOtherBase(digits)) {
    return fmt::format(
        "'{0}' is a number in another base than 10 to some readers of YAML; write "
        "it in base 10, or \"{0}\" for text",
        text);
  }
  if (IsNoNumber(digits)) {
    return fmt::format("'{0}' is no number that can be used here; write \"{0}\" for text", text);
  }
  if (AllDigits(digits)) return ReadInteger(node);
  if (LooksLikeNumber(digits)) return ReadNumber(node);
  node.kind = NodeKind::kString;
  return {};
}

}  // namespace reconciler::spec
