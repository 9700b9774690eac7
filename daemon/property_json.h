// The property table for machines; schemas/explain.output.schema.json says how.
#pragma once

#include <string_view>
#include <vector>

#include "daemon/property_place.h"
#include "reconciler/core/value.h"

namespace reconciler::daemon {

/// Each place and its members, or all below it.
Value PropertiesToJson(std::string_view kind, const std::vector<PropertyPlace>& places,
                       bool recursive);

}  // namespace reconciler::daemon
