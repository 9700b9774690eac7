// Values as words in one line of a message.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/value.h"

namespace reconciler::plan {

/// What stands for an absent value. No word, since a word may be a value.
inline constexpr std::string_view kNoValue = "(none)";

/// Text as it is, "" where it is empty, anything else as JSON.
std::string PlainText(const Value& value);
/// The plain text on one line and cut; "(none)" where absent.
std::string PlainValue(const std::optional<Value>& value);
/// One line: line feeds and control characters as JSON escapes; longer ones are cut in the middle,
/// never inside a UTF-8 character or an escape.
std::string OneLine(std::string_view text, std::size_t columns_max);
/// "1st", "2nd", "3rd", "4th", "11th".
std::string Ordinal(int number);

}  // namespace reconciler::plan
