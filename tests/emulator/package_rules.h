// Rules about the application packages of a pool.
#pragma once

#include <optional>

#include "tests/emulator/request_context.h"

namespace emulator {

/// What is wrong with normalised applicationPackageReferences.
std::optional<ApiError> BrokenPackageRule(const Context& context, const Json::List& packages);

}  // namespace emulator
