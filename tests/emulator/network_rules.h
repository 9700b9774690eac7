// Rules about the network of a pool.
#pragma once

#include <optional>

#include "tests/emulator/api_error.h"
#include "tests/emulator/json.h"
#include "tests/emulator/service_config.h"

namespace emulator {

/// The first broken rule of a normalised networkConfiguration.
/// Source: Batch REST, Pool - Add, NetworkConfiguration and InboundNATPool.
std::optional<ApiError> BrokenNetworkRule(const Json& network, const Switches& switches);

}  // namespace emulator
