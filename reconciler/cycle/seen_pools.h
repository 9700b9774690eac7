// What was seen of our pools survives a restart. Scale groups have no record on the pool, so only
// this tells a later process whether the spec moved; and that a pool was ours once, when its stamp
// or the whole pool is gone.
#pragma once

#include "reconciler/cycle/pass.h"

namespace reconciler::cycle {

/// Reads what earlier processes saw into `Account::seen_before`, once; garbage counts as nothing
/// seen: causes become `Unknown`, and a stamp that is gone looks like one that never was.
void LoadSeenPools(Pass& pass);

/// Gives a pool that this process sees for the first time what an earlier one saw of it: that it
/// was ours, and its scale. A pool of another creation time is another pool.
void RecallPool(const Account& account, const LivePool& live, plan::PoolMemory& memory);

/// The same for a pool (`key`: id without case) that is gone; it is recalled once.
void RecallAbsent(Account& account, const std::string& key, plan::PoolMemory& memory);

/// Writes what this process has learned since the last save. What is known of other pools stays as
/// long as they have specs. A command that only looks writes nothing.
void SaveSeenPools(Pass& pass);

}  // namespace reconciler::cycle
