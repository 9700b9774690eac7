#include "reconciler/plan/value_text.h"

#include <fmt/format.h>

#include <vector>

#include "reconciler/core/json.h"

namespace reconciler::plan {
namespace {

constexpr std::size_t kPlainColumnsMax = 60;

std::string Escape(unsigned char byte) {
  switch (byte) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return fmt::format("\\u{:04x}", byte);
  }
}

// Pieces that must not be cut: a UTF-8 character, or an escape.
std::vector<std::string> Pieces(std::string_view text) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7f) {
      pieces.push_back(Escape(byte));
      ++at;
      continue;
    }
    std::size_t length = 1;
    if (byte == '\\' && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0x80) {
      length = text[at + 1] == 'u' ? 6 : 2;
    } else {
      while (at + length < text.size() &&
             (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80) {
        ++length;
      }
    }
    pieces.emplace_back(text.substr(at, length));
    at += length;
  }
  return pieces;
}

}  // namespace

std::string OneLine(std::string_view text, std::size_t columns_max) {
  constexpr std::string_view kCut = "...";
  const std::vector<std::string> pieces = Pieces(text);
  std::string line;
  if (pieces.size() <= columns_max) {
    for (const std::string& piece : pieces) line += piece;
    return line;
  }
  const std::size_t room = columns_max > kCut.size() ? columns_max - kCut.size() : 0;
  const std::size_t tail = room / 3;
  for (std::size_t i = 0; i < room - tail; ++i) line += pieces[i];
  line += kCut;
  for (std::size_t i = pieces.size() - tail; i < pieces.size(); ++i) line += pieces[i];
  return line;
}

std::string PlainValue(const std::optional<Value>& value, bool sensitive) {
  if (sensitive) return "(sensitive)";
  if (!value || value->IsNull()) return "none";
  if (*value == Value("")) return "\"\"";
  return OneLine(value->IsString() ? value->AsString() : WriteSortedJson(*value), kPlainColumnsMax);
}

std::string Ordinal(int number) {
  const int last_two = number % 100;
  const bool teens = last_two >= 11 && last_two <= 13;
  const int last = number % 10;
  const char* suffix = "th";
  if (!teens && last == 1) suffix = "st";
  if (!teens && last == 2) suffix = "nd";
  if (!teens && last == 3) suffix = "rd";
  return std::to_string(number) + suffix;
}

}  // namespace reconciler::plan
