// The readers of single tools; see foreign_pool.h.
#pragma once

#include <optional>
#include <vector>

#include "reconciler/plan/foreign_pool.h"

namespace reconciler::plan {

/// Pools of an ARM template or resource; nothing if the document is neither.
std::optional<std::vector<ForeignPool>> ReadArmPools(const Value& document);
/// Pools of a Terraform state, or of `terraform show -json`; nothing if the document is neither.
std::optional<std::vector<ForeignPool>> ReadTerraformPools(const Value& document);

}  // namespace reconciler::plan
