// What was seen of the scale groups survives a restart: they have no record on the pool, so only
// this tells a later process whether the spec moved.
#pragma once

#include "reconciler/cycle/pass.h"

namespace reconciler::cycle {

/// Reads what earlier processes saw into `Account::seen_before`, once; garbage counts as nothing
/// seen, which makes a cause `Unknown` and nothing else.
void LoadSeenScale(Pass& pass);

/// Gives a pool that this process sees for the first time what an earlier one saw of it. A pool
/// of another creation time is another pool.
void RecallScale(const Account& account, const LivePool& live, plan::PoolMemory& memory);

/// Writes what this process has learned since the last save. What is known of other pools stays as
/// long as they have specs. A command that only looks writes nothing.
void SaveSeenScale(Pass& pass);

}  // namespace reconciler::cycle
