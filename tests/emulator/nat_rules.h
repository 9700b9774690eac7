// Rules about the NAT pools of a network.
#pragma once

#include <optional>

#include "tests/emulator/api_error.h"
#include "tests/emulator/json.h"

namespace emulator {

/// The first broken rule of normalised inboundNATPools.
/// Source: Batch REST, Pool - Add, InboundNATPool.
std::optional<ApiError> BrokenNatRule(const Json::List& pools);

}  // namespace emulator
