// What a spec may have said for a live value to be as it is.
#pragma once

#include <string_view>
#include <vector>

#include "reconciler/core/property.h"
#include "reconciler/core/value.h"

namespace reconciler::plan {

/// The live value with only the members that `desired` names, in the spelling of `desired` where
/// both are equal: all of them, those that are not at their default, and these with all others that
/// are not. Where the record holds the digest of one of them, it is what was applied; the reverse
/// does not hold.
std::vector<Value> LiveAsWritten(const PropertyNode& node, const Value& desired, const Value& live,
                                 std::string_view api_version);

}  // namespace reconciler::plan
