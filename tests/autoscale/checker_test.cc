#include "reconciler/autoscale/checker.h"

#include "tests/autoscale/run.h"

namespace reconciler::autoscale {
namespace {

/// Of an expression that a target gets, so that there is no other problem.
std::string OfExpression(std::string_view expression) {
  return Problems("x = " + std::string(expression) + ";$TargetDedicatedNodes=1");
}

TEST_CASE("undefined symbols are told once, with what may have been meant") {
  CHECK(OfExpression("$PendingTask + $PendingTask") ==
        "Line 1, Col 5: Undefined symbol: $PendingTask (did you mean '$PendingTasks'?)");
  CHECK(OfExpression("TimeInterval_Minutes") ==
        "Line 1, Col 5: Undefined symbol: TimeInterval_Minutes (did you mean "
        "'TimeInterval_Minute'?)");
  CHECK(OfExpression("flor(2)") == "Line 1, Col 5: Undefined symbol: flor (did you mean 'floor'?)");
  CHECK(OfExpression(std::string(4000, 'x')) ==
        "Line 1, Col 5: Undefined symbol: " + std::string(60, 'x'));
  CHECK(OfExpression("true") == "Line 1, Col 5: Undefined symbol: true");
  CHECK(Problems("$maxNodes = 3; $TargetDedicatedNodes = $maxNode") ==
        "Line 1, Col 40: Undefined symbol: $maxNode (did you mean '$maxNodes'?)");
}

TEST_CASE("both branches are checked, whichever is taken") {
  CHECK(OfExpression("1 ? 2 : $nowhere") == "Line 1, Col 13: Undefined symbol: $nowhere");
  CHECK(OfExpression("\"a\" ? 2 : 1") == "Line 1, Col 5: A condition is a double, not string");
  CHECK(Problems("x = 1 ? 2 : \"a\"; $TargetDedicatedNodes = x + 1").empty());
}

TEST_CASE("types that do not fit are told where the evaluation would") {
  CHECK(OfExpression("1 + \"a\"") == "Line 1, Col 7: No operator '+' for double and string");
  CHECK(OfExpression("-time()") == "Line 1, Col 5: No operator '-' for timestamp");
  CHECK(OfExpression("avg(\"a\")") ==
        "Line 1, Col 5: Wrong arguments for avg: (string) instead of (doubleVecList)");
  CHECK(OfExpression("$ActiveTasks.GetSample()") ==
        "Line 1, Col 27: Wrong arguments for GetSample: () instead of (count) or (start [, end] "
        "[, samplePercent])");
  CHECK(OfExpression("$ActiveTasks.GetSample(1) > 2") ==
        "Line 1, Col 31: No operator '>' for doubleVec and double");
  CHECK(OfExpression("time().weekDay") == "Line 1, Col 12: No member 'weekDay' of timestamp");
  CHECK(OfExpression("$ActiveTasks.Count") ==
        "Line 1, Col 18: No member 'Count' of double (a method needs parentheses)");
  CHECK(OfExpression("$ActiveTasks.GetSamples(1)") ==
        "Line 1, Col 18: No method 'GetSamples' of $ActiveTasks (did you mean 'GetSample'?)");
  CHECK(OfExpression("time().Count()") ==
        "Line 1, Col 12: No method 'Count' of timestamp: only metrics such as $PendingTasks have "
        "some");
}

TEST_CASE("one mistake is told once, not wherever its value goes") {
  CHECK(Problems("x = 1 + \"a\";\ny = -x + time(x).hour;\n$TargetDedicatedNodes = y") ==
        "Line 1, Col 7: No operator '+' for double and string");
}

TEST_CASE("operators that the documentation lacks are a warning") {
  CHECK(OfExpression("3 - vec(1)") ==
        "Line 1, Col 7: warning: No operator '-' for double and doubleVec in the service's "
        "documentation");
  CHECK(OfExpression("time() - TimeInterval_Day") ==
        "Line 1, Col 12: warning: No operator '-' for timestamp and timeinterval in the service's "
        "documentation");
  CHECK(OfExpression("-vec(1)") ==
        "Line 1, Col 5: warning: No operator '-' for doubleVec in the service's documentation");
}

TEST_CASE("assignments") {
  CHECK(Problems("$ActiveTasks = 1;$TargetDedicatedNodes=1") ==
        "Line 1, Col 1: Read-only symbol: $ActiveTasks");
  CHECK(Problems("$TargetDedicatedNodes = $ActiveTasks.GetSample(1)") ==
        "Line 1, Col 1: $TargetDedicatedNodes is a double, not a doubleVec");
  CHECK(Problems("$NodeDeallocationOption = 1;$TargetLowPriority=1") ==
        "Line 1, Col 1: $NodeDeallocationOption is a deallocation option, not a double");
  CHECK(Problems("$TargetDedicatedNodes = stop()") == "Line 1, Col 1: stop() has no value");
  CHECK(Problems("$targetDedicatedNodes = 1;$TargetLowPriority=1") ==
        "Line 1, Col 1: warning: $targetDedicatedNodes is a variable of the formula's own; the "
        "service's is $TargetDedicatedNodes");
}

TEST_CASE("what is hardly meant is a warning") {
  CHECK(Problems("x = 1") ==
        "Line 1, Col 1: warning: Neither $TargetDedicatedNodes nor $TargetLowPriorityNodes is set");
  CHECK(Problems("$TargetDedicatedNodes = 1; 5") ==
        "Line 1, Col 28: warning: A statement without effect: its value goes nowhere");
  CHECK(Problems("$TargetDedicatedNodes = 1; stop()").empty());
  CHECK(Problems("$TargetDedicatedNodes=1;$NodeDeallocationOption = retaineddata") ==
        "Line 1, Col 51: warning: retaineddata keeps a node until the retention of its tasks' data "
        "is over");
  CHECK(OfExpression("$CPUPercent.GetSample(1)") ==
        "Line 1, Col 5: warning: $CPUPercent may have no samples: the service has announced the "
        "end of it");
}

TEST_CASE("a look back that may find no samples is a warning") {
  const char* const short_look =
      "Line 1, Col 27: warning: 60 s hold at most 2 samples of 30 s, of which the newest come "
      "late: look back 120 s or more";
  CHECK(OfExpression("$ActiveTasks.GetSample(TimeInterval_Minute, 70)") == short_look);
  CHECK(
      OfExpression("$ActiveTasks.GetSample(2 * TimeInterval_Minute - 60 * TimeInterval_Second)") ==
      short_look);
  CHECK(
      OfExpression("$ActiveTasks.GetSample(60 * TimeInterval_Second, 120 * TimeInterval_Second)") ==
      short_look);
  CHECK(OfExpression("$ActiveTasks.GetSample(2 * TimeInterval_Minute)").empty());
  CHECK(OfExpression("$ActiveTasks.GetSample($RunningTasks * TimeInterval_Second)").empty());
}

TEST_CASE("percentages of samples are between 0 and 100") {
  CHECK(OfExpression("$ActiveTasks.GetSample(TimeInterval_Hour, 101)") ==
        "Line 1, Col 47: A percentage of samples is between 0 and 100, not 101");
  CHECK(OfExpression("$ActiveTasks.GetSample(TimeInterval_Hour, TimeInterval_Zero, -1)") ==
        "Line 1, Col 66: A percentage of samples is between 0 and 100, not -1");
  CHECK(OfExpression("$ActiveTasks.GetSample(TimeInterval_Hour, 100)").empty());
}

TEST_CASE("a formula has at most 100 statements") {
  std::string text = "$TargetDedicatedNodes=1;";
  for (int i = 1; i < 100; ++i) text += "a=1;";
  CHECK(Problems(text).empty());
  CHECK(Problems(text + "\na=1;a=1") == "Line 2, Col 1: 102 statements, at most 100");
}

TEST_CASE("problems stand by place, all of them") {
  CHECK(Problems("$a = $tasks;\n$TargetDedicatedNodes = \"x\" + $nodes;") ==
        "Line 1, Col 6: Undefined symbol: $tasks\n"
        "Line 2, Col 31: Undefined symbol: $nodes");
}

}  // namespace
}  // namespace reconciler::autoscale
