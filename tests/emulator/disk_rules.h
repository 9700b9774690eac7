// Rules about the disks of a pool and their encryption.
#pragma once

#include <optional>

#include "tests/emulator/api_error.h"
#include "tests/emulator/json.h"

namespace emulator {

/// The first broken rule of the disks of a normalised virtualMachineConfiguration.
std::optional<ApiError> BrokenDiskRule(const Json& vm, bool windows);

}  // namespace emulator
