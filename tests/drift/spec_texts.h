// Values of single members that the service takes, drawn by the property table.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/core/random.h"

namespace drift {

/// Draws with a probability in percent.
bool Chance(reconciler::SeededRandom& random, unsigned percent);
/// One of a list.
template <class Items>
const auto& OneOf(reconciler::SeededRandom& random, const Items& items) {
  return items[static_cast<std::size_t>(random.Below(std::size(items)))];
}

/// The same text in another case.
std::string AnyCase(reconciler::SeededRandom& random, std::string text);
/// One of many spellings of a length of time.
std::string SpellDuration(reconciler::SeededRandom& random, std::int64_t seconds);

/// A text for a string row that has no list of allowed values.
std::string DrawText(reconciler::SeededRandom& random, const reconciler::PropertyNode& row);
/// One of the allowed values that `api_version` has, in any case where case does not count.
reconciler::Value DrawAllowed(reconciler::SeededRandom& random, const reconciler::PropertyNode& row,
                              std::string_view api_version);
/// Within the bounds of the row: small, or at a bound.
std::int64_t DrawInteger(reconciler::SeededRandom& random, const reconciler::PropertyNode& row);
/// Within the bounds of the row, in any spelling.
std::string DrawDuration(reconciler::SeededRandom& random, const reconciler::PropertyNode& row);

}  // namespace drift
