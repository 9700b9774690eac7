// Tasks: how they are shown, and how they take slots of nodes.
#include <doctest/doctest.h>

#include "tests/emulator/task_script.h"
#include "tests/emulator/test/job_world.h"

namespace emulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("a task that waits is shown as recorded") {
  JobWorld world{0};
  const Response added = world.Add("T", "x");
  CHECK(added.status == 201);
  CHECK(HeaderOf(added, "Location") == "http://batch.local/jobs/j/tasks/T");
  CHECK(HeaderOf(added, "DataServiceId") == HeaderOf(added, "Location"));
  const Response got = world.Call("GET", "/jobs/j/tasks/t");
  CHECK(HeaderOf(got, "ETag") == HeaderOf(added, "ETag"));
  const Json task = ParseJson(got.body).value();
  CHECK(
      got.body ==
      fmt::format(R"({{"odata.metadata":"http://batch.local/$metadata#tasks/@Element","id":"T",)"
                  R"("url":"http://batch.local/jobs/j/tasks/T","eTag":"{0}","creationTime":"{1}",)"
                  R"("lastModified":"{1}","state":"active","stateTransitionTime":"{1}",)"
                  R"("commandLine":"x","userIdentity":{{"autoUser":{{"scope":"pool",)"
                  R"("elevationLevel":"nonadmin"}}}},"constraints":{{"maxWallClockTime":)"
                  R"("P10675199DT2H48M5.4775807S","retentionTime":"P7D","maxTaskRetryCount":0}},)"
                  R"("requiredSlots":1,"executionInfo":{{"retryCount":0,"requeueCount":0}}}})",
                  task.Text("eTag"), task.Text("creationTime")));
}

