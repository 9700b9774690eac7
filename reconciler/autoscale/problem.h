// What is wrong with a formula, and where.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reconciler::autoscale {

/// Both begin at 1. Columns count characters of UTF-8, not bytes.
struct Place {
  int line = 1;
  int column = 1;
  friend bool operator==(const Place&, const Place&) = default;
};

struct Problem {
  enum class Level : std::uint8_t { kWarning, kError };
  Level level = Level::kError;
  Place place;
  std::string text;  // worded as the service's where that is known: "Undefined symbol: $X"
};

/// "Line 1, Col 5", as the service says it.
std::string PlaceText(const Place& place);
/// "Line 1, Col 5: Undefined symbol: $X"; "warning: " stands before the text of a warning.
std::string ProblemText(const Problem& problem);
bool HasError(const std::vector<Problem>& problems);
/// By place; problems of one place keep their order.
void SortByPlace(std::vector<Problem>& problems);

}  // namespace reconciler::autoscale
