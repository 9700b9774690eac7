#include "tests/emulator/formula.h"

#include <doctest/doctest.h>

namespace emulator {
namespace {

FormulaResult Run(std::string_view formula, std::chrono::minutes measured = {}) {
  Random random(1);
  const Instant now{std::chrono::hours{500'000}};
  return EvaluateFormula(formula, {{2, 5}, {3, 4}, now, now - measured, 1, {}, 1}, random);
}

TEST_CASE("constant formulas set targets and option") {
  const FormulaResult result =
      Run("// grow\n$TargetDedicatedNodes = 2 * (3 + 1);\n$TargetLowPriorityNodes=min(7, 1e1);"
          "$NodeDeallocationOption = taskcompletion;");
  CHECK(result.error_code.empty());
  CHECK(result.results ==
        "$TargetDedicatedNodes=8;$TargetLowPriorityNodes=7;$NodeDeallocationOption=taskcompletion");
  CHECK(result.target == PerKind{8, 7});
}

TEST_CASE("a target that is not set keeps its value, the old names are aliases") {
  CHECK(Run("$TargetDedicated=1").target == PerKind{1, 5});
  CHECK(Run("$TargetDedicated=1;$TargetDedicatedNodes=4").target == PerKind{4, 5});
}

TEST_CASE("fractions are rounded down, negative targets are 0") {
  CHECK(Run("$TargetDedicatedNodes=2.9;$TargetLowPriorityNodes=-3").target == PerKind{2, 0});
}

TEST_CASE("variables, comparisons and conditions work, variables show sorted") {
  const FormulaResult result =
      Run("$b=$CurrentDedicatedNodes+1;a=$b>3?10:20;$TargetDedicatedNodes=a");
  CHECK(result.target == PerKind{10 + 10 * (4 <= 3), 5});
  CHECK(result.results ==
        "$TargetDedicatedNodes=10;$TargetLowPriorityNodes=5;"
        "$NodeDeallocationOption=requeue;$b=4;a=10");
}

TEST_CASE("an unknown name ends the evaluation and keeps the targets") {
  const FormulaResult result = Run("$TargetDedicatedNodes=9;\n  $something_useless");
  CHECK(result.error_code == "AutoScalingFormulaEvaluationError");
  CHECK(result.error_detail == "Line 2, Col 3: Undefined symbol: $something_useless");
  CHECK(result.results ==
        "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=5;$NodeDeallocationOption=requeue");
}

TEST_CASE("metrics of nodes and tasks have a sample each 30 s, those of resources none") {
  const std::chrono::minutes hour{60};
  CHECK(Run("$TargetDedicatedNodes=$CurrentDedicatedNodes.Count()", hour).target[0] == 120);
  CHECK(Run("$TargetDedicatedNodes=avg($CurrentDedicatedNodes.GetSample(10))", hour).target[0] ==
        3);
  CHECK(Run("$TargetDedicatedNodes=7+max($PendingTasks.GetSample(10))", hour).target[0] == 7);
  CHECK(Run("$TargetDedicatedNodes=$PreemptedNodeCount", hour).target[0] == 1);
  CHECK(Run("$TargetDedicatedNodes=avg($CPUPercent.GetSample(10 * TimeInterval_Minute, 70))", hour)
            .error_code == "InsufficientSampleData");
  CHECK(Run("$TargetDedicatedNodes=time(\"2026-01-01\")<time()?9:8", hour).target[0] == 9);
}

TEST_CASE("a pool without a past has no samples") {
  const FormulaResult result =
      Run("$TargetDedicatedNodes = max(0, $PendingTasks.GetSample(180 * TimeInterval_Second));");
  CHECK(result.error_code == "InsufficientSampleData");
  CHECK(result.target == PerKind{2, 5});
}

TEST_CASE("syntax errors are found, also in what cannot be evaluated") {
  for (const char* const good :
       {"$TargetDedicatedNodes=1", "$a=avg($ActiveTasks.GetSample(1, 70));;$b=!1||0&&1;",
        "x = time(\"2016-10-13T19:18:47Z\").hour >= 9 ? 1 : 2; stop()"}) {
    CAPTURE(good);
    CHECK_FALSE(FormulaSyntaxError(good));
  }
  for (const char* const bad : {"", " ; ", "$TargetDedicatedNodes=", "$a=(1", "$a=1 $b=2",
                                "$a=1+*2", "$a=f(1,", "$a=1?2", "$a=\"x", "$a=%1", "$=1"}) {
    CAPTURE(bad);
    CHECK(FormulaSyntaxError(bad));
  }
  CHECK(FormulaSyntaxError("$a=1;\n$b=)").value_or("") ==
        "Line 2, Col 4: Expected an expression, found ')'");
  CHECK(FormulaSyntaxError(std::string(5000, '(')));
  CHECK(FormulaSyntaxError("$a=" + std::string(5000, '-')));
}

TEST_CASE("a formula has at most 100 statements") {
  std::string formula;
  for (int statement = 0; statement < 100; ++statement) formula += "a=1;";
  CHECK_FALSE(FormulaSyntaxError(formula));
  CHECK(FormulaSyntaxError(formula + "\na=1").value_or("") ==
        "Line 2, Col 1: 101 statements, at most 100");
}

}  // namespace
}  // namespace emulator