TEST_CASE("a task runs for the time that it declares, on a node that shows it") {
  JobWorld world;
  const std::string etag = HeaderOf(world.Add("t", "/bin/sh -c 'sleep 60'"), "ETag");
  Json task = world.Get("/jobs/j/tasks/t");
  Json node = world.Node();
  CHECK(task.Text("state") == "running");
  CHECK(task.Text("previousState") == "active");
  const Json info = *task.Find("nodeInfo");
  CHECK(info.Text("nodeId") == node.Text("id"));
  CHECK(info.Text("affinityId") == "TVM:" + node.Text("id"));
  CHECK(info.Text("nodeUrl") == "http://batch.local/pools/p/nodes/" + node.Text("id"));
  CHECK(info.Text("taskRootDirectory") == "workitems/j/job-1/t");
  CHECK(node.Text("state") == "running");
  CHECK(node.Text("stateTransitionTime") == task.Text("stateTransitionTime"));
  CHECK(IntegerAt(node, "runningTasksCount") == 1);
  CHECK(IntegerAt(node, "totalTasksRun") == 0);
  world.Pass(milliseconds{59'999});
  CHECK(world.States() == "running");
  world.Pass(milliseconds{1});
  task = world.Get("/jobs/j/tasks/t");
  node = world.Node();
  CHECK(task.Text("state") == "completed");
  CHECK(task.Text("eTag") == etag);  // as recorded
  CHECK(task.Find("executionInfo")->Text("result") == "success");
  CHECK(IntegerAt(*task.Find("executionInfo"), "exitCode") == 0);
  CHECK(node.Text("state") == "idle");
  CHECK(node.Text("stateTransitionTime") == task.Text("stateTransitionTime"));
  CHECK(IntegerAt(node, "runningTasksCount") == 0);
  CHECK(IntegerAt(node, "totalTasksRun") == 1);
  CHECK(IntegerAt(node, "totalTasksSucceeded") == 1);
  const Json recent = node.Find("recentTasks")->AsList()->at(0);
  CHECK(recent.Text("taskUrl") == "http://batch.local/jobs/j/tasks/t");
  CHECK(recent.Text("taskState") == "completed");
}

TEST_CASE("a script is a setting, or what the command line says") {
  const auto script = [](const std::string& task) {
    const TaskScript read = ScriptOf(ParseJson(task).value(), seconds{7});
    return fmt::format("{} {}", FormatDuration(read.run_time), read.exit_code);
  };
  CHECK(script(R"({"commandLine":"echo"})") == "PT7S 0");
  CHECK(script(R"({"commandLine":"sleep 90"})") == "PT1M30S 0");
  CHECK(script(R"({"commandLine":"/bin/bash -c \"/bin/sleep 1.5m; exit 3\""})") == "PT1M30S 3");
  CHECK(script(R"({"commandLine":"oversleep 5 && preexit 4"})") == "PT7S 0");
  CHECK(script(R"({"commandLine":"sleep x; exit"})") == "PT7S 0");
  CHECK(script(R"({"commandLine":"sleep 0"})") == "PT0.1S 0");
  CHECK(script(R"({"commandLine":"sleep 5","environmentSettings":[)"
               R"({"name":"EMULATOR_RUN_TIME","value":"PT2M"},)"
               R"({"name":"EMULATOR_EXIT_CODE","value":"9"}]})") == "PT2M 9");
}

TEST_CASE("a failed task is tried again as often as it may be, then has failed") {
  JobWorld world;
  world.Add("t", "sleep 10; exit 2", R"(,"constraints":{"maxTaskRetryCount":2})");
  world.Pass(seconds{25});
  Json task = world.Get("/jobs/j/tasks/t");
  CHECK(task.Text("state") == "running");
  CHECK(IntegerAt(*task.Find("executionInfo"), "retryCount") == 2);
  world.Pass(seconds{5});
  task = world.Get("/jobs/j/tasks/t");
  CHECK(task.Text("state") == "completed");
  CHECK(IntegerAt(*task.Find("executionInfo"), "exitCode") == 2);
  CHECK(task.Find("executionInfo")->Text("result") == "failure");
  CHECK(task.At({"executionInfo", "failureInfo"})->Text("code") == "FailureExitCode");
  CHECK(task.At({"executionInfo", "failureInfo"})->Text("category") == "usererror");
  CHECK(IntegerAt(world.Node(), "totalTasksSucceeded") == 0);
  CHECK(world.Counts() == "completed=1 failed=1");
}

TEST_CASE("retries that a task does not tell are those of its job") {
  JobWorld world;
  world.Call("PATCH", "/jobs/j", R"({"constraints":{"maxTaskRetryCount":5}})");
  world.Add("t", "exit 1");
  CHECK(IntegerAt(*world.Get("/jobs/j/tasks/t").Find("constraints"), "maxTaskRetryCount") == 5);
}

TEST_CASE("tasks share the slots of nodes: spread over them, or packed") {
  for (const bool pack : {false, true}) {
    CAPTURE(pack);
    JobWorld world{2, fmt::format(R"(,"taskSlotsPerNode":4,"taskSchedulingPolicy":)"
                                  R"({{"nodeFillType":"{}"}})",
                                  pack ? "pack" : "spread")};
    world.Add("a");
    world.Add("b");
    CHECK((world.States() == "running running") == !pack);
    world.Add("c", "sleep 60", R"(,"requiredSlots":3)");
    world.Add("d", "sleep 60", R"(,"requiredSlots":3)");
    world.Add("e");
    CHECK(world.TaskIs("d") == (pack ? "active 0" : "running 0"));
    CHECK(world.TaskIs("e") == (pack ? "running 0" : "active 0"));
    CHECK(world.Counts("j", "taskSlotCounts") ==
          (pack ? "active=3 running=6" : "active=1 running=8"));
  }
}

TEST_CASE("tasks wait for room, by the priority of their jobs") {
  JobWorld world;
  world.Call("POST", "/jobs", JobWorld::Job("urgent", R"(,"priority":10)"));
  world.Add("a");
  world.Add("b");
  world.Add("c", "sleep 60", "", "urgent");
  CHECK(world.Counts() == "active=1 running=1");
  world.Pass(minutes{1});
  CHECK(world.TaskIs("a") == "completed 0");
  CHECK(world.TaskIs("b") == "active 0");
  CHECK(world.TaskIs("c", "urgent") == "running 0");
  world.Pass(minutes{2});
  CHECK(world.TaskIs("b") == "completed 0");
}

TEST_CASE("a job runs no more tasks at a time than it may") {
  JobWorld world{2};
  world.Call("PATCH", "/jobs/j", R"({"maxParallelTasks":1})");
  world.Add("a");
  world.Add("b");
  CHECK(world.Counts() == "active=1 running=1");
  world.Call("PATCH", "/jobs/j", R"({"maxParallelTasks":-1})");
  CHECK(world.Counts() == "running=2");
}

TEST_CASE("tasks start as soon as nodes are ready, and on pools that come later") {
  World world;
  world.Call("POST", "/jobs", JobWorld::Job("j"));
  world.Call("POST", "/jobs/j/tasks", R"({"id":"t","commandLine":"sleep 1"})");
  world.Pass(minutes{5});
  CHECK(world.Get("/jobs/j/tasks/t").Text("state") == "active");
  world.Call("POST", "/pools", LinuxPool("P", R"(,"targetDedicatedNodes":1)"));
  world.Pass(minutes{5});
  const Json task = world.Get("/jobs/j/tasks/t");
  CHECK(task.Text("state") == "completed");
  const Json nodes = world.Get("/pools/p/nodes");
  const Json node = (*nodes.Find("value")->AsList())[0];
  CHECK(IntegerAt(node, "totalTasksRun") == 1);
  CHECK(*ParseTime(task.Find("executionInfo")->Text("startTime")) -
            *ParseTime(node.Text("lastBootTime")) <
        milliseconds{1'200});
}

TEST_CASE("a task ends when it is terminated, and may be reactivated unless it succeeded") {
  JobWorld world;
  world.Add("t");
  const Response ended = world.Call("POST", "/jobs/j/tasks/t/terminate");
  CHECK(ended.status == 204);
  CHECK(HeaderOf(ended, "DataServiceId") == "http://batch.local/jobs/j/tasks/t/terminate");
  const Json failure = *world.Get("/jobs/j/tasks/t").At({"executionInfo", "failureInfo"});
  CHECK(failure.Text("code") == "TaskEnded");
  CHECK(failure.Text("category") == "usererror");
  CHECK(world.States() == "idle");
  CHECK(CodeOf(world.Call("POST", "/jobs/j/tasks/t/terminate")) == "TaskCompleted");
  CHECK(world.Call("POST", "/jobs/j/tasks/t/reactivate").status == 204);
  CHECK(world.TaskIs("t") == "running 0");
  CHECK(CodeOf(world.Call("POST", "/jobs/j/tasks/t/reactivate")) == "TaskNotCompleted");
  world.Pass(minutes{1});
  CHECK(CodeOf(world.Call("POST", "/jobs/j/tasks/t/reactivate")) == "TaskSucceeded");
}

TEST_CASE("a deleted task leaves its slot to the next") {
  JobWorld world;
  world.Add("a");
  world.Add("b");
  CHECK(world.Call("DELETE", "/jobs/j/tasks/a").status == 200);
  CHECK(CodeOf(world.Call("GET", "/jobs/j/tasks/a")) == "TaskNotFound");
  CHECK(world.TaskIs("b") == "running 0");
  CHECK(world.Counts() == "running=1");
}

TEST_CASE("PUT changes the constraints of a task and nothing else") {
  JobWorld world{1, "", DefaultSide()};
  world.Add("t", "sleep 10; exit 1");
  const std::string etag = world.Get("/jobs/j/tasks/t").Text("eTag");
  CHECK(world
            .Call("PUT", "/jobs/j/tasks/t", R"({"constraints":{"maxTaskRetryCount":1}})",
                  {{"If-Match", etag}})
            .status == 200);
  CHECK(world.Get("/jobs/j/tasks/t").Text("eTag") != etag);
  CHECK(CodeOf(world.Call("PUT", "/jobs/j/tasks/t", R"({"commandLine":"y"})")) ==
        "InvalidRequestBody");
  CHECK(world.Call("PUT", "/jobs/j/tasks/t", "{}", {{"If-Match", etag}}).status == 412);
  world.Pass(seconds{15});
  CHECK(world.TaskIs("t") == "running 0");
}

TEST_CASE("what a task must have") {
  JobWorld world;
  const auto refused = [&](const std::string& body, const std::string& job = "j") {
    const Response response = world.Call("POST", "/jobs/" + job + "/tasks", body);
    return CodeOf(response) + ' ' + DetailOf(response, "PropertyName");
  };
  CHECK(refused(R"({"id":"t"})") == "MissingRequiredProperty commandLine");
  CHECK(refused(R"({"id":"t/","commandLine":"x"})") == "InvalidPropertyValue id");
  CHECK(refused(R"({"id":"t","commandLine":"x","requiredSlots":257})") ==
        "InvalidPropertyValue requiredSlots");
  CHECK(refused(R"({"id":"t","commandLine":"x"})", "none") == "JobNotFound ");
  world.Add("t");
  CHECK(refused(R"({"id":"T","commandLine":"x"})") == "TaskExists ");
  CHECK(CodeOf(world.Call("GET", "/jobs/none/tasks")) == "JobNotFound");
  CHECK(world.Call("PATCH", "/jobs/j/tasks/t", "{}").status == 405);
  CHECK(world.Get("/jobs/j/tasks/t/subtasksinfo").Find("value")->AsList()->empty());
}

TEST_CASE("a collection of tasks is answered one by one") {
  JobWorld world;
  world.Add("b");
  const Response answer = world.Call(
      "POST", "/jobs/j/addtaskcollection",
      R"({"value":[{"id":"a","commandLine":"x"},{"id":"b","commandLine":"x"},{"id":"c"}]})");
  CHECK(answer.status == 200);
  const Json body = ParseJson(answer.body).value();
  CHECK(body.Text("odata.metadata") == "http://batch.local/$metadata#taskaddresult");
  const Json::List& results = *body.Find("value")->AsList();
  REQUIRE(results.size() == 3);
  CHECK(results[0].Text("status") == "Success");
  CHECK(results[0].Text("eTag") == world.Get("/jobs/j/tasks/a").Text("eTag"));
  CHECK(results[0].Text("location") == "http://batch.local/jobs/j/tasks/a");
  CHECK(results[1].Text("status") == "ClientError");
  CHECK(results[1].Find("error")->Text("code") == "TaskExists");
  CHECK(results[2].Find("error")->Text("code") == "MissingRequiredProperty");
  std::string many;
  for (int i = 0; i < 101; ++i) {
    many += fmt::format(R"({}{{"id":"n{}","commandLine":"x"}})", i == 0 ? "" : ",", i);
  }
  CHECK(world.Call("POST", "/jobs/j/addtaskcollection", R"({"value":[)" + many + "]}").status ==
        400);
  CHECK(world.Call("POST", "/jobs/j/addtaskcollection", "{}").status == 400);
}

TEST_CASE("tasks are listed, filtered and selected") {
  JobWorld world;
  for (const char* const id : {"c", "b", "a"}) world.Add(id, "sleep 10");
  world.Pass(seconds{10});
  CHECK(world.Call("GET", "/jobs/j/tasks?$select=id,state").body ==
        R"({"odata.metadata":"http://batch.local/$metadata#tasks","value":[)"
        R"({"id":"a","state":"active"},{"id":"b","state":"running"},)"
        R"({"id":"c","state":"completed"}]})");
  const auto count = [&](const std::string& filter) {
    return world.Get("/jobs/j/tasks?$filter=" + PercentEncode(filter))
        .Find("value")
        ->AsList()
        ->size();
  };
  CHECK(count("state eq 'active'") == 1);
  CHECK(count("executionInfo/exitCode eq 0") == 1);
  CHECK(count("executionInfo/startTime gt DateTime'2025-07-01T12:00:15Z'") == 2);
  const Json page = world.Get("/jobs/j/tasks?maxresults=2");
  CHECK(page.Find("value")->AsList()->size() == 2);
  CHECK_FALSE(page.Text("odata.nextLink").empty());
}

}  // namespace
}  // namespace emulator
