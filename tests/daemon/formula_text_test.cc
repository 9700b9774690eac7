#include "daemon/formula_text.h"

#include <doctest/doctest.h>

#include "tests/daemon/process.h"
#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

struct Answer {
  int code;
  std::string text;
};

Answer Check(const TempFolder& folder, std::vector<std::string> more) {
  std::vector<std::string> arguments{"autoscale", "check", "f.txt"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Process process(std::move(arguments), folder.path());
  const int code = process.Wait();
  return {code, process.out() + process.err()};
}

TEST_CASE("autoscale check: what is wrong stands at its place, code 65") {
  const TempFolder folder;
  folder.Write("f.txt", "// a formula\n  $TargetDedicatedNodes = $PendingTask;\n");
  const Answer answer = Check(folder, {});
  CHECK(answer.code == 65);
  CHECK(answer.text ==
        "f.txt:2:27: Undefined symbol: $PendingTask (did you mean '$PendingTasks'?)\n"
        "      $TargetDedicatedNodes = $PendingTask;\n"
        "                              ^\n");
}

TEST_CASE("autoscale check: a formula is valid, or evaluated for samples and a time") {
  const TempFolder folder;
  folder.Write("f.txt",
               "n = max($PendingTasks.GetSample(2)); $TargetDedicatedNodes = n + "
               "$CurrentDedicatedNodes;\nt = time();");
  CHECK(Check(folder, {}).text == "f.txt is valid\n");
  const Answer answer = Check(folder, {"--sample", "$PendingTasks=9,4,3", "--now",
                                       "2025-07-01T12:00:00Z", "--dedicated", "2"});
  CHECK(answer.code == 0);
  CHECK(answer.text ==
        "$TargetDedicatedNodes = 6\n$TargetLowPriorityNodes = 0\n"
        "$NodeDeallocationOption = requeue\nn = 4\nt = 2025-07-01T12:00:00.000Z\n");
}

TEST_CASE("autoscale check: an evaluation that ends with an error is code 1") {
  const TempFolder folder;
  folder.Write("f.txt",
               "$TargetDedicatedNodes = avg($PendingTasks.GetSample(TimeInterval_Hour, 70));");
  const Answer answer = Check(folder, {"--evaluate"});
  CHECK(answer.code == 1);
  CHECK(answer.text ==
        "error: InsufficientSampleData: Line 1, Col 52: Insufficient data from data set: "
        "$PendingTasks wanted 70%, received 0%\n");
}

TEST_CASE("autoscale check: what cannot be read, and what is no series or time") {
  const TempFolder folder;
  CHECK(Check(folder, {}).code == 65);
  folder.Write("f.txt", "$TargetDedicatedNodes = 1");
  const Answer series = Check(folder, {"--sample", "$PendingTask=1"});
  CHECK(series.code == 64);
  CHECK(series.text ==
        "error: --sample '$PendingTask=1': no metric is called '$PendingTask' (did you mean "
        "'$PendingTasks'?)\n");
  CHECK(Check(folder, {"--now", "noon"}).text ==
        "error: --now 'noon' is not of the form 2025-07-01T12:00:00Z\n");
}

TEST_CASE("series of samples") {
  const auto problem = [](std::string_view text) { return ParseSeries(text).error().message; };
  CHECK(ParseSeries("$CurrentDedicated=1,2.5,-3")->metric == "$CurrentDedicatedNodes");
  CHECK(ParseSeries("$PendingTasks=1,2.5,-3")->values == std::vector<double>{1, 2.5, -3});
  CHECK(problem("$PendingTasks") == "--sample '$PendingTasks': is not of the form $METRIC=1,2,3");
  CHECK(problem("$PendingTasks=1,,2") == "--sample '$PendingTasks=1,,2': '' is no number");
  CHECK(problem("$PendingTasks=1x") == "--sample '$PendingTasks=1x': '1x' is no number");
  CHECK(problem("TimeInterval_Day=1") ==
        "--sample 'TimeInterval_Day=1': no metric is called 'TimeInterval_Day'");
}

}  // namespace
}  // namespace reconciler::daemon
