// The formulas that the service's documentation of autoscaling teaches, written anew from what it
// says of them.
#include "tests/autoscale/run.h"

namespace reconciler::autoscale {
namespace {

World WithTasks(std::string_view metric, const std::vector<double>& values) {
  World world;
  world.samples.AddSeries(metric, world.now, values);
  return world;
}

constexpr std::string_view kPendingTasks = R"(
startingNumberOfVMs = 1;
maxNumberofVMs = 25;
pendingTaskSamplePercent = $PendingTasks.GetSamplePercent(180 * TimeInterval_Second);
pendingTaskSamples = pendingTaskSamplePercent < 70
    ? startingNumberOfVMs : avg($PendingTasks.GetSample(180 * TimeInterval_Second));
$TargetDedicatedNodes = min(maxNumberofVMs, pendingTaskSamples);
$NodeDeallocationOption = taskcompletion;
)";

TEST_CASE("pending tasks: the average, once 70 percent of the samples are there") {
  CHECK(Problems(kPendingTasks).empty());
  CHECK(Run(kPendingTasks).targets == Targets{1, 5, "taskcompletion"});
  const std::string_view text = kPendingTasks;
  CHECK(Run(text, WithTasks("$PendingTasks", {9, 9, 9, 9})).targets.dedicated == 1);
  CHECK(Run(text, WithTasks("$PendingTasks", {2, 4, 6, 8, 9})).targets.dedicated == 5);
  CHECK(Run(text, WithTasks("$PendingTasks", {90, 90, 90, 90, 90, 90})).targets.dedicated == 25);
}

constexpr std::string_view kPreempted = R"(
maxNumberofVMs = 25;
$TargetDedicatedNodes = min(maxNumberofVMs, $PreemptedNodeCount.GetSample(180 * TimeInterval_Second));
$TargetLowPriorityNodes = min(maxNumberofVMs, maxNumberofVMs - $TargetDedicatedNodes);
$NodeDeallocationOption = taskcompletion;
)";

TEST_CASE("preempted nodes are made up for by dedicated ones") {
  CHECK(Problems(kPreempted).empty());
  CHECK(Run(kPreempted, WithTasks("$PreemptedNodeCount", {4, 4, 4})).targets ==
        Targets{4, 21, "taskcompletion"});
  CHECK(Run(kPreempted).error->detail ==
        "Line 3, Col 74: Insufficient data from data set: $PreemptedNodeCount wanted 10%, received "
        "0%");
}

constexpr std::string_view kWorkHours = R"(
$curTime = time();
$workHours = $curTime.hour >= 8 && $curTime.hour < 18;
$isWeekday = $curTime.weekday >= 1 && $curTime.weekday <= 5;
$isWorkingWeekdayHour = $workHours && $isWeekday;
$TargetDedicatedNodes = $isWorkingWeekdayHour ? 20 : 10;
$NodeDeallocationOption = taskcompletion;
)";

TEST_CASE("time: more nodes while people work") {
  CHECK(Problems(kWorkHours).empty());
  World world;
  // Its results are shown, but for the second target, which is younger than they are.
  world.now = *ParseTime("2016-10-13T19:18:47.805Z");
  CHECK(ResultsText(Run(kWorkHours, world)) ==
        "$TargetDedicatedNodes=10;$TargetLowPriorityNodes=5;$NodeDeallocationOption=taskcompletion;"
        "$curTime=2016-10-13T19:18:47.805Z;$isWeekday=1;$isWorkingWeekdayHour=0;$workHours=0");
  const auto at = [&](std::string_view time) {
    world.now = *ParseTime(time);
    return Run(kWorkHours, world).targets.dedicated;
  };
  CHECK(at("2025-07-04T07:59:59Z") == 10);
  CHECK(at("2025-07-04T08:00:00Z") == 20);
  CHECK(at("2025-07-04T17:59:59Z") == 20);
  CHECK(at("2025-07-04T18:00:00Z") == 10);
  CHECK(at("2025-07-05T12:00:00Z") == 10);  // a Saturday
}

TEST_CASE("time: another time zone, and a day of the week") {
  CHECK(Compute("time() + (-6 * TimeInterval_Hour)") == "2025-07-02T08:00:00.250Z");
  CHECK(Run("$TargetDedicatedNodes = (time().weekday == 3 ? 5:1);").targets.dedicated == 5);
}

constexpr std::string_view kTasks = R"(
// Get pending tasks for the past 15 minutes.
$samples = $PendingTasks.GetSamplePercent(TimeInterval_Minute * 15);
$tasks = $samples < 70 ? max(0, $PendingTasks.GetSample(1))
    : max($PendingTasks.GetSample(1), avg($PendingTasks.GetSample(TimeInterval_Minute * 15)));
