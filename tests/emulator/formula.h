// Autoscale formulas: the language of reconciler/autoscale, and what the service measures here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reconciler/autoscale/evaluator.h"
#include "tests/emulator/pool.h"
#include "tests/emulator/random.h"

namespace emulator {

struct FormulaResult {
  PerKind target{};
  std::string deallocation = "requeue";
  /// `$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue;...`
  std::string results;
  /// Set when the formula could not be evaluated; targets are then the current ones.
  std::string error_code, error_message, error_detail;
};

/// What a formula may read.
struct FormulaInput {
  PerKind target{};
  PerKind current{};
  Instant now{};
  Instant measured_since{};  // one sample of each metric every 30 s since then, of the last hour
  std::int64_t preempted = 0;
  std::vector<TaskSample> tasks{};
  std::int64_t slots_per_node = 1;
  reconciler::autoscale::Rounding rounding = reconciler::autoscale::Rounding::kDown;
};

/// Of `formulaRounding`: "down", "nearest" or "up".
reconciler::autoscale::Rounding RoundingOf(std::string_view name);

/// Where the syntax is wrong ("Line 1, Col 5: ...") or the formula too long; nothing when it is
/// right.
std::optional<std::string> FormulaSyntaxError(std::string_view formula);

/// The history of the node counts is taken to be what they are now; metrics of the nodes' resources
/// have no samples, as newer documentation of the service announces.
FormulaResult EvaluateFormula(std::string_view formula, const FormulaInput& input, Random& random);

/// False: while the pool stands as it is, each evaluation gives the same.
bool ChangesByItself(std::string_view formula);

}  // namespace emulator
