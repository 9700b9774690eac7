// A pool as the service shows it.
#pragma once

#include "reconciler/core/pool.h"
#include "reconciler/core/result.h"

namespace reconciler::batch {

/// Reads a pool of a list or of a single answer; the tree becomes its `body`. Required are id,
/// eTag and state, and unless the pool is being deleted vmSize, allocationState and the four
/// counts: without them no decision is safe. Unknown words of enumerations are kUnknown.
/// Errors: kTransient, "pool 'p1': property 'eTag': expected a string, found nothing".
Result<LivePool> ReadPool(Value body);

}  // namespace reconciler::batch
