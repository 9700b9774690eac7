#include "tests/emulator/formula.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "reconciler/autoscale/checker.h"
#include "reconciler/autoscale/names.h"
#include "reconciler/autoscale/parser.h"
#include "reconciler/autoscale/results_text.h"
#include "reconciler/autoscale/samples.h"

namespace emulator {

namespace autoscale = reconciler::autoscale;

namespace {

constexpr std::chrono::seconds kSamplePeriod{30};
constexpr std::chrono::hours kHistory{1};

/// The service's generator behind the language's door.
class Draws final : public reconciler::Random {
 public:
  explicit Draws(emulator::Random& random) : random_(random) {}
  std::uint64_t Next() override { return random_.Next(); }

 private:
  emulator::Random& random_;
};

double ValueNow(std::string_view metric, const FormulaInput& input) {
  if (metric == "$CurrentDedicatedNodes") return static_cast<double>(input.current[kDedicated]);
  if (metric == "$CurrentLowPriorityNodes") return static_cast<double>(input.current[kSpot]);
  if (metric == "$PreemptedNodeCount") return static_cast<double>(input.preempted);
  if (metric == "$UsableNodeCount") {
    return static_cast<double>(input.current[kDedicated] + input.current[kSpot] - input.preempted);
  }
  return metric == "$TaskSlotsPerNode" ? static_cast<double>(input.slots_per_node) : 0;
}

/// Nothing: no metric of tasks. Source: Batch documentation, variables of autoscale formulas.
std::optional<double> OfTasks(std::string_view metric, const TaskCounts& counts) {
  const auto value = [](std::int64_t count) { return static_cast<double>(count); };
  if (metric == "$ActiveTasks") return value(counts.active);
  if (metric == "$RunningTasks") return value(counts.running);
  if (metric == "$PendingTasks") return value(counts.active + counts.running);
  if (metric == "$SucceededTasks") return value(counts.succeeded);
  if (metric == "$FailedTasks") return value(counts.failed);
  return std::nullopt;
}

/// One value each period, the last one of now.
std::vector<double> Series(std::string_view metric, const FormulaInput& input, std::size_t count) {
  std::vector<double> values(count, ValueNow(metric, input));
  Instant time = input.now;
  for (auto value = values.rbegin(); value != values.rend(); ++value, time -= kSamplePeriod) {
    const auto tasks = OfTasks(metric, CountsAt(input.tasks, time));
    if (!tasks) break;
    *value = *tasks;
  }
  return values;
}

autoscale::Samples Measure(const FormulaInput& input) {
  autoscale::Samples samples;
  const Instant from = std::max(input.measured_since, input.now - kHistory);
  if (from >= input.now) return samples;
  const auto count = static_cast<std::size_t>((input.now - from) / kSamplePeriod);
  if (count == 0) return samples;
  for (const autoscale::ServiceName& name : autoscale::ServiceNames()) {
    if (name.kind != autoscale::ServiceName::Kind::kMetric || name.retired) continue;
    if (!name.alias_of.empty()) continue;
    samples.AddSeries(name.name, input.now, Series(name.name, input, count));
  }
  return samples;
}

}  // namespace

autoscale::Rounding RoundingOf(std::string_view name) {
  if (name == "nearest") return autoscale::Rounding::kNearest;
  return name == "up" ? autoscale::Rounding::kUp : autoscale::Rounding::kDown;
}

std::optional<std::string> FormulaSyntaxError(std::string_view formula) {
  const autoscale::Parsed parsed = autoscale::Parse(formula);
  for (const autoscale::Problem& problem : parsed.problems) {
    if (problem.level == autoscale::Problem::Level::kError) return autoscale::ProblemText(problem);
  }
  const auto too_many = autoscale::TooManyStatements(parsed.formula);
  return too_many ? std::optional{autoscale::ProblemText(*too_many)} : std::nullopt;
}

FormulaResult EvaluateFormula(std::string_view formula, const FormulaInput& input, Random& random) {
  const autoscale::Parsed parsed = autoscale::Parse(formula);
  Draws draws(random);
  const autoscale::Context context{
      input.now,
      draws,
      {static_cast<int>(input.target[kDedicated]), static_cast<int>(input.target[kSpot])},
      static_cast<int>(input.current[kDedicated]),
      static_cast<int>(input.current[kSpot]),
      input.rounding};
  const autoscale::Evaluation done = autoscale::Evaluate(
      parsed.formula, ChangesByItself(formula) ? Measure(input) : autoscale::Samples{}, context);
  FormulaResult result;
  result.target = {done.targets.dedicated, done.targets.low_priority};
  result.deallocation = done.targets.node_deallocation_option;
  result.results = autoscale::ResultsText(done);
  if (done.error) {
    result.error_code = done.error->code;
    result.error_message = done.error->message;
    result.error_detail = done.error->detail;
  }
  return result;
}

bool ChangesByItself(std::string_view formula) {
  const auto has = [&](std::string_view part) { return formula.find(part) != formula.npos; };
  if (has("time") || has("rand")) return true;
  const auto names = autoscale::ServiceNames();
  return std::any_of(names.begin(), names.end(), [&](const autoscale::ServiceName& name) {
    return name.kind == autoscale::ServiceName::Kind::kMetric && has(name.name);
  });
}

}  // namespace emulator
