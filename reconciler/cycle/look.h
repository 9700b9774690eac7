// Reading pools again after a write: evidence of what became of it, and the next decision.
#pragma once

#include <vector>

#include "reconciler/cycle/outcome.h"
#include "reconciler/cycle/pass.h"

namespace reconciler::cycle {

/// Reads the pools, one GET each, or one pass over the pool list when they are many, and decides
/// about each anew. A pool that could not be read has no steps left in this pass.
void LookAt(Pass& pass, const std::vector<PoolState*>& states);

/// LookAt for the calls that ask for it; then, where the ETag proves that nobody wrote in between,
/// learns what the service made of the values that were written.
void LookAfter(Pass& pass, std::vector<Call>& calls);

}  // namespace reconciler::cycle
