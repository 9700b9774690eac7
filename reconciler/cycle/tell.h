// What a cycle has to say: alerts that fold, notes that are said once, changes of condition.
#pragma once

#include "reconciler/cycle/pass.h"

namespace reconciler::cycle {

/// Before acting: differences, ownership, orphans, frozen pools, a parked plan, images.
void TellPlan(Pass& pass, const plan::AccountPlan& plan);
/// The account could not be observed; what stood before is neither ended nor repeated.
void TellFailure(Pass& pass, const Error& error);
/// `what` of the state folder could not be saved; said once, each hour, and when it is over.
void TellStateFailure(Pass& pass, const std::string& what, const Error& error);
/// After acting: each pool's condition where it changed, and the end of the cycle.
void TellReport(Pass& pass, CycleReport& report);

}  // namespace reconciler::cycle
