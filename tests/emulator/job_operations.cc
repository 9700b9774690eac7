// Create, get, list, replace and patch jobs.
#include "tests/emulator/job_operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/emulator/job_json.h"
#include "tests/emulator/member_change.h"
#include "tests/emulator/member_json.h"
#include "tests/emulator/pool_rules.h"

namespace emulator {

namespace {

/// Another pool may be named only while the job is disabled. Source: Batch REST, Job - Update,
/// poolInfo; code inferred.
std::optional<ApiError> PoolForbids(const Context& context, const Job& job, const Json& settings) {
  const Json* const pool_info = settings.Find("poolInfo");
  if (pool_info == nullptr) return std::nullopt;
  if (EqualsIgnoringCase(pool_info->Text("poolId"), job.pool_id)) return std::nullopt;
  if (StepOf(job, context.now).state == JobState::kDisabled) return std::nullopt;
  return ApiError{context.config.switches.wrong_state_code,
                  {{"Reason", "The pool of a job can be changed only while the job is disabled"}}};
}

Reply ChangeJob(const Context& context, std::string_view id, bool replaces) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  MemberChange change = ReadMemberChange(context, JobMember(), *body, replaces);
  if (change.problems.shape) return Fail(*change.problems.shape);
  FoundJob found = FindJob(context, id);
  if (found.reply) return std::move(*found.reply);
  Job& job = *found.job;
  if (change.problems.value) return Fail(*change.problems.value);
  const Json* const pool_info = change.settings.Find("poolInfo");
  if (pool_info != nullptr) {
    if (auto problem = PoolInfoProblem(*pool_info)) return Fail(std::move(*problem));
  }
  if (auto ended = JobHasEnded(job, context.now)) return Fail(std::move(*ended));
  if (auto forbidden = PoolForbids(context, job, change.settings)) return Fail(*forbidden);
  if (pool_info != nullptr) context.account.PointAt(job, pool_info->Text("poolId"), context.now);
  job.settings = MergedMembers(JobMember(), job.settings, change.settings, replaces);
  context.account.JobChanged(job, context.now);
  return JobActed(context, 200, job, "");
}

}  // namespace

std::optional<ApiError> PoolInfoProblem(const Json& pool_info) {
  if (pool_info.Find("autoPoolSpecification") != nullptr) {
    return InvalidValue("autoPoolSpecification", "", "This emulator makes no pools for jobs");
  }
  if (pool_info.Text("poolId").empty()) return MissingProperty("poolId");
  return std::nullopt;
}

std::optional<ApiError> JobHasEnded(const Job& job, Instant now) {
  switch (StepOf(job, now).state) {
    case JobState::kDeleting:
      return ApiError{"JobBeingDeleted", {}};
    case JobState::kTerminating:
      return ApiError{"JobBeingTerminated", {}};
    case JobState::kCompleted:
      return ApiError{"JobCompleted", {}};
    default:
      return std::nullopt;
  }
}

FoundJob FindJob(const Context& context, std::string_view id, bool read) {
  Job* const job = context.account.FindJob(id);
  if (job == nullptr) return {nullptr, Fail("JobNotFound")};
  if (auto unmet = UnmetCondition(context, *job, read)) return {nullptr, std::move(unmet)};
  return {job, std::nullopt};
}

Reply JobActed(const Context& context, int status, const Job& job, std::string_view action) {
  Reply reply;
  reply.status = status;
  reply.etag = job.etag;
  reply.last_modified = job.last_modified;
  reply.data_service_id = JobUrl(context, job);
  if (!action.empty()) reply.data_service_id += fmt::format("/{}", action);
  return reply;
}

Reply CreateJob(const Context& context) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  BodyProblems problems;
  Job job;
  job.settings = NormaliseObject(*body, JobMember(), context.Normalising(false), problems);
  if (problems.shape) return Fail(*problems.shape);
  job.id = job.settings.Text("id");
  if (const Job* const existing = context.account.FindJob(job.id)) {
    const bool deleting = StepOf(*existing, context.now).state == JobState::kDeleting;
    return Fail(deleting ? "JobBeingDeleted" : "JobExists");
  }
  if (context.account.FindSchedule(job.id) != nullptr) return Fail("JobScheduleWithSameIdExists");
  if (!ValidPoolId(job.id)) {
    return Fail(InvalidValue("id", job.id,
                             "The id must have 1 to 64 letters, digits, hyphens or underscores"));
  }
  if (problems.value) return Fail(*problems.value);
  if (auto problem = PoolInfoProblem(*job.settings.Find("poolInfo"))) return Fail(*problem);
  if (!context.account.RoomForJob(context.now)) return Fail("ActiveJobAndScheduleQuotaReached");
  job.pool_id = job.settings.Find("poolInfo")->Text("poolId");
  Reply reply = JobActed(context, 201, context.account.AddJob(std::move(job), context.now), "");
  // As recorded: both name job-1, whatever the job is called.
  reply.data_service_id = reply.location = fmt::format("{}/jobs/job-1", context.endpoint);
  return reply;
}

Reply GetJob(const Context& context, std::string_view id) {
  auto selection = ReadSelect(context, NamesOf(JobMember(), context.api_version));
  if (context.account.FindJob(id) == nullptr) return Fail("JobNotFound");
  if (auto* const error = std::get_if<ApiError>(&selection)) return Fail(std::move(*error));
  FoundJob found = FindJob(context, id, true);
  if (found.reply) return std::move(*found.reply);
  Reply reply;
  reply.etag = found.job->etag;
  reply.last_modified = found.job->last_modified;
  std::string members;
  AppendJob(members, context, *found.job, std::get<Selection>(selection));
  reply.body = ElementOf(context, "jobs", members);
  return reply;
}

Reply ListJobs(const Context& context, std::string_view schedule_id) {
  auto read = ReadListOptions(context, JobFilterable());
  if (auto* const error = std::get_if<ApiError>(&read)) return Fail(std::move(*error));
  auto selection = ReadSelect(context, NamesOf(JobMember(), context.api_version));
  if (auto* const error = std::get_if<ApiError>(&selection)) return Fail(std::move(*error));
  std::map<std::string, const Job&> jobs;
  for (const auto& [key, job] : context.account.jobs()) {
    if (schedule_id.empty() || EqualsIgnoringCase(job.schedule_id, schedule_id)) {
      jobs.emplace(key, job);
    }
  }
  Reply reply;
  reply.body = PageOf(
      context, std::get<ListOptions>(read), "jobs", jobs,
      [&](const Job& job, std::string_view name) { return JobProperty(job, name, context.now); },
      [&](std::string& out, const Job& job) {
        AppendJob(out, context, job, std::get<Selection>(selection));
      });
  return reply;
}

Reply ReplaceJob(const Context& context, std::string_view id) {
  return ChangeJob(context, id, true);
}

Reply PatchJob(const Context& context, std::string_view id) {
  return ChangeJob(context, id, false);
}

}  // namespace emulator
