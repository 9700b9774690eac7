#include "reconciler/autoscale/metrics.h"

#include "tests/autoscale/run.h"

namespace reconciler::autoscale {
namespace {

/// Samples of the last two minutes, but for the newest: at -90, -60 and -30 s.
World SomeSamples() {
  World world;
  world.samples.AddSeries("$RunningTasks", world.now - std::chrono::seconds(30), {7, 8, 9});
  return world;
}

TEST_CASE("a number of samples takes the newest, as many as there are") {
  const World world = SomeSamples();
  CHECK(Compute("$RunningTasks.GetSample(2)", world) == "[8,9]");
  CHECK(Compute("$RunningTasks.GetSample(1e9)", world) == "[7,8,9]");
  CHECK(Compute("$RunningTasks.GetSample(-1)", world) == "[]");
  CHECK(Compute("$RunningTasks.GetSample(0/0)", world) == "[]");
  CHECK(Compute("$PendingTasks.GetSample(5)", world) == "[]");
}

TEST_CASE("a span looks back from now, or begins at a time") {
  const World world = SomeSamples();
  CHECK(Compute("$RunningTasks.GetSample(TimeInterval_Minute * 2)", world) == "[7,8,9]");
  CHECK(Compute("$RunningTasks.GetSample(90 * TimeInterval_Second)", world) == "[8,9]");
  CHECK(Compute("$RunningTasks.GetSample(time() - 61 * TimeInterval_Second)", world) == "[8,9]");
}

TEST_CASE("a span of two ends takes them in either order") {
  const World world = SomeSamples();
  for (const char* const ends : {"TimeInterval_Minute, 2 * TimeInterval_Minute",
                                 "2 * TimeInterval_Minute, TimeInterval_Minute",
                                 "time() - 2 * TimeInterval_Minute, TimeInterval_Minute"}) {
    CAPTURE(ends);
    CHECK(Compute("$RunningTasks.GetSample(" + std::string(ends) + ")", world) == "[7,8]");
  }
}

TEST_CASE("too few samples end the evaluation at the parenthesis") {
  const World world = SomeSamples();
  CHECK(Compute("$RunningTasks.GetSample(TimeInterval_Minute * 2, 75)", world) == "[7,8,9]");
  const Evaluation evaluation =
      Run("$TargetDedicatedNodes = 9;\n"
          "x = $RunningTasks.GetSample(TimeInterval_Minute * 2, 76);",
          world);
  REQUIRE(evaluation.error);
  CHECK(evaluation.error->code == "InsufficientSampleData");
  CHECK(evaluation.error->message == "Autoscale evaluation failed due to insufficient sample data");
  CHECK(evaluation.error->detail ==
        "Line 2, Col 28: Insufficient data from data set: $RunningTasks wanted 76%, received 75%");
  CHECK(evaluation.targets == world.current);
}

// The client library of .NET has this formula and answer in its tests.
TEST_CASE("the place of missing samples is the service's") {
  CHECK(Run("$RunningTasks.GetSample(10 * TimeInterval_Second, 0 * TimeInterval_Second, 100);")
            .error->detail ==
        "Line 1, Col 24: Insufficient data from data set: $RunningTasks wanted 100%, received 0%");
}

// As is the answer of the REST reference for `totalNodes=min($CPUPercent.GetSample(` and a span.
TEST_CASE("a span without a percentage needs a tenth") {
  const std::string formula =
      "totalNodes=min($CPUPercent.GetSample(TimeInterval_Minute*0,TimeInterval_Minute*10));";
  CHECK(Run(formula).error->detail ==
        "Line 1, Col 37: Insufficient data from data set: $CPUPercent wanted 10%, received 0%");
  World world;
  world.samples.AddSeries("$CPUPercent", world.now - std::chrono::minutes(5), {40, 50});
  CHECK(ResultsText(Run(formula, world)).ends_with(";totalNodes=40"));
}

TEST_CASE("the percentage is of one sample each 30 seconds, and 100 at most") {
  World world = SomeSamples();
  CHECK(Compute("$RunningTasks.GetSamplePercent(TimeInterval_Minute * 2)", world) == "75");
  CHECK(Compute("$RunningTasks.GetSamplePercent(TimeInterval_Minute * 3)", world) == "50");
  CHECK(Compute("$RunningTasks.GetSamplePercent(TimeInterval_Second, TimeInterval_Minute)",
                world) == "100");
  CHECK(Compute("$RunningTasks.GetSamplePercent(TimeInterval_Zero)", world) == "0");
  CHECK(Compute("$PendingTasks.GetSamplePercent(TimeInterval_Minute * 2)", world) == "0");
  for (int i = 0; i < 10; ++i) world.samples.Add("$RunningTasks", world.now, 1);
  CHECK(Compute("$RunningTasks.GetSamplePercent(TimeInterval_Minute * 2)", world) == "100");
}

TEST_CASE("what is known of the history") {
  const World world = SomeSamples();
  CHECK(Compute("$RunningTasks.GetSamplePeriod()", world) == "00:00:30");
  CHECK(Compute("$RunningTasks.Count()", world) == "3");
  CHECK(Compute("$PendingTasks.Count()", world) == "0");
  CHECK(Compute("$RunningTasks.HistoryBeginTime()", world) == "2025-07-02T13:58:30.250Z");
  CHECK(Compute("$PendingTasks.HistoryBeginTime()", world) ==
        "Line 1, Col 35: Insufficient data from data set: $PendingTasks has no sample");
}

TEST_CASE("a metric alone is its newest value") {
  const World world = SomeSamples();
  CHECK(Compute("$RunningTasks + 1", world) == "10");
  CHECK(Compute("$CurrentDedicatedNodes * 10 + $CurrentLowPriorityNodes", world) == "34");
  CHECK(Compute("$CurrentDedicated", world) == "3");
  CHECK(Compute("$PendingTasks", world) ==
        "Line 1, Col 5: Insufficient data from data set: $PendingTasks has no sample");
}

TEST_CASE("samples keep the order of time, whatever the order they come in") {
  World world;
  for (const int ago : {30, 90, 60}) {
    world.samples.Add("$ActiveTasks", world.now - std::chrono::seconds(ago), ago);
  }
  CHECK(Compute("$ActiveTasks.GetSample(3)", world) == "[90,60,30]");
}

TEST_CASE("methods are told from what has none") {
  CHECK(Compute("$RunningTasks.GetSamples(1)") ==
        "Line 1, Col 19: No method 'GetSamples' of $RunningTasks");
  CHECK(Compute("max(1).GetSample(1)") == "Line 1, Col 12: No method 'GetSample' of double");
  CHECK(Compute("$RunningTasks.GetSample(1, 50)") ==
        "Line 1, Col 28: Wrong arguments for GetSample: (double, double) instead of (count) or "
        "(start [, end] [, samplePercent])");
  CHECK(Compute("$RunningTasks.GetSamplePercent(5)") ==
        "Line 1, Col 35: Wrong arguments for GetSamplePercent: (double) instead of (start [, "
        "end])");
  CHECK(Compute("$RunningTasks.Count(1)") ==
        "Line 1, Col 24: Wrong arguments for Count: (double) instead of ()");
}

TEST_CASE("spans out of all time end the evaluation") {
  CHECK(Compute("$RunningTasks.GetSample(TimeInterval_Year * 5000)") ==
        "Line 1, Col 28: Time out of range");
}

}  // namespace
}  // namespace reconciler::autoscale
