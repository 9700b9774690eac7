// The `results` of an evaluation.
#pragma once

#include <string>

#include "reconciler/autoscale/evaluator.h"

namespace reconciler::autoscale {

/// "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue;$tasks=0":
/// the three targets, then the formula's own variables by name, without a semicolon at the end.
std::string ResultsText(const Evaluation& evaluation);

}  // namespace reconciler::autoscale
