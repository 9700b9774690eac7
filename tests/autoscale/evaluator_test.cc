#include "reconciler/autoscale/evaluator.h"

#include "tests/autoscale/run.h"

namespace reconciler::autoscale {
namespace {

std::string Results(std::string_view text) { return ResultsText(Run(text)); }

TEST_CASE("results show the targets, then the variables by name") {
  CHECK(Results("$targetVMs=1; $maxTasksPerNode = 4; $tasks=0;$TargetDedicatedNodes=2;"
                "$NodeDeallocationOption = taskcompletion; $round=3") ==
        "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=5;$NodeDeallocationOption=taskcompletion;"
        "$maxTasksPerNode=4;$round=3;$targetVMs=1;$tasks=0");
  CHECK(Results("a = 2; $TargetDedicatedNodes = a") ==
        "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=5;$NodeDeallocationOption=requeue;a=2");
}

TEST_CASE("targets that are not set stay, and read as they are") {
  CHECK(Run("x=1").targets == Targets{2, 5, "requeue"});
  CHECK(Run("$TargetDedicatedNodes = $TargetDedicatedNodes + $TargetLowPriority").targets ==
        Targets{7, 5, "requeue"});
  CHECK(Compute("$TargetDedicated * 10 + $TargetLowPriorityNodes") == "25");
  CHECK(Compute("$NodeDeallocationOption") == "requeue");
}

TEST_CASE("the short names set the same targets, and give way to the full ones") {
  CHECK(Run("$TargetDedicated = 7; $TargetLowPriority = 8").targets == Targets{7, 8, "requeue"});
  CHECK(Run("$TargetDedicatedNodes = 4; $TargetDedicated = 7").targets.dedicated == 4);
  CHECK(Run("$TargetDedicated = 7; $TargetDedicatedNodes = $TargetDedicatedNodes + 1")
            .targets.dedicated == 8);
}

// Azure/Batch, issue 151: "evaluated to 2.9, truncated to 2".
TEST_CASE("targets are rounded down and not below 0") {
  CHECK(Run("$TargetDedicatedNodes = 2.9; $TargetLowPriorityNodes = -3").targets ==
        Targets{2, 0, "requeue"});
  CHECK(Run("$TargetDedicatedNodes = 1e18").targets.dedicated == 2147483647);
}

TEST_CASE("a target that is no number ends the evaluation") {
  for (const char* const wrong : {"1 / 0", "0 / 0"}) {
    const Evaluation evaluation = Run("$TargetDedicatedNodes = " + std::string(wrong));
    REQUIRE(evaluation.error);
    CHECK(evaluation.error->detail ==
          "Line 1, Col 1: $TargetDedicatedNodes is not a finite number");
    CHECK(evaluation.targets == Targets{2, 5, "requeue"});
  }
}

TEST_CASE("stop keeps what is set, and ends the evaluation") {
  CHECK(Results("$TargetDedicatedNodes = 3; a = 1; stop(); $TargetDedicatedNodes = 9; b = 2") ==
        "$TargetDedicatedNodes=3;$TargetLowPriorityNodes=5;$NodeDeallocationOption=requeue;a=1");
  CHECK(Run("1 ? stop() : 0; $TargetDedicatedNodes = 9").targets.dedicated == 2);
  CHECK(Run("0 ? stop() : 0; $TargetDedicatedNodes = 9").targets.dedicated == 9);
}

// As recorded from the service for `$something_useless`.
TEST_CASE("an unknown name ends the evaluation, the current targets stay and show") {
  const Evaluation evaluation = Run("$something_useless");
  REQUIRE(evaluation.error);
  CHECK(evaluation.error->code == "AutoScalingFormulaEvaluationError");
  CHECK(evaluation.error->message == "The specified auto-scaling formula has evaluation error");
  CHECK(evaluation.error->detail == "Line 1, Col 1: Undefined symbol: $something_useless");
  CHECK(ResultsText(Run("a = 1; $TargetDedicatedNodes = 9;\n\tb = c")) ==
        "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=5;$NodeDeallocationOption=requeue");
  CHECK(Run("a = 1;\n\tb = c").error->detail == "Line 2, Col 6: Undefined symbol: c");
  CHECK(Compute("$targetDedicatedNodes") ==
        "Line 1, Col 5: Undefined symbol: $targetDedicatedNodes");
  CHECK(Compute("true") == "Line 1, Col 5: Undefined symbol: true");
}

TEST_CASE("wrong assignments end the evaluation") {
  const auto detail = [](std::string_view text) { return Run(text).error->detail; };
  CHECK(detail("a=1; $ActiveTasks = 3") == "Line 1, Col 6: Read-only symbol: $ActiveTasks");
  CHECK(detail("TimeInterval_Day = 3") == "Line 1, Col 1: Read-only symbol: TimeInterval_Day");
  CHECK(detail("requeue = 3") == "Line 1, Col 1: Read-only symbol: requeue");
  CHECK(detail("$TargetDedicatedNodes = vec(1)") ==
        "Line 1, Col 1: $TargetDedicatedNodes is a double, not a doubleVec");
  CHECK(detail("$NodeDeallocationOption = \"requeue\"") ==
        "Line 1, Col 1: $NodeDeallocationOption is a deallocation option, not a string");
}

TEST_CASE("variables hold values of any type, and change it") {
  CHECK(Compute("0; a = vec(1); a = \"b\"; x = a") == "b");
  CHECK(Run("o = 1 ? terminate : requeue; $NodeDeallocationOption = o")
            .targets.node_deallocation_option == "terminate");
}

TEST_CASE("growing vectors end the evaluation before the memory") {
  std::string doubling = "v = vec(1, 2, 3, 4);";
  for (int i = 0; i < 60; ++i) doubling += "v = vec(v, v);";
  const Evaluation evaluation = Run(doubling);
  REQUIRE(evaluation.error);
  CHECK(evaluation.error->detail.ends_with("Too much to compute: more than 1000000 steps"));
}

}  // namespace
}  // namespace reconciler::autoscale
