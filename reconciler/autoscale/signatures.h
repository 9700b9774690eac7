// Which functions and methods there are, and what they take.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/autoscale/types.h"
#include "reconciler/core/result.h"

namespace reconciler::autoscale {

struct Signature {
  enum class Shape : std::uint8_t {
    kNone,             // rand()
    kOptionalText,     // time([string])
    kList,             // avg(doubleVecList)
    kDoubleOrList,     // lg(double) or lg(doubleVecList), then component-wise
    kVectorAndDouble,  // val(doubleVec, double)
    kWindow,           // GetSamplePercent(start [, end])
    kSample,           // GetSample(count | start [, end] [, samplePercent])
  };
  std::string_view name;
  Shape shape = Shape::kNone;
  Type result = Type::kDouble;  // of kDoubleOrList: of the list
};

/// nullptr: there is none of this name. Upper and lower case matter.
const Signature* FindFunction(std::string_view name);
const Signature* FindMethod(std::string_view name);
std::span<const Signature> Functions();
std::span<const Signature> Methods();

/// The type of the result for arguments of these types. Errors: kInvalidSpec: "Wrong arguments
/// for avg: (string) instead of (doubleVecList)".
Result<Type> ResultType(const Signature& signature, const std::vector<Type>& arguments);

}  // namespace reconciler::autoscale
