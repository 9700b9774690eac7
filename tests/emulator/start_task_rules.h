// Rules about the start task of a pool.
#pragma once

#include <optional>

#include "tests/emulator/api_error.h"
#include "tests/emulator/json.h"

namespace emulator {

/// The first broken rule of a normalised startTask.
std::optional<ApiError> BrokenStartTaskRule(const Json& task);

}  // namespace emulator
