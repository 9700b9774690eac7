// Text of a formula to tokens.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "reconciler/autoscale/problem.h"

namespace reconciler::autoscale {

struct Token {
  enum class Kind : std::uint8_t { kNumber, kText, kName, kSymbol, kEnd };
  Kind kind = Kind::kEnd;
  std::string_view text;  // a string without its quotes; refers to the source
  double number = 0;
  Place place;
};

/// The last token is always kEnd, and stands right behind the one before it. What is no token is
/// reported and left out; strings end on their line and have no escapes.
std::vector<Token> Lex(std::string_view source, std::vector<Problem>& problems);

}  // namespace reconciler::autoscale
