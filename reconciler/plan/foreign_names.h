// Names and spellings that differ between the faces of the service.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/core/value.h"

namespace reconciler::plan {

/// Members renamed to those of the table where they differ in case alone, at every depth; null
/// members left out; durations such as "1 day, 0:15:00" as ISO 8601. What the table does not know
/// stays.
Value WithTableNames(const PropertyNode& row, const Value& value);

/// "0:15:00" and "7 days, 0:00:00", as Python prints them, in ISO 8601; anything else unchanged.
std::string IsoDurationOf(std::string_view text);

}  // namespace reconciler::plan
