// Carrying a plan out, in rounds: at most one request per pool and round; the next round is
// computed from the answers.
#pragma once

#include "reconciler/cycle/pass.h"

namespace reconciler::cycle {

/// Runs until no pool has a step left that may be taken now, or the pass must end.
void Act(Pass& pass);

}  // namespace reconciler::cycle
