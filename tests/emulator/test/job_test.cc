// Jobs: what is sent, shown and refused, and the states they go through.
#include <doctest/doctest.h>

#include "tests/emulator/test/job_world.h"

namespace emulator {
namespace {

using std::chrono::seconds;

TEST_CASE("a job is shown as recorded") {
  World world;
  const Response created = world.Call("POST", "/jobs", JobWorld::Job("Job-A"));
  CHECK(created.status == 201);
  CHECK(HeaderOf(created, "Location") == "http://batch.local/jobs/job-1");
  CHECK(HeaderOf(created, "DataServiceId") == "http://batch.local/jobs/job-1");
  const Response got = world.Call("GET", "/jobs/JOB-a");
  CHECK(HeaderOf(got, "ETag") == HeaderOf(created, "ETag"));
  const Json job = ParseJson(got.body).value();
  const std::string etag = job.Text("eTag"), time = job.Text("creationTime");
  CHECK(got.body ==
        fmt::format(
            R"({{"odata.metadata":"http://batch.local/$metadata#jobs/@Element","id":"Job-A",)"
            R"("url":"http://batch.local/jobs/Job-A","eTag":"{0}","lastModified":"{1}",)"
            R"("creationTime":"{1}","state":"active","stateTransitionTime":"{1}","priority":0,)"
            R"("maxParallelTasks":-1,"usesTaskDependencies":false,"allowTaskPreemption":false,)"
            R"("constraints":{{"maxWallClockTime":"P10675199DT2H48M5.4775807S",)"
            R"("maxTaskRetryCount":0}},"poolInfo":{{"poolId":"p"}},)"
            R"("executionInfo":{{"startTime":"{1}","poolId":"p"}},)"
            R"("onAllTasksComplete":"noaction","onTaskFailure":"noaction"}})",
            etag, time));
}

TEST_CASE("job preparation and release tasks are filled as recorded") {
  World world;
  world.Call("POST", "/jobs",
             JobWorld::Job("a", R"(,"jobPreparationTask":{"commandLine":"x"},)"
                                R"("jobReleaseTask":{"commandLine":"y"})"));
  const Json job = world.Get("/jobs/a");
  CHECK(JsonText(*job.Find("jobPreparationTask")) ==
        R"({"id":"jobpreparation","commandLine":"x","constraints":{"maxWallClockTime":)"
        R"("P10675199DT2H48M5.4775807S","retentionTime":"P7D","maxTaskRetryCount":0},)"
        R"("userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},)"
        R"("waitForSuccess":true,"rerunOnNodeRebootAfterSuccess":true})");
  CHECK(JsonText(*job.Find("jobReleaseTask")) ==
        R"({"id":"jobrelease","commandLine":"y","maxWallClockTime":"PT15M","retentionTime":"P7D",)"
        R"("userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}}})");
  CHECK(world.Call("GET", "/jobs/a/jobpreparationandreleasetaskstatus").status == 200);
}

TEST_CASE("what a job must have, and what it must not") {
  World world{DefaultSide()};
  const auto refused = [&](const std::string& body) {
    const Response response = world.Call("POST", "/jobs", body);
    return CodeOf(response) + ' ' + DetailOf(response, "PropertyName");
  };
  CHECK(refused(R"({"id":"a"})") == "MissingRequiredProperty poolInfo");
  CHECK(refused(R"({"poolInfo":{"poolId":"p"}})") == "MissingRequiredProperty id");
  CHECK(refused(R"({"id":"a","poolInfo":{}})") == "MissingRequiredProperty poolId");
  CHECK(refused(R"({"id":"a","poolInfo":{"autoPoolSpecification":{}}})") ==
        "InvalidPropertyValue autoPoolSpecification");
  CHECK(refused(JobWorld::Job("a b")) == "InvalidPropertyValue id");
  CHECK(refused(JobWorld::Job("a", R"(,"priority":1001)")) == "InvalidPropertyValue priority");
  CHECK(refused(JobWorld::Job("a", R"(,"colour":1)")) == "InvalidRequestBody ");
  CHECK(world.Call("POST", "/jobs", JobWorld::Job("a")).status == 201);
  CHECK(refused(JobWorld::Job("A")) == "JobExists ");
  CHECK(CodeOf(world.Call("GET", "/jobs/b")) == "JobNotFound");
  CHECK(world.Call("GET", "/jobs/a/colour").status == 404);
  CHECK(world.Call("PUT", "/jobs").status == 405);
  CHECK(world.Call("GET", "/jobs/a/disable").status == 405);
}

