// Autoscale formulas as far as constants and simple arithmetic go.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/pool.h"

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
};

/// Where the syntax is wrong ("Line 1, Col 5: ..."); nothing when it is right.
/// The whole grammar is checked, more than can be evaluated.
std::optional<std::string> FormulaSyntaxError(std::string_view formula);

/// Evaluates numbers, + - * /, comparisons, ?:, min and max, own variables and the current node
/// counts. Anything else (metrics, times, strings) ends with an evaluation error.
FormulaResult EvaluateFormula(std::string_view formula, const FormulaInput& input);

}  // namespace emulator
