// The autoscale formula of a pool of the spec tree, as the files have it now.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/commands/command.h"
#include "reconciler/core/pool.h"
#include "reconciler/core/result.h"

namespace reconciler::daemon {

struct PoolFormula {
  std::string pool;  // "demo/render"
  std::string file;  // where the formula stands, else the spec
  std::string text;  // empty: the spec has errors
  /// About the formula; where the spec has errors: about all of its file.
  std::vector<Finding> findings;
};

/// `name`: "render" or "demo/render", without case; `account`: the only one to look at, or empty.
/// Errors: kInvalidSpec when no spec, or more than one, is meant, and when the pool has no formula.
Result<PoolFormula> FormulaOf(const SpecSnapshot& specs, std::string_view name,
                              std::string_view account);

/// The same of the configuration's spec tree. Empty after having said why.
std::optional<PoolFormula> FindPoolFormula(CommandContext& context, const std::string& name);

}  // namespace reconciler::daemon
