#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Scaling : World {
  explicit Scaling(const std::string& members = "") {
    Call("POST", "/pools", LinuxPool("p", members));
    Pass(seconds{5});
  }
  Response Enable(const std::string& body) {
    return Call("POST", "/pools/p/enableautoscale", body);
  }
  Response Disable() { return Call("POST", "/pools/p/disableautoscale"); }
  Json Pool() { return Get("/pools/p"); }
};

std::string Formula(const std::string& text) { return R"({"autoScaleFormula":")" + text + "\"}"; }

TEST_CASE("a pool created with a formula is evaluated at once") {
  World world;
  const Response created = world.Call(
      "POST", "/pools",
      LinuxPool("p", R"(,"enableAutoScale":true,"autoScaleFormula":"$TargetDedicatedNodes=2;")"));
  CHECK(created.status == 201);
  Json pool = world.Get("/pools/p");
  CHECK(IntegerAt(pool, "targetDedicatedNodes") == 2);
  CHECK(pool.Find("autoScaleRun")->Text("timestamp") == pool.Text("lastModified"));
  CHECK(pool.Text("autoScaleEvaluationInterval") == "PT15M");
  world.Pass(seconds{2});
  CHECK(IntegerAt(world.Get("/pools/p"), "currentDedicatedNodes") == 2);
}

TEST_CASE("enabling sets targets at once, the run shows later") {
  Scaling world;
  CHECK(world.Enable(Formula("$TargetDedicatedNodes=1")).status == 200);
  CHECK(IntegerAt(world.Pool(), "targetDedicatedNodes") == 1);
  CHECK(world.Pool().Text("allocationState") == "resizing");
  CHECK(world.Pool().Find("autoScaleRun") == nullptr);
  world.Pass(seconds{3});
  CHECK(world.Pool().Find("autoScaleRun") != nullptr);
  CHECK(world.Pool().Text("allocationState") == "steady");
}

TEST_CASE("a formula that changes nothing leaves the pool steady and is evaluated each interval") {
  Scaling world;
  world.Enable(Formula("$TargetDedicatedNodes=0"));
  CHECK(world.Pool().Text("allocationState") == "steady");
  world.Pass(minutes{20});
  const std::string first = world.Pool().Find("autoScaleRun")->Text("timestamp");
  world.Pass(minutes{15});
  CHECK(world.Pool().Find("autoScaleRun")->Text("timestamp") != first);
  world.Pass(std::chrono::hours{24 * 365 * 20});
  CHECK(world.Pool().Find("autoScaleRun")->Text("timestamp").substr(0, 4) == "2045");
}

TEST_CASE("evaluation heals a pool that fell short") {
  Scaling world;
  world.service.FailNextAllocation("demo", "p", {});
  world.Enable(Formula("$TargetDedicatedNodes=1"));
  world.Pass(seconds{2});
  CHECK(world.Pool().Find("resizeErrors") == nullptr);  // the first round started anew at once
  world.Pass(minutes{16});
  CHECK(IntegerAt(world.Pool(), "currentDedicatedNodes") == 1);
}

TEST_CASE("enabling has its rules") {
  Scaling world;
  CHECK(CodeOf(world.Enable("{}")) == "MissingRequiredProperty");
  CHECK(CodeOf(world.Enable(Formula("$a=("))) == "AutoScalingFormulaSyntaxError");
  CHECK(CodeOf(world.Enable(Formula(""))) == "AutoScalingFormulaSyntaxError");
  CHECK(
      CodeOf(world.Enable(R"({"autoScaleFormula":"$a=1","autoScaleEvaluationInterval":"PT1M"})")) ==
      "InvalidPropertyValue");
  CHECK(world.Enable(Formula("$TargetDedicatedNodes=0")).status == 200);
  const Response again = world.Enable(R"({"autoScaleEvaluationInterval":"PT6M"})");
  CHECK(again.status == 503);
  CHECK(CodeOf(again) == "TooManyEnableAutoScaleRequests");
  world.Pass(seconds{30});
  CHECK(world.Enable(R"({"autoScaleEvaluationInterval":"PT6M"})").status == 200);
  CHECK(world.Pool().Text("autoScaleEvaluationInterval") == "PT6M");
  CHECK(world.Pool().Text("autoScaleFormula") == "$TargetDedicatedNodes=0");
}

