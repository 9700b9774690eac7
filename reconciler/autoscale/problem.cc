#include "reconciler/autoscale/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace reconciler::autoscale {

std::string PlaceText(const Place& place) {
  return fmt::format("Line {}, Col {}", place.line, place.column);
}

std::string ProblemText(const Problem& problem) {
  const bool warning = problem.level == Problem::Level::kWarning;
  return fmt::format("{}: {}{}", PlaceText(problem.place), warning ? "warning: " : "",
                     problem.text);
}

bool HasError(const std::vector<Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(), [](const Problem& problem) {
    return problem.level == Problem::Level::kError;
  });
}

void SortByPlace(std::vector<Problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
}

}  // namespace reconciler::autoscale
