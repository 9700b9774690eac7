// The property table for people: one row, or the tree below it.
#pragma once

#include <string>
#include <string_view>

#include "daemon/property_place.h"
#include "daemon/terminal.h"

namespace reconciler::daemon {

/// All that the table says of the row, an example, and its members in a line each.
std::string RenderProperty(std::string_view kind, const PropertyPlace& place, const Screen& screen);
/// A line for each row below, indented by depth.
std::string RenderPropertyTree(const PropertyPlace& place, const Screen& screen);

}  // namespace reconciler::daemon
