// The alerts about what is not carried out: whole pools that are held, frozen, orphaned, parked.
#pragma once

#include "reconciler/cycle/pass.h"

namespace reconciler::cycle {

/// What holds this pool alone: ownership, and allocations that fail.
void TellHolds(Pass& pass, const plan::PoolPlan& pool);
/// Pools of ours that no spec names.
void TellOrphans(Pass& pass, const plan::AccountPlan& plan);
/// Pools frozen at their last good state; those with one cause (a defaults file that broke) are
/// one alert.
void TellFrozenSpecs(Pass& pass, const plan::AccountPlan& plan);
/// A freeze file holds every pool: said once, for the account.
void TellFreezeFile(Pass& pass);
/// A guard stopped the plan.
void TellParked(Pass& pass, const plan::AccountPlan& plan);

}  // namespace reconciler::cycle
