// The operations on jobs and tasks, one function each. Source: Batch REST, Jobs and Tasks.
#pragma once

#include <string_view>

#include "tests/emulator/request_context.h"

namespace emulator {

/// A job whose conditions are met, or what to answer.
struct FoundJob {
  Job* job = nullptr;
  std::optional<Reply> reply;
};
FoundJob FindJob(const Context& context, std::string_view id, bool read = false);

/// What is wrong with where a job is to run.
std::optional<ApiError> PoolInfoProblem(const Json& pool_info);

/// What forbids changes of a job that is ending or has ended.
std::optional<ApiError> JobHasEnded(const Job& job, Instant now);

/// An accepted action on a job: etag, and the URL of the operation as DataServiceId.
Reply JobActed(const Context& context, int status, const Job& job, std::string_view action);

Reply CreateJob(const Context& context);
Reply GetJob(const Context& context, std::string_view id);
/// Of one schedule; an empty id: all.
Reply ListJobs(const Context& context, std::string_view schedule_id);
Reply ReplaceJob(const Context& context, std::string_view id);
Reply PatchJob(const Context& context, std::string_view id);
Reply DeleteJob(const Context& context, std::string_view id);
Reply DisableJob(const Context& context, std::string_view id);
Reply EnableJob(const Context& context, std::string_view id);
Reply TerminateJob(const Context& context, std::string_view id);
Reply GetTaskCounts(const Context& context, std::string_view id);
Reply ListPreparationStatus(const Context& context, std::string_view id);

Reply CreateTask(const Context& context, std::string_view job_id);
Reply AddTaskCollection(const Context& context, std::string_view job_id);
Reply ListTasks(const Context& context, std::string_view job_id);
Reply GetTask(const Context& context, std::string_view job_id, std::string_view id);
Reply ReplaceTask(const Context& context, std::string_view job_id, std::string_view id);
Reply DeleteTask(const Context& context, std::string_view job_id, std::string_view id);
Reply TerminateTask(const Context& context, std::string_view job_id, std::string_view id);
Reply ReactivateTask(const Context& context, std::string_view job_id, std::string_view id);
Reply ListSubtasks(const Context& context, std::string_view job_id, std::string_view id);

Reply CreateSchedule(const Context& context);
Reply ListSchedules(const Context& context);
/// GET and HEAD.
Reply GetSchedule(const Context& context, std::string_view id);
Reply ListJobsOfSchedule(const Context& context, std::string_view id);
Reply ReplaceSchedule(const Context& context, std::string_view id);
Reply PatchSchedule(const Context& context, std::string_view id);
Reply DisableSchedule(const Context& context, std::string_view id);
Reply EnableSchedule(const Context& context, std::string_view id);
Reply TerminateSchedule(const Context& context, std::string_view id);
Reply DeleteSchedule(const Context& context, std::string_view id);

}  // namespace emulator
