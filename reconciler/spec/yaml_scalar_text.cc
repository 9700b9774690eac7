#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reconciler/core/json.h"
#include "reconciler/core/utf8.h"
#include "reconciler/spec/scalar.h"
#include "reconciler/spec/yaml_text.h"

namespace reconciler::spec {
namespace {

/// Invisible, or a line end or a change of direction to some readers: shown as an escape.
bool IsHidden(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0xA0) || code == 0xAD ||
         (code >= 0x2000 && code <= 0x206F) || code == 0x3000 || code == 0xFEFF ||
         (code >= 0xE000 && code <= 0xF8FF) || (code & 0xFFFEU) == 0xFFFEU;
}

bool MeansSomethingElse(const std::string& text) {
  constexpr std::array<std::string_view, 6> kWords = {"~", "null", "Null", "NULL", "=", "<<"};
  if (std::find(kWords.begin(), kWords.end(), text) != kWords.end()) return true;
  Node node;
  node.text = text;
  return !ReadPlainScalar(node).empty() || node.kind != NodeKind::kString;
}

bool ConsistsOf(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

/// A date, a number in base 60, or one with "_" to readers of YAML 1.1: "2024-01-01", "1:30",
/// "1_000".
bool IsNumberToOldReaders(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || kDigits.find(text.front()) == std::string_view::npos) return false;
  const bool in_base_60 = text.find(':') != std::string_view::npos;
  const bool in_groups = text.find('_') != std::string_view::npos;
  if ((in_base_60 || in_groups) && ConsistsOf(text, "0123456789:_.")) return true;
  return text.size() >= 8 && ConsistsOf(text.substr(0, 4), kDigits) && text[4] == '-' &&
         ConsistsOf(text, "0123456789-:. +TtZz");
}

bool IsSafePlain(const std::string& text, bool flow) {
  constexpr std::string_view kFirst = "-?:,[]{}#&*!|>'\"%@` ";
  if (text.empty() || kFirst.find(text.front()) != std::string_view::npos) return false;
  if (text.ends_with(' ') || text.ends_with(':')) return false;
  if (text.find(": ") != std::string::npos || text.find(" #") != std::string::npos) return false;
  // The library that reads specs takes no "?" there.
  if (flow && text.find_first_of(",[]{}?") != std::string::npos) return false;
  if (IsNumberToOldReaders(text)) return false;
  const auto is_plain = [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F;
  };
  return std::all_of(text.begin(), text.end(), is_plain) && !MeansSomethingElse(text);
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  std::size_t at = 0;
  while (at < text.size()) {
    const Utf8Char next = DecodeUtf8(std::string_view(text).substr(at));
    const char32_t code = next.code;
    const std::size_t bytes = std::max<std::size_t>(next.bytes, 1);
    if (code == '"' || code == '\\') {
      quoted += '\\';
      quoted += static_cast<char>(code);
    } else if (code == '\n') {
      quoted += "\\n";
    } else if (code == '\t') {
      quoted += "\\t";
    } else if (IsHidden(code)) {
      quoted += code <= 0xFFFF ? fmt::format("\\u{:04X}", static_cast<unsigned>(code))
                               : fmt::format("\\U{:08X}", static_cast<unsigned>(code));
    } else {
      quoted += text.substr(at, bytes);
    }
    at += bytes;
  }
  return quoted + '"';
}

}  // namespace

std::string YamlScalar(const Value& value, bool flow) {
  if (!value.IsString()) return WriteJson(value);
  return IsSafePlain(value.AsString(), flow) ? value.AsString() : Quoted(value.AsString());
}

}  // namespace reconciler::spec
