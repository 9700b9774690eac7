// Values as words in one line of a message.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/value.h"

namespace reconciler::plan {

/// Text as it is, anything else as JSON, on one line and cut; "none" where absent.
std::string PlainValue(const std::optional<Value>& value, bool sensitive);
/// One line: line feeds and control characters as JSON escapes; longer ones are cut in the middle,
/// never inside a UTF-8 character or an escape.
std::string OneLine(std::string_view text, std::size_t columns_max);
/// "1st", "2nd", "3rd", "4th", "11th".
std::string Ordinal(int number);

}  // namespace reconciler::plan
