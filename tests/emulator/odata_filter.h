// `$filter` of lists: comparisons, startswith, and, or, parentheses.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/emulator/time_text.h"

namespace emulator {

/// A property's value; monostate: the property is absent, which equals nothing.
using FilterValue = std::variant<std::monostate, bool, std::int64_t, std::string, Instant>;
using FilterLookup = std::function<FilterValue(std::string_view property)>;

/// The places of the alternatives of FilterValue.
enum class FilterType : std::size_t { kFlag = 1, kNumber, kText, kTime };

/// What a collection may be filtered by: operators separated by blanks, e.g. "eq ne startswith".
struct FilterProperty {
  std::string_view name;
  std::string_view operators;
  /// Literals of other types are refused.
  FilterType type = FilterType::kText;
};

class Filter {
 public:
  /// Takes everything.
  Filter() = default;
  /// An error text in place of the filter when it does not parse, names what is not allowed, or
  /// compares a property with a literal of another type.
  static std::variant<Filter, std::string> Parse(std::string_view text,
                                                 const std::vector<FilterProperty>& allowed);
  bool Matches(const FilterLookup& lookup) const;

  struct Node;

 private:
  std::shared_ptr<const Node> root_;
};

}  // namespace emulator
