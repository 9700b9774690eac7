// Runs a formula.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "reconciler/autoscale/samples.h"
#include "reconciler/autoscale/syntax.h"
#include "reconciler/core/ports.h"

namespace reconciler::autoscale {

struct Targets {
  int dedicated = 0;
  int low_priority = 0;
  std::string node_deallocation_option = "requeue";
  friend bool operator==(const Targets&, const Targets&) = default;
};

/// How a result with a fraction becomes a number of nodes; the service's way is not documented.
enum class Rounding : std::uint8_t { kDown, kNearest, kUp };

struct Context {
  Instant now;           // what time() gives
  Random& random;        // what rand() draws from
  Targets current{};     // of the pool; a target that the formula does not set stays
  int dedicated = 0;     // $CurrentDedicatedNodes where it stands alone
  int low_priority = 0;  // $CurrentLowPriorityNodes where it stands alone
  Rounding rounding = Rounding::kDown;
};

struct EvaluationError {
  std::string code;     // "AutoScalingFormulaEvaluationError" or "InsufficientSampleData"
  std::string message;  // as the service words it for the code
  std::string detail;   // "Line 1, Col 1: Undefined symbol: $X"
};

/// Names as the formula writes them.
using Variables = std::map<std::string, Value, std::less<>>;

struct Evaluation {
  Targets targets;      // the current ones if there is an error
  Variables variables;  // the formula's own
  std::optional<EvaluationError> error{};
};

/// What a formula may do: visits of nodes and elements of vectors.
constexpr std::size_t kEvaluationStepsMax = 1'000'000;

/// `formula`: as parsed without an error; it need not have passed the check. The same arguments
/// and the same random words give the same result. Targets are not below 0.
Evaluation Evaluate(const Formula& formula, const Samples& samples, const Context& context);

}  // namespace reconciler::autoscale
