#include "daemon/formula_text.h"

#include <fmt/format.h>

#include <charconv>

#include "reconciler/autoscale/checker.h"
#include "reconciler/autoscale/names.h"
#include "reconciler/autoscale/parser.h"
#include "reconciler/autoscale/results_text.h"
#include "reconciler/core/text.h"
#include "reconciler/spec/source.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kSeriesMax = 10'000;

Error SeriesError(std::string_view text, std::string_view problem) {
  return {.kind = ErrorKind::kInvalidSpec,
          .message = fmt::format("--sample '{:.60}': {}", text, problem)};
}

std::string NearestMetric(std::string_view name) {
  std::vector<std::string_view> metrics;
  for (const autoscale::ServiceName& known : autoscale::ServiceNames()) {
    if (known.kind == autoscale::ServiceName::Kind::kMetric) metrics.push_back(known.name);
  }
  const std::string nearest = NearestName(name, metrics);
  return nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest);
}

}  // namespace

std::vector<Finding> FormulaFindings(std::string_view path, std::string_view text) {
  const autoscale::Parsed parsed = autoscale::Parse(text);
  const spec::Source source = spec::MakeSource(path, text);
  std::vector<Finding> findings;
  for (const autoscale::Problem& problem :
       parsed.problems.empty() ? autoscale::Check(parsed.formula) : parsed.problems) {
    Finding finding;
    const bool warning = problem.level == autoscale::Problem::Level::kWarning;
    finding.level = warning ? Finding::Level::kWarning : Finding::Level::kError;
    finding.position = spec::ToPosition({&source, problem.place.line, problem.place.column});
    finding.message = problem.text;
    spec::QuoteLine(source, finding);
    findings.push_back(std::move(finding));
  }
  return findings;
}

Result<Series> ParseSeries(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return SeriesError(text, "is not of the form $METRIC=1,2,3");
  }
  const std::string_view name = text.substr(0, equals);
  const autoscale::ServiceName* const known = autoscale::FindServiceName(name);
  if (known == nullptr || known->kind != autoscale::ServiceName::Kind::kMetric) {
    return SeriesError(text, fmt::format("no metric is called '{}'{}", name, NearestMetric(name)));
  }
  Series series{std::string(autoscale::FullName(*known)), {}};
  for (const std::string_view piece : SplitText(text.substr(equals + 1), ',')) {
    double value = 0;
    const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), value);
    if (error != std::errc{} || end != piece.data() + piece.size()) {
      return SeriesError(text, fmt::format("'{}' is no number", piece));
    }
    series.values.push_back(value);
  }
  if (series.values.size() > kSeriesMax) {
    return SeriesError(text, fmt::format("has more than {} values", kSeriesMax));
  }
  return series;
}

std::string EvaluationText(const autoscale::Evaluation& evaluation) {
  const autoscale::Targets& targets = evaluation.targets;
  std::string text = fmt::format(
      "$TargetDedicatedNodes = {}\n$TargetLowPriorityNodes = {}\n$NodeDeallocationOption = {}\n",
      targets.dedicated, targets.low_priority, targets.node_deallocation_option);
  for (const auto& [name, value] : evaluation.variables) {
    text += fmt::format("{} = {}\n", name, autoscale::ValueText(value));
  }
  return text;
}

Value EvaluationToJson(const autoscale::Evaluation& evaluation) {
  Value error;
  if (evaluation.error) {
    error = Object{{"code", evaluation.error->code},
                   {"detail", evaluation.error->detail},
                   {"message", evaluation.error->message}};
  }
  const autoscale::Targets& targets = evaluation.targets;
  return Object{{"error", std::move(error)},
                {"nodeDeallocationOption", targets.node_deallocation_option},
                {"results", autoscale::ResultsText(evaluation)},
                {"targetDedicatedNodes", std::int64_t{targets.dedicated}},
                {"targetLowPriorityNodes", std::int64_t{targets.low_priority}}};
}

}  // namespace reconciler::daemon
