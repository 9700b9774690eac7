// Members that older api-versions of the service named or shaped otherwise.
#pragma once

#include "reconciler/plan/foreign_pool.h"

namespace reconciler::plan {

/// Brings a body of any api-version since 2016 into the shape of 2025-06-01, as far as that has a
/// place for it; notes what it has none for. The names are those of the table where they differ in
/// case alone.
void MoveOldMembers(ForeignPool& pool);

/// Short ids of applications, which api-versions before 2024-07-01.20.0 have, become full ones
/// where the account's id is known; a comment says so where it is not.
void CompleteApplicationIds(ForeignPool& pool);

}  // namespace reconciler::plan