TEST_CASE("the quota counts jobs that are not completed") {
  ServiceConfig config = TestConfig();
  config.accounts[0].active_job_quota = 1;
  World world{config};
  world.Call("POST", "/jobs", JobWorld::Job("a"));
  CHECK(CodeOf(world.Call("POST", "/jobs", JobWorld::Job("b"))) ==
        "ActiveJobAndScheduleQuotaReached");
  world.Call("POST", "/jobs/a/terminate");
  world.Pass(seconds{1});
  CHECK(world.Call("POST", "/jobs", JobWorld::Job("b")).status == 201);
}

TEST_CASE("PATCH changes what it names, PUT resets the rest") {
  World world{DefaultSide()};
  world.Call("POST", "/jobs",
             JobWorld::Job("a", R"(,"displayName":"A","metadata":[{"name":"n","value":"v"}])"));
  const std::string etag = world.Get("/jobs/a").Text("eTag");
  const Response patched = world.Call("PATCH", "/jobs/a", R"({"priority":900})");
  CHECK(patched.status == 200);
  CHECK(patched.body.empty());
  CHECK(HeaderOf(patched, "DataServiceId") == "http://batch.local/jobs/a");
  CHECK(HeaderOf(patched, "ETag") != etag);
  CHECK(IntegerAt(world.Get("/jobs/a"), "priority") == 900);
  CHECK(world.Get("/jobs/a").Find("metadata") != nullptr);
  CHECK(DetailOf(world.Call("PUT", "/jobs/a", R"({"priority":5})"), "PropertyName") == "poolInfo");
  CHECK(world
            .Call("PUT", "/jobs/a",
                  R"({"poolInfo":{"poolId":"P"},"constraints":{"maxTaskRetryCount":3}})")
            .status == 200);
  const Json job = world.Get("/jobs/a");
  CHECK(IntegerAt(job, "priority") == 0);
  CHECK(IntegerAt(*job.Find("constraints"), "maxTaskRetryCount") == 3);
  CHECK(job.Find("metadata") == nullptr);
  CHECK(job.Text("displayName") == "A");
  CHECK(CodeOf(world.Call("PATCH", "/jobs/a", R"({"id":"b"})")) == "InvalidRequestBody");
}

TEST_CASE("what a GET gave, annotation and all, is good for a PUT") {
  World world;
  world.Call("POST", "/jobs", JobWorld::Job("a"));
  CHECK(world
            .Call("PUT", "/jobs/a",
                  R"({"odata.metadata":"http://batch.local/$metadata#jobs/@Element","priority":7,)"
                  R"("maxParallelTasks":-1,"allowTaskPreemption":false,"constraints":{)"
                  R"("maxWallClockTime":"P10675199DT2H48M5.4775807S","maxTaskRetryCount":0},)"
                  R"("poolInfo":{"poolId":"p"},"onAllTasksComplete":"noaction"})")
            .status == 200);
  CHECK(IntegerAt(world.Get("/jobs/a"), "priority") == 7);
}

TEST_CASE("conditional headers on jobs") {
  World world;
  world.Call("POST", "/jobs", JobWorld::Job("a"));
  const std::string etag = world.Get("/jobs/a").Text("eTag");
  CHECK(world.Call("GET", "/jobs/a", "", {{"If-None-Match", etag}}).status == 304);
  CHECK(world.Call("PATCH", "/jobs/a", R"({"priority":1})", {{"If-Match", "0x1"}}).status == 412);
  CHECK(world.Call("POST", "/jobs/a/disable", R"({"disableTasks":"wait"})", {{"If-Match", "0x1"}})
            .status == 412);
  CHECK(world.Call("DELETE", "/jobs/a", "", {{"If-Match", "0x1"}}).status == 412);
  CHECK(world.Call("DELETE", "/jobs/a", "", {{"If-Match", etag}}).status == 202);
}

TEST_CASE("a job goes through disabling, disabled, enabling and active") {
  World world;
  world.Call("POST", "/jobs", JobWorld::Job("a"));
  const auto state = [&] { return world.Get("/jobs/a").Text("state"); };
  CHECK(DetailOf(world.Call("POST", "/jobs/a/disable"), "PropertyName") == "disableTasks");
  CHECK(CodeOf(world.Call("POST", "/jobs/a/enable")) == SwitchesOfRun().wrong_state_code);
  const Response disabled = world.Call("POST", "/jobs/a/disable", R"({"disableTasks":"Requeue"})");
  CHECK(disabled.status == 202);
  CHECK(HeaderOf(disabled, "DataServiceId") == "http://batch.local/jobs/a/disable");
  CHECK(state() == "disabling");
  world.Pass(seconds{1});
  CHECK(state() == "disabled");
  CHECK(world.Get("/jobs/a").Text("previousState") == "disabling");
  CHECK(world.Call("POST", "/jobs/a/enable").status == 202);
  CHECK(state() == "enabling");
  world.Pass(seconds{1});
  CHECK(state() == "active");
}

