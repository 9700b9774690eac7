// Values that are known without a pool.
#pragma once

#include <optional>

#include "reconciler/autoscale/value.h"

namespace reconciler::autoscale {

/// The value of numbers, interval constants and their operators; nullopt for anything else.
std::optional<Value> ConstantValue(const Formula& formula, NodeId id);

}  // namespace reconciler::autoscale