$targetVMs = $tasks > 0 ? $tasks : max(0, $TargetDedicatedNodes / 2);
$TargetDedicatedNodes = max(0, min($targetVMs, 20));
$NodeDeallocationOption = taskcompletion;
)";

TEST_CASE("tasks: as many nodes as tasks, half of them when there are none") {
  CHECK(Problems(kTasks).empty());
  CHECK(Run(kTasks).targets.dedicated == 1);
  CHECK(Run(kTasks, WithTasks("$PendingTasks", {3, 7})).targets.dedicated == 7);
  std::vector<double> falling(30, 12);
  falling.back() = 0;
  CHECK(Run(kTasks, WithTasks("$PendingTasks", falling)).targets.dedicated == 11);
  CHECK(Run(kTasks, WithTasks("$PendingTasks", {100})).targets.dedicated == 20);
}

constexpr std::string_view kParallelTasks = R"(
$samples = $ActiveTasks.GetSamplePercent(TimeInterval_Minute * 15);
$tasks = $samples < 70 ? max(0, $ActiveTasks.GetSample(1))
    : max($ActiveTasks.GetSample(1), avg($ActiveTasks.GetSample(TimeInterval_Minute * 15)));
$cores = $TargetDedicatedNodes * 4;
$extraVMs = (($tasks - $cores) + 3) / 4;
$targetVMs = ($TargetDedicatedNodes + $extraVMs);
$TargetDedicatedNodes = max(0, min($targetVMs, 3));
$NodeDeallocationOption = taskcompletion;
)";

TEST_CASE("parallel tasks: four tasks a node") {
  CHECK(Problems(kParallelTasks).empty());
  CHECK(Run(kParallelTasks, WithTasks("$ActiveTasks", {5})).targets.dedicated == 2);
  CHECK(Run(kParallelTasks, WithTasks("$ActiveTasks", {50})).targets.dedicated == 3);
  CHECK(Run(kParallelTasks).targets.dedicated == 0);
}

constexpr std::string_view kInitialSize = R"(
$TargetDedicatedNodes = 4;
lifespan = time() - time("Wed, 02 Jul 2025 13:45:00 GMT");
span = TimeInterval_Minute * 60;
startup = TimeInterval_Minute * 10;
ratio = 50;
$TargetDedicatedNodes = (lifespan > startup
    ? (max($RunningTasks.GetSample(span, ratio), $ActiveTasks.GetSample(span, ratio)) == 0
        ? 0 : $TargetDedicatedNodes) : 4);
)";

TEST_CASE("initial size: kept for ten minutes, then only while there are tasks") {
  CHECK(Problems(kInitialSize).empty());
  World world;
  world.samples.AddSeries("$RunningTasks", world.now, std::vector<double>(60, 0));
  world.samples.AddSeries("$ActiveTasks", world.now, std::vector<double>(60, 0));
  CHECK(Run(kInitialSize, world).targets.dedicated == 0);
  world.samples.Add("$ActiveTasks", world.now, 1);
  CHECK(Run(kInitialSize, world).targets.dedicated == 4);
  world.now = *ParseTime("2025-07-02T13:50:00Z");
  CHECK(Run(kInitialSize, world).targets.dedicated == 4);
}

constexpr std::string_view kCpu = R"(
$totalDedicatedNodes =
    (min($CPUPercent.GetSample(TimeInterval_Minute * 10)) > 0.7) ?
    ($CurrentDedicatedNodes * 1.1) : $CurrentDedicatedNodes;
$totalDedicatedNodes =
    (avg($CPUPercent.GetSample(TimeInterval_Minute * 60)) < 0.2) ?
    ($CurrentDedicatedNodes * 0.9) : $totalDedicatedNodes;
$TargetDedicatedNodes = min(400, $totalDedicatedNodes)
)";

TEST_CASE("load of the processors: a tenth more, a tenth less") {
  CHECK_FALSE(HasError(Check(Parse(kCpu).formula)));  // the metric is a retired one
  World world = WithTasks("$CPUPercent", std::vector<double>(120, 0.8));
  world.dedicated = 20;
  CHECK(Run(kCpu, world).targets.dedicated == 22);
  world = WithTasks("$CPUPercent", std::vector<double>(120, 0.1));
  world.dedicated = 20;
  CHECK(Run(kCpu, world).targets.dedicated == 18);
}

}  // namespace
}  // namespace reconciler::autoscale
