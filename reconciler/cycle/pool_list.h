// The live pools of an account, whole, for verbs apart from cycles.
#pragma once

#include <stop_token>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/ports.h"
#include "reconciler/cycle/account.h"

namespace reconciler::cycle {

/// All live pools, by id.
Result<std::vector<LivePool>> ListLivePools(const Account& account, Doors& doors,
                                            std::stop_token stop);

}  // namespace reconciler::cycle
