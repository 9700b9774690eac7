// The closed list of schema keywords and what each says about a row of the property table.
#pragma once

#include "reconciler/core/property.h"

namespace reconciler {

enum class KeywordOutcome { kRead, kUnknown, kBadValue };

/// Takes one keyword of a schema into `node`. Those that hold schemas themselves ($defs, $ref,
/// properties, items, oneOf, additionalProperties) are known and left to the caller.
KeywordOutcome ReadKeyword(const Member& keyword, PropertyNode& node);

}  // namespace reconciler
