// What the functions compute.
#pragma once

#include <vector>

#include "reconciler/autoscale/signatures.h"
#include "reconciler/autoscale/value.h"
#include "reconciler/core/ports.h"

namespace reconciler::autoscale {

/// `signature`: of any function but stop. Errors: kInvalidSpec, without a place: wrong arguments,
/// "avg: no values", "Index out of range: 3 of 2 values", "Not a time: ...".
Result<Value> CallFunction(const Signature& signature, const std::vector<Value>& arguments,
                           Timestamp now, Random& random);

}  // namespace reconciler::autoscale
