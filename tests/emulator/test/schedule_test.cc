// Job schedules and the jobs they make.
#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

struct Scheduled : World {
  Response Create(
      const std::string& times = R"("startWindow":"PT01H00M00S","recurrenceInterval":"P1D")",
      const std::string& more = R"("onAllTasksComplete":"terminatejob",)") {
    return Call("POST", "/jobschedules",
                R"({"id":"s","schedule":{)" + times + R"(},"jobSpecification":{)" + more +
                    R"("poolInfo":{"poolId":"p"}}})");
  }
  std::string State() { return Get("/jobschedules/s").Text("state"); }
  /// Ids of the jobs that the schedule made: `s:job-1 s:job-2`.
  std::string Jobs() {
    std::string out;
    const Json list = Get("/jobschedules/s/jobs");
    for (const Json& job : *list.Find("value")->AsList()) {
      out += (out.empty() ? "" : " ") + job.Text("id");
    }
    return out;
  }
};

TEST_CASE("a schedule that waits for the end of time does not run again") {
  Scheduled world;
  world.Create();
  const std::string times =
      R"({"schedule":{"doNotRunUntil":"9999-12-31T00:00:00Z","recurrenceInterval":"P36500D"}})";
  CHECK(world.Call("PATCH", "/jobschedules/s", times).status == 200);
  const Json schedule = world.Get("/jobschedules/s");
  CHECK(schedule.At({"executionInfo", "recentJob"}) != nullptr);
  CHECK(schedule.At({"executionInfo", "nextRunTime"}) == nullptr);
}

