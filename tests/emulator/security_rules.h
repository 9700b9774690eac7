// Rules about the security of a pool's machines.
#pragma once

#include <optional>

#include "tests/emulator/api_error.h"
#include "tests/emulator/json.h"

namespace emulator {

/// The first broken rule of the securityProfile of a normalised virtualMachineConfiguration.
std::optional<ApiError> BrokenSecurityRule(const Json& profile);

}  // namespace emulator
