#include "reconciler/spec/formula_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "reconciler/autoscale/checker.h"
#include "reconciler/autoscale/parser.h"
#include "reconciler/core/utf8.h"

namespace reconciler::spec {
namespace {

using autoscale::Problem;

constexpr std::string_view kPath = "spec.autoScaleFormula";

/// Counted from 1; without its line end. Empty behind the last one.
std::string_view LineOf(std::string_view text, int line) {
  for (int number = 1; number < line; ++number) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

/// Where `at` of the formula stands in the file; nullopt where the file does not show the line as
/// it is.
std::optional<Place> PlaceInFile(const Node& value, const autoscale::Place& at) {
  if (value.place.source == nullptr) return std::nullopt;
  const std::string_view bytes = value.place.source->bytes;
  const std::string_view wanted = LineOf(value.text, at.line);
  const std::string_view head = LineOf(bytes, value.place.line);
  const std::size_t begin =
      OffsetOfCharacter(head, static_cast<std::size_t>(std::max(value.place.column - 1, 0)));
  if (wanted.empty()) return std::nullopt;
  const auto place = [&](int line, std::string_view before) {
    return Place{value.place.source, line, static_cast<int>(CountCharacters(before)) + at.column};
  };
  if (head.substr(begin).starts_with('|')) {
    const std::string_view line = LineOf(bytes, value.place.line + at.line);
    if (!line.ends_with(wanted)) return std::nullopt;
    return place(value.place.line + at.line, line.substr(0, line.size() - wanted.size()));
  }
  const std::size_t found = head.find(wanted, begin);
  if (value.text.find('\n') != std::string::npos || found == std::string_view::npos) {
    return std::nullopt;
  }
  return place(value.place.line, head.substr(0, found));
}

void Report(const Node& value, const Problem& problem, FindingSink& sink) {
  const auto place = PlaceInFile(value, problem.place);
  std::string message =
      place ? fmt::format("{}: {}", kPath, problem.text)
            : fmt::format("{}: {}: {}", kPath, autoscale::PlaceText(problem.place), problem.text);
  if (problem.level == Problem::Level::kError) {
    sink.Error(place.value_or(value.place), std::string(kPath), std::move(message));
  } else {
    sink.Warning(place.value_or(value.place), std::string(kPath), std::move(message));
  }
}

}  // namespace

void CheckFormula(const NodeMember& formula, FindingSink& sink) {
  const Node& value = formula.value;
  if (!value.IsString() || value.text.empty() ||
      CountCharacters(value.text) > autoscale::kFormulaLengthMax) {
    return;
  }
  const autoscale::Parsed parsed = autoscale::Parse(value.text);
  const std::vector<Problem> problems =
      parsed.problems.empty() ? autoscale::Check(parsed.formula) : parsed.problems;
  for (const Problem& problem : problems) Report(value, problem, sink);
}

}  // namespace reconciler::spec
