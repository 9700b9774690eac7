// From the observed pools to one guarded plan.
#pragma once

#include "reconciler/cycle/pass.h"

namespace reconciler::cycle {

/// Decides about specs without a live pool, then puts the account's plan together: selection,
/// orphans, renames, totals.
plan::AccountPlan Decide(Pass& pass);

/// Parks the plan, whole, or lets it pass. A plan that passes has its losses on record before
/// anything runs; if they cannot be recorded, a plan that loses anything is parked.
void Guard(Pass& pass, plan::AccountPlan& plan);

/// After acting: losses that certainly did not happen leave the record, so that another try of the
/// same plan is not counted twice. Where that fails they stay, which is the safe side.
void SettleLosses(Pass& pass);

}  // namespace reconciler::cycle
