// Which secrets of a property changed, as a plan tells it.
#pragma once

#include <vector>

#include "reconciler/plan/plan.h"
#include "reconciler/plan/prepared.h"
#include "reconciler/plan/record.h"

namespace reconciler::plan {

/// Lines for the secrets that the record has otherwise, in addition to `shown`, which the
/// comparison found. One for each secret where the record tells them apart; else one for the
/// property, and none if `shown` has a secret already. `model`: property, cost, cause and note of
/// each line. `applied`: nullptr: nothing is recorded.
std::vector<Change> SecretChanges(const PreparedProperty& property, const PoolSpec& spec,
                                  const AppliedEntry* applied, const Change& model,
                                  const std::vector<Change>& shown);

}  // namespace reconciler::plan