TEST_CASE("13.7 a formula that is missing is told before the state and the pause") {
  Scaling world;
  const std::string formula = Formula("$TargetDedicatedNodes=0");
  const std::string interval = R"({"autoScaleEvaluationInterval":"PT6M"})";
  const auto told = [&](const std::string& body) {
    const Response answer = world.Enable(body);
    return CodeOf(answer) + " " + DetailOf(answer, "PropertyName");
  };
  CHECK(world.Enable(formula).status == 200);
  CHECK(world.Disable().status == 200);
  CHECK(told(interval) == "MissingRequiredProperty autoScaleFormula");  // within the 30 seconds
  CHECK(told(formula) == "TooManyEnableAutoScaleRequests ");
  world.Pass(seconds{40});
  world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":2})");
  CHECK(told(interval) == "MissingRequiredProperty autoScaleFormula");
  CHECK(told(formula) == "PoolBeingResized ");
  world.Call("DELETE", "/pools/p");
  CHECK(told(interval) == "MissingRequiredProperty autoScaleFormula");
  CHECK(told(formula) == "PoolBeingDeleted ");
  CHECK(DetailOf(world.Call("POST", "/pools/none/enableautoscale", "{}"), "PropertyName") ==
        "autoScaleFormula and/or autoScaleEvaluationInterval");
}

TEST_CASE("a pool that resizes refuses to enable, one that stops does not") {
  Scaling world;
  world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":2})");
  CHECK(CodeOf(world.Enable(Formula("$TargetDedicatedNodes=1"))) == "PoolBeingResized");
  world.Call("POST", "/pools/p/stopresize");
  CHECK(world.Enable(Formula("$TargetDedicatedNodes=1")).status == 200);
  world.Pass(seconds{2});
  CHECK(IntegerAt(world.Pool(), "targetDedicatedNodes") == 1);
}

TEST_CASE("an autoscale pool cannot be resized by hand") {
  Scaling world;
  world.Enable(Formula("$TargetDedicatedNodes=0"));
  CHECK(CodeOf(world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":2})")) ==
        SwitchesOfRun().wrong_state_code);
}

TEST_CASE("disabling keeps the targets and stops a running resize") {
  Scaling world;
  world.Enable(Formula("$TargetDedicatedNodes=3"));
  const std::string etag = world.Pool().Text("eTag");
  CHECK(world.Disable().status == 200);
  CHECK(world.Pool().Text("allocationState") == "stopping");
  CHECK(world.Pool().Text("eTag") == etag);
  CHECK(IntegerAt(world.Pool(), "targetDedicatedNodes") == 3);
  CHECK(world.Pool().Find("autoScaleFormula") == nullptr);
  world.Pass(seconds{40});
  CHECK(world.Disable().status == 409);
  world.Enable(Formula("$TargetDedicatedNodes=0"));
  const std::string steady = world.Pool().Text("eTag");
  CHECK(world.Disable().status == 200);
  CHECK(world.Pool().Text("eTag") != steady);
}

TEST_CASE("evaluating changes nothing and needs autoscale") {
  Scaling world;
  CHECK(
      world.Call("POST", "/pools/p/evaluateautoscale", Formula("$TargetDedicatedNodes=9")).status ==
      409);
  world.Enable(Formula("$TargetDedicatedNodes=0"));
  CHECK(CodeOf(world.Call("POST", "/pools/p/evaluateautoscale", "{}")) ==
        "MissingRequiredProperty");
  const Response response =
      world.Call("POST", "/pools/p/evaluateautoscale", Formula("$TargetDedicatedNodes=9"));
  CHECK(response.status == 200);
  CHECK(ParseJson(response.body)->Text("results").substr(0, 23) == "$TargetDedicatedNodes=9");
  CHECK(IntegerAt(world.Pool(), "targetDedicatedNodes") == 0);
  CHECK(HeaderOf(response, "ETag").empty());
}

