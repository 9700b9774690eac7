// Rules about where the traffic of a network security rule comes from.
#pragma once

#include <optional>

#include "tests/emulator/api_error.h"
#include "tests/emulator/json.h"

namespace emulator {

/// The first broken rule of the ports and the prefix of a normalised network security rule.
/// Source: Batch REST, NetworkSecurityGroupRule.
std::optional<ApiError> BrokenSourceRule(const Json& rule);

}  // namespace emulator