TEST_CASE("a schedule is shown as recorded, and so is its first job") {
  Scheduled world;
  const Response created = world.Create();
  CHECK(created.status == 201);
  CHECK(HeaderOf(created, "Location") == "http://batch.local/jobschedules/s");
  CHECK(HeaderOf(created, "DataServiceId") == "http://batch.local/jobschedules/s");
  const Response got = world.Call("GET", "/jobschedules/s");
  const Json schedule = ParseJson(got.body).value();
  const std::string specification =
      R"("jobSpecification":{"priority":0,"maxParallelTasks":-1,"allowTaskPreemption":false,)"
      R"("usesTaskDependencies":false,"onAllTasksComplete":"terminatejob","onTaskFailure":"noaction",)"
      R"("constraints":{"maxWallClockTime":"P10675199DT2H48M5.4775807S","maxTaskRetryCount":0},)"
      R"("poolInfo":{"poolId":"p"}})";
  CHECK(got.body ==
        fmt::format(
            R"({{"odata.metadata":"http://batch.local/$metadata#jobschedules/@Element","id":"s",)"
            R"("url":"http://batch.local/jobschedules/s","eTag":"{0}","lastModified":"{1}",)"
            R"("creationTime":"{1}","state":"active","stateTransitionTime":"{1}",)"
            R"("schedule":{{"startWindow":"PT1H","recurrenceInterval":"P1D"}},{2},)"
            R"("executionInfo":{{"nextRunTime":"2025-07-02T12:00:00.1234567Z","recentJob":)"
            R"({{"url":"http://batch.local/jobs/s:job-1","id":"s:job-1"}}}}}})",
            schedule.Text("eTag"), schedule.Text("creationTime"), specification));
  const Json job = world.Get("/jobs/s:job-1");
  CHECK(job.Text("state") == "active");
  CHECK(job.Text("onAllTasksComplete") == "terminatejob");
  CHECK(job.Find("executionInfo")->Text("poolId") == "p");
  CHECK(world.Jobs() == "s:job-1");
  CHECK(world.Call("HEAD", "/jobschedules/s").status == 200);
  CHECK(world.Call("GET", "/jobschedules?$select=id").body ==
        R"({"odata.metadata":"http://batch.local/$metadata#jobschedules","value":[{"id":"s"}]})");
}

TEST_CASE("a schedule makes its next job when its time has come and the last is completed") {
  Scheduled world;
  world.Create();
  world.Pass(hours{23});
  CHECK(world.Jobs() == "s:job-1");
  world.Pass(hours{1});
  CHECK(world.Jobs() == "s:job-1 s:job-2");
  world.Call("POST", "/jobs/s:job-2/tasks", R"({"id":"t","commandLine":"x"})");
  world.Pass(hours{72});
  CHECK(world.Jobs() == "s:job-1 s:job-2");  // its task waits for a pool
  CHECK(world.Get("/jobschedules/s").Find("executionInfo")->Text("nextRunTime") ==
        "2025-07-06T12:00:00.1234567Z");
  world.Call("DELETE", "/jobs/s:job-2/tasks/t");
  world.Pass(hours{24 * 365});
  CHECK(world.Jobs() ==
        "s:job-1 s:job-2 s:job-3 s:job-4");  // not one a day: a leap leaves jobs out
}

TEST_CASE("a schedule without recurrence makes one job, and none before its time") {
  Scheduled world;
  world.Create(R"("doNotRunUntil":"2025-07-01T13:00:00Z")");
  CHECK(world.Jobs().empty());
  world.Pass(hours{1});
  CHECK(world.Jobs() == "s:job-1");
  world.Pass(hours{100});
  CHECK(world.Jobs() == "s:job-1");
}

TEST_CASE("the next event is the next job of a schedule, or the end of what is deleted") {
  Scheduled world;
  CHECK_FALSE(world.service.NextEvent());
  world.Create(R"("recurrenceInterval":"PT1H")");
  CHECK(world.service.NextEvent() == world.now + hours{1});
  world.Call("DELETE", "/jobschedules/s");
  CHECK(world.service.NextEvent() == world.now + seconds{1});
  world.Pass(seconds{1});
  CHECK(world.Call("GET", "/jobs/s:job-1").status == 404);
  CHECK_FALSE(world.service.NextEvent());
}

TEST_CASE("a disabled schedule makes no jobs") {
  Scheduled world;
  world.Create();
  const Response disabled = world.Call("POST", "/jobschedules/s/disable");
  CHECK(disabled.status == 204);
  CHECK(HeaderOf(disabled, "DataServiceId") == "http://batch.local/jobschedules/s/disable");
  CHECK_FALSE(HeaderOf(disabled, "ETag").empty());
  CHECK(world.State() == "disabled");
  CHECK(world.Get("/jobschedules/s").Text("previousState") == "active");
  world.Pass(hours{25});
  CHECK(world.Jobs() == "s:job-1");
  CHECK(world.Call("POST", "/jobschedules/s/enable").status == 204);
  world.Pass(hours{24});
  CHECK(world.Jobs() == "s:job-1 s:job-2");
}

TEST_CASE("PUT and PATCH of a schedule") {
  Scheduled world;
  world.Create();
  const std::string etag = world.Get("/jobschedules/s").Text("eTag");
  CHECK(
      world.Call("PATCH", "/jobschedules/s", R"({"schedule":{"recurrenceInterval":"PT05H00M00S"}})")
          .status == 200);
  const Json patched = world.Get("/jobschedules/s");
  CHECK(patched.Text("eTag") != etag);
  CHECK(JsonText(*patched.Find("schedule")) == R"({"recurrenceInterval":"PT5H"})");
  CHECK(patched.Find("executionInfo")->Text("nextRunTime").substr(0, 13) == "2025-07-01T17");
  CHECK(DetailOf(world.Call("PUT", "/jobschedules/s", R"({"schedule":{}})"), "PropertyName") ==
        "jobSpecification");
  CHECK(world
            .Call("PUT", "/jobschedules/s", R"({"jobSpecification":{"poolInfo":{"poolId":"q"}}})",
                  {{"If-Match", etag}})
            .status == 412);
  CHECK(world.Call("PUT", "/jobschedules/s", R"({"jobSpecification":{"poolInfo":{"poolId":"q"}}})")
            .status == 200);
  CHECK(world.Get("/jobschedules/s").Find("schedule") == nullptr);
  CHECK(DetailOf(world.Call("PATCH", "/jobschedules/s",
                            R"({"jobSpecification":{"poolInfo":{"autoPoolSpecification":{}}}})"),
                 "PropertyName") == "autoPoolSpecification");
  CHECK(DetailOf(
            world.Call("PATCH", "/jobschedules/s", R"({"schedule":{"recurrenceInterval":"PT1S"}})"),
            "PropertyName") == "recurrenceInterval");
}

TEST_CASE("a schedule that ends takes its jobs along") {
  Scheduled world;
  world.Create("", "");
  CHECK(world.Call("POST", "/jobschedules/s/terminate").status == 202);
  CHECK(world.State() == "terminating");
  CHECK(CodeOf(world.Call("POST", "/jobschedules/s/disable")) == "JobScheduleBeingTerminated");
  world.Pass(seconds{1});
  CHECK(world.State() == "completed");
  const Json job = world.Get("/jobs/s:job-1");
  CHECK(job.Text("state") == "completed");
  CHECK(job.Find("executionInfo")->Text("terminateReason") == "TerminateJobSchedule");
  CHECK(CodeOf(world.Call("POST", "/jobschedules/s/enable")) == "JobScheduleCompleted");
  CHECK(world.Call("DELETE", "/jobschedules/s").status == 202);
  CHECK(world.State() == "deleting");
  CHECK(CodeOf(world.Call("DELETE", "/jobschedules/s")) == "JobScheduleBeingDeleted");
  world.Pass(seconds{1});
  CHECK(CodeOf(world.Call("GET", "/jobschedules/s")) == "JobScheduleNotFound");
  CHECK(CodeOf(world.Call("GET", "/jobschedules/s/jobs")) == "JobScheduleNotFound");
  CHECK(world.Call("GET", "/jobs/s:job-1").status == 404);
}

TEST_CASE("ids of schedules and jobs differ, and the quota counts both") {
  ServiceConfig config = DefaultSide();
  config.accounts[0].active_job_quota = 3;
  World world{config};
  const std::string specification = R"("jobSpecification":{"poolInfo":{"poolId":"p"}}})";
  world.Call("POST", "/jobs", R"({"id":"j","poolInfo":{"poolId":"p"}})");
  CHECK(CodeOf(world.Call("POST", "/jobschedules", R"({"id":"J",)" + specification)) ==
        "JobWithSameIdExists");
  CHECK(world.Call("POST", "/jobschedules", R"({"id":"s",)" + specification).status == 201);
  CHECK(CodeOf(world.Call("POST", "/jobschedules", R"({"id":"S",)" + specification)) ==
        "JobScheduleExists");
  CHECK(CodeOf(world.Call("POST", "/jobs", R"({"id":"s","poolInfo":{"poolId":"p"}})")) ==
        "JobScheduleWithSameIdExists");
  CHECK(CodeOf(world.Call("POST", "/jobschedules", R"({"id":"t",)" + specification)) ==
        "ActiveJobAndScheduleQuotaReached");
  CHECK(DetailOf(world.Call("POST", "/jobschedules", R"({"id":"t"})"), "PropertyName") ==
        "jobSpecification");
  CHECK(world.Call("PUT", "/jobschedules").status == 405);
  CHECK(world.Call("POST", "/jobschedules/s/restart").status == 404);
}

}  // namespace
}  // namespace emulator
