#include "reconciler/core/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reconciler {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t kSize>
bool IsIn(const std::array<Range, kSize>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

// The blocks that matter to people who write specs; a caret one column off hurts nobody.
// Source: Unicode, EastAsianWidth and general category Mn.
constexpr std::array<Range, 9> kCombining = {{{0x0300, 0x036F},
                                              {0x0483, 0x0489},
                                              {0x0591, 0x05BD},
                                              {0x064B, 0x065F},
                                              {0x1AB0, 0x1AFF},
                                              {0x1DC0, 0x1DFF},
                                              {0x200B, 0x200D},
                                              {0x20D0, 0x20FF},
                                              {0xFE00, 0xFE0F}}};
constexpr std::array<Range, 9> kWide = {{{0x1100, 0x115F},
                                         {0x2E80, 0x303E},
                                         {0x3041, 0xA4CF},
                                         {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF},
                                         {0xFE30, 0xFE6F},
                                         {0xFF00, 0xFF60},
                                         {0x1F300, 0x1FAFF},
                                         {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 6> kInvisible = {{{0x00, 0x1F},
                                              {0x7F, 0x9F},
                                              {0x200E, 0x200F},
                                              {0x2028, 0x202E},
                                              {0x2066, 0x2069},
                                              {0xFEFF, 0xFEFF}}};

}  // namespace

Utf8Char DecodeUtf8(std::string_view text) {
  if (text.empty()) return {};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80U) return {first, 1};
  const std::size_t length = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : 2;
  if (first < 0xC2U || first > 0xF4U || text.size() < length) return {};
  char32_t code = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kSmallest[length] || code > 0x10FFFF) return {};
  if (code >= 0xD800 && code <= 0xDFFF) return {};
  return {code, length};
}

std::size_t OffsetOfCharacter(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  for (; characters > 0 && at < text.size(); --characters) {
    at += std::max<std::size_t>(DecodeUtf8(text.substr(at)).bytes, 1);
  }
  return at;
}

std::size_t CountCharacters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(OffsetOfCharacter(text, 1));
  return count;
}

int ColumnsOf(char32_t code) {
  if (code < 0x300) return 1;
  if (IsIn(kCombining, code)) return 0;
  return IsIn(kWide, code) ? 2 : 1;
}

std::string VisibleCharacter(std::string_view text, Utf8Char shown) {
  if (shown.bytes == 0) {
    return fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(text[0])));
  }
  if (shown.code == '\t') return " ";
  if (!IsIn(kInvisible, shown.code)) return std::string(text.substr(0, shown.bytes));
  const auto code = static_cast<unsigned>(shown.code);
  return code < 0x80 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
}

}  // namespace reconciler
