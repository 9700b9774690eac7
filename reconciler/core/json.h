// JSON text to Value and back; the only door to the JSON library.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "reconciler/core/result.h"
#include "reconciler/core/value.h"

namespace reconciler {

struct JsonLimits {
  int depth_max = 64;                      // nested lists and objects
  std::size_t size_bytes_max = 32u << 20;  // of the text
};

/// One JSON document. Duplicate member names, trailing text, invalid UTF-8, NaN are errors.
/// Errors: kTerminal with the byte offset in the message.
Result<Value> ParseJson(std::string_view text, const JsonLimits& limits = {});

/// Compact, members in their order.
std::string WriteJson(const Value& value);
/// Compact, members sorted by name at every depth: equal trees give equal text.
std::string WriteSortedJson(const Value& value);
/// Two spaces of indent, members in their order, ends with a line feed.
std::string WritePrettyJson(const Value& value);

}  // namespace reconciler
