// Rules about how the machines of a pool are upgraded.
#pragma once

#include <optional>

#include "tests/emulator/api_error.h"
#include "tests/emulator/json.h"

namespace emulator {

/// The first broken rule of the upgradePolicy of a normalised pool, also against its machines.
std::optional<ApiError> BrokenUpgradeRule(const Json& pool);

}  // namespace emulator
