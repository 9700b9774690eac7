// A formula in a file of its own: what is wrong with it, and what it gives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconciler/autoscale/evaluator.h"
#include "reconciler/core/pool.h"

namespace reconciler::daemon {

/// What does not parse, else what the check finds, with lines and carets. `path`: for messages.
std::vector<Finding> FormulaFindings(std::string_view path, std::string_view text);

struct Series {
  std::string metric;          // its full name
  std::vector<double> values;  // the newest one last
};
/// "$PendingTasks=1,2,3". Errors: kInvalidSpec: no such metric, no number.
Result<Series> ParseSeries(std::string_view text);

/// `name = value`, a line each: the three targets, then the formula's own variables.
std::string EvaluationText(const autoscale::Evaluation& evaluation);
/// Targets, `results` as the service writes them, and the error or null.
Value EvaluationToJson(const autoscale::Evaluation& evaluation);

}  // namespace reconciler::daemon
