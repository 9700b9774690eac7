// Formulas in tests: parse, evaluate, show.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "reconciler/autoscale/checker.h"
#include "reconciler/autoscale/evaluator.h"
#include "reconciler/autoscale/parser.h"
#include "reconciler/autoscale/results_text.h"
#include "reconciler/core/random.h"

namespace reconciler::autoscale {

/// A Wednesday, 14:00.
inline Instant TestNow() { return *ParseTime("2025-07-02T14:00:00.25Z"); }

struct World {
  Samples samples{};
  Targets current{.dedicated = 2, .low_priority = 5};
  int dedicated = 3;
  int low_priority = 4;
  Instant now = TestNow();
  std::uint64_t seed = 1;
};

inline Evaluation Run(std::string_view text, const World& world = {}) {
  const Parsed parsed = Parse(text);
  REQUIRE(parsed.problems.empty());
  SeededRandom random(world.seed);
  return Evaluate(parsed.formula, world.samples,
                  {world.now, random, world.current, world.dedicated, world.low_priority});
}

/// The value of an expression as text, or the detail of its error.
inline std::string Compute(std::string_view expression, const World& world = {}) {
  const Evaluation evaluation = Run("x = " + std::string(expression), world);
  return evaluation.error ? evaluation.error->detail : ValueText(evaluation.variables.at("x"));
}

/// Problems of parsing, else of the check, one a line.
inline std::string Problems(std::string_view text) {
  const Parsed parsed = Parse(text);
  std::string lines;
  for (const Problem& problem : parsed.problems.empty() ? Check(parsed.formula) : parsed.problems) {
    lines += (lines.empty() ? "" : "\n") + ProblemText(problem);
  }
  return lines;
}

}  // namespace reconciler::autoscale