TEST_CASE("a terminated job is completed and takes no changes") {
  World world;
  world.Call("POST", "/jobs", JobWorld::Job("a"));
  CHECK(world.Call("POST", "/jobs/a/terminate", R"({"terminateReason":"enough"})").status == 202);
  CHECK(world.Get("/jobs/a").Text("state") == "terminating");
  CHECK(CodeOf(world.Call("PATCH", "/jobs/a", R"({"priority":1})")) == "JobBeingTerminated");
  world.Pass(seconds{1});
  const Json job = world.Get("/jobs/a");
  CHECK(job.Text("state") == "completed");
  CHECK(job.Find("executionInfo")->Text("terminateReason") == "enough");
  CHECK_FALSE(job.Find("executionInfo")->Text("endTime").empty());
  CHECK(CodeOf(world.Call("POST", "/jobs/a/terminate")) == "JobCompleted");
  CHECK(CodeOf(world.Call("POST", "/jobs/a/tasks", R"({"id":"t","commandLine":"x"})")) ==
        "JobCompleted");
}

TEST_CASE("a deleted job is there for a moment, then another may have its id") {
  World world;
  world.Call("POST", "/jobs", JobWorld::Job("a"));
  const Response deleted = world.Call("DELETE", "/jobs/a");
  CHECK(deleted.status == 202);
  CHECK(HeaderOf(deleted, "ETag").empty());
  CHECK(HeaderOf(deleted, "DataServiceId").empty());
  CHECK(world.Get("/jobs/a").Text("state") == "deleting");
  CHECK(CodeOf(world.Call("DELETE", "/jobs/a")) == "JobBeingDeleted");
  CHECK(CodeOf(world.Call("POST", "/jobs", JobWorld::Job("a"))) == "JobBeingDeleted");
  world.Pass(seconds{1});
  CHECK(world.Call("GET", "/jobs/a").status == 404);
  CHECK(world.Call("POST", "/jobs", JobWorld::Job("a")).status == 201);
}

TEST_CASE("jobs are listed by id, in pages, filtered and selected") {
  World world;
  for (const char* const id : {"c", "B", "a"}) world.Call("POST", "/jobs", JobWorld::Job(id));
  world.Call("POST", "/jobs/B/disable", R"({"disableTasks":"wait"})");
  world.Pass(seconds{1});
  CHECK(world.Call("GET", "/jobs?$select=id").body ==
        R"({"odata.metadata":"http://batch.local/$metadata#jobs","value":[)"
        R"({"id":"a"},{"id":"B"},{"id":"c"}]})");
  const auto ids = [&](const std::string& filter) {
    std::string out;
    const Json list = world.Get("/jobs?$filter=" + PercentEncode(filter));
    for (const Json& job : *list.Find("value")->AsList()) out += job.Text("id");
    return out;
  };
  CHECK(ids("state eq 'disabled'") == "B");
  CHECK(ids("executionInfo/poolId eq 'p' and id ne 'a'") == "Bc");
  CHECK(ids("priority gt 0").empty());
  CHECK(world.Call("GET", "/jobs?$filter=colour%20eq%201").status == 400);
  const Json page = world.Get("/jobs?maxresults=2&$select=id");
  const Response rest = world.service.Handle({"GET", page.Text("odata.nextLink"), {}, ""});
  CHECK(rest.body.find(R"("value":[{"id":"c"}])") != std::string::npos);
}

TEST_CASE("a job that is to end with its tasks does so, and not before") {
  JobWorld world;
  world.Call("POST", "/jobs", JobWorld::Job("k", R"(,"onAllTasksComplete":"terminatejob")"));
  CHECK(world.JobIs("k") == "active");  // as recorded: not at once
  world.Add("t", "sleep 30", "", "k");
  world.Pass(seconds{20});
  CHECK(world.JobIs("k") == "active");
  world.Pass(seconds{20});
  CHECK(world.JobIs("k") == "completed");
  CHECK(world.Get("/jobs/k").Find("executionInfo")->Text("terminateReason") == "AllTasksComplete");
  world.Add("t", "sleep 1");
  world.Pass(seconds{5});
  CHECK(world.JobIs() == "active");
  world.Call("PATCH", "/jobs/j", R"({"onAllTasksComplete":"terminatejob"})");
  world.Pass(seconds{2});
  CHECK(world.JobIs() == "completed");
}

}  // namespace
}  // namespace emulator
