// Random values of a property, other spellings of the same value, and near misses.
#pragma once

#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/core/random.h"
#include "reconciler/core/value.h"

namespace reconciler::plan {

/// Draws from the rows of the table. `whole`: members without a default are never left out, so that
/// two values of one row can be compared in both directions.
class RandomValue {
 public:
  RandomValue(SeededRandom& random, std::string_view api_version, bool whole)
      : random_(random), api_version_(api_version), whole_(whole) {}

  Value Make(const PropertyNode& node);
  /// The same value as the service might spell it: other case, other order, defaults filled in or
  /// left out, what is never returned left out.
  Value Respell(const PropertyNode& node, const Value& value);
  /// The value with one part drawn anew; it may come out equal.
  Value Change(const PropertyNode& node, const Value& value);
  /// Any small tree: what a hostile answer may hold.
  Value Anything(int depth);

 private:
  bool Chance(unsigned percent) { return random_.Below(100) < percent; }
  Value MakeText(const PropertyNode& node);
  Value MakeObject(const PropertyNode& node);
  Value RespellText(const PropertyNode& node, const Value& value);
  Value RespellObject(const PropertyNode& node, const Value& value);
  Value RespellList(const PropertyNode& node, const Value& value);
  template <class Items>
  void Shuffle(Items& items);

  SeededRandom& random_;
  std::string_view api_version_;
  bool whole_;
};

}  // namespace reconciler::plan
