// Names of SKUs: patterns, and what two of them have in common.
#pragma once

#include <string>
#include <string_view>

namespace reconciler::plan {

/// Whether `text` matches a pattern of '*' and '?', without case.
bool MatchesPattern(std::string_view pattern, std::string_view text);

/// "#_#-lts-gen#" of "22_04-lts-gen2": what must be equal for two SKUs to differ in age alone.
std::string ShapeOf(std::string_view sku);

}  // namespace reconciler::plan
