// UTF-8, character by character, and text that no terminal obeys.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reconciler {

struct Utf8Char {
  char32_t code = 0;
  std::size_t bytes = 0;  // 0: not UTF-8, or there is no text
};
/// The character at the front; overlong forms, surrogates and what lies above U+10FFFF are invalid.
Utf8Char DecodeUtf8(std::string_view text);

/// Characters of `text`; a byte that is not UTF-8 counts as one.
std::size_t CountCharacters(std::string_view text);
/// The byte at which character number `characters` begins, or the end of the text.
std::size_t OffsetOfCharacter(std::string_view text, std::size_t characters);

/// Columns of a terminal that the character takes: 0 for marks that combine with the letter before
/// them, 2 for the wide letters of East Asia and for emoji.
int ColumnsOf(char32_t code);

/// The character as it may be shown: controls, invalid bytes and what turns the direction of text
/// as escapes ("\x1b", "\u202e"), a tab as a blank. `shown.bytes` 0: one byte, shown as "\xff".
std::string VisibleCharacter(std::string_view text, Utf8Char shown);

}  // namespace reconciler