TEST_CASE("evaluating a formula with a syntax error is refused as enabling it is") {
  Scaling world;
  world.Enable(Formula("$TargetDedicatedNodes=0"));
  const Response response =
      world.Call("POST", "/pools/p/evaluateautoscale", Formula("$TargetDedicatedNodes = ;"));
  CHECK(response.status == 400);
  CHECK(CodeOf(response) == "AutoScalingFormulaSyntaxError");
}

TEST_CASE("a formula sees the tasks of its pool, now and in the past") {
  Scaling world;
  world.Call("POST", "/jobs", R"({"id":"j","poolInfo":{"poolId":"P"}})");
  const auto add = [&](const std::string& id, const char* line) {
    world.Call("POST", "/jobs/j/tasks", R"({"id":")" + id + R"(","commandLine":")" + line + "\"}");
  };
  const auto targets = [&](const std::string& formula) {
    const Response response = world.Call("POST", "/pools/p/evaluateautoscale",
                                         Formula("$TargetDedicatedNodes=" + formula));
    const std::string results = ParseJson(response.body)->Text("results");
    return results.substr(0, results.find(';'));
  };
  world.Enable(
      Formula("$TargetDedicatedNodes=1;"
              "$NodeDeallocationOption=taskcompletion"));
  world.Pass(minutes{10});
  CHECK(targets("1000+$PendingTasks") == "$TargetDedicatedNodes=1000");
  add("a", "sleep 600");
  add("b", "sleep 1; exit 1");
  add("c", "sleep 600");
  world.Pass(minutes{5});
  CHECK(targets("100*$RunningTasks+10*$ActiveTasks+$PendingTasks") == "$TargetDedicatedNodes=123");
  CHECK(targets("floor(avg($PendingTasks.GetSample(20))*10)") == "$TargetDedicatedNodes=16");
  CHECK(targets("min($PendingTasks.GetSample(10))") == "$TargetDedicatedNodes=3");
  world.Pass(minutes{30});
  CHECK(targets("10*$SucceededTasks+$FailedTasks") == "$TargetDedicatedNodes=21");
  CHECK(targets("max($PendingTasks.GetSample(10))") == "$TargetDedicatedNodes=0");
  CHECK(targets("max($PendingTasks.GetSample(100))") == "$TargetDedicatedNodes=3");
  world.Call("DELETE", "/jobs/j");
  world.Pass(minutes{1});
  CHECK(targets("$FailedTasks") == "$TargetDedicatedNodes=0");
}

TEST_CASE("a formula's deallocation option is that of the shrink it starts") {
  Scaling world{R"(,"targetDedicatedNodes":1)"};
  world.Call("POST", "/jobs", R"({"id":"j","poolInfo":{"poolId":"p"}})");
  world.Pass(seconds{10});
  world.Call("POST", "/jobs/j/tasks", R"({"id":"t","commandLine":"sleep 60"})");
  world.Enable(Formula("$TargetDedicatedNodes=0;$NodeDeallocationOption=taskcompletion"));
  CHECK(world.Get("/jobs/j/tasks/t").Text("state") == "running");
  world.Pass(seconds{59});
  CHECK(IntegerAt(world.Pool(), "currentDedicatedNodes") == 1);
  world.Pass(seconds{1});
  CHECK(IntegerAt(world.Pool(), "currentDedicatedNodes") == 0);
  CHECK(world.Get("/jobs/j/tasks/t").Text("state") == "completed");
}

TEST_CASE("a formula over metrics is taken, leaves the targets and shows its error") {
  World world;
  world.Call("POST", "/pools",
             LinuxPool("p", R"(,"enableAutoScale":true,"autoScaleFormula":"$TargetDedicatedNodes=)"
                            R"($PendingTasks.GetSample(TimeInterval_Minute*5);")"));
  const Json pool = world.Get("/pools/p");
  CHECK(IntegerAt(pool, "targetDedicatedNodes") == 0);
  CHECK(pool.At({"autoScaleRun", "error"})->Text("code") == "InsufficientSampleData");
}

}  // namespace
}  // namespace emulator
