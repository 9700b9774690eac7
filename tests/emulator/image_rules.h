// Rules about the image of a pool.
#pragma once

#include <optional>

#include "tests/emulator/request_context.h"

namespace emulator {

/// The first broken rule of the image and agent of a normalised virtualMachineConfiguration.
std::optional<ApiError> BrokenImageRule(const Context& context, const Json& vm);

}  // namespace emulator
