// Disable, enable, terminate and delete jobs; counts of their tasks.
#include <fmt/format.h>

#include "tests/emulator/job_json.h"
#include "tests/emulator/job_operations.h"

namespace emulator {

namespace {

/// A body of one member, and its problems.
struct OneMember {
  std::string value;
  BodyProblems problems;
};

std::optional<OneMember> ReadOne(const Context& context, const Member& rows) {
  const auto body = BodyObject(context);
  if (!body) return std::nullopt;
  OneMember out;
  out.value = NormaliseObject(*body, rows, context.Normalising(false), out.problems)
                  .Text(rows.children.front().name);
  return out;
}

}  // namespace

Reply DisableJob(const Context& context, std::string_view id) {
  static const Member kRows = ParseMembers(
      "disableTasks | enum | | required | requeue;terminate;wait | | S: disable job\n");
  const auto read = ReadOne(context, kRows);
  if (!read) return Fail(NotAnObject(context));
  if (read->problems.shape) return Fail(*read->problems.shape);
  FoundJob found = FindJob(context, id);
  if (found.reply) return std::move(*found.reply);
  if (read->problems.value) return Fail(*read->problems.value);
  if (auto ended = JobHasEnded(*found.job, context.now)) return Fail(std::move(*ended));
  if (StepOf(*found.job, context.now).state == JobState::kEnabling) return Fail("JobNotActive");
  context.account.DisableJob(*found.job, FateOf(read->value), context.now);
  return JobActed(context, 202, *found.job, "disable");
}

Reply EnableJob(const Context& context, std::string_view id) {
  FoundJob found = FindJob(context, id);
  if (found.reply) return std::move(*found.reply);
  if (auto ended = JobHasEnded(*found.job, context.now)) return Fail(std::move(*ended));
  if (StepOf(*found.job, context.now).state == JobState::kActive) {
    return Fail(ApiError{context.config.switches.wrong_state_code,
                         {{"Reason", "The job is not disabled"}}});
  }
  context.account.EnableJob(*found.job, context.now);
  return JobActed(context, 202, *found.job, "enable");
}

Reply TerminateJob(const Context& context, std::string_view id) {
  static const Member kRows = ParseMembers("terminateReason | string | | | | | S: terminate job\n");
  const auto read = ReadOne(context, kRows);
  if (!read) return Fail(NotAnObject(context));
  if (read->problems.shape) return Fail(*read->problems.shape);
  FoundJob found = FindJob(context, id);
  if (found.reply) return std::move(*found.reply);
  if (auto ended = JobHasEnded(*found.job, context.now)) return Fail(std::move(*ended));
  context.account.TerminateJob(*found.job, read->value.empty() ? "UserTerminate" : read->value,
                               context.now);
  return JobActed(context, 202, *found.job, "terminate");
}

Reply DeleteJob(const Context& context, std::string_view id) {
  FoundJob found = FindJob(context, id);
  if (found.reply) return std::move(*found.reply);
  if (StepOf(*found.job, context.now).state == JobState::kDeleting) return Fail("JobBeingDeleted");
  context.account.DeleteJob(*found.job, context.now);
  Reply reply;
  reply.status = 202;
  return reply;
}

Reply GetTaskCounts(const Context& context, std::string_view id) {
  const Job* const job = context.account.FindJob(id);
  if (job == nullptr) return Fail("JobNotFound");
  const auto text = [](const TaskCounts& counts) {
    return fmt::format(R"({{"active":{},"running":{},"completed":{},"succeeded":{},"failed":{}}})",
                       counts.active, counts.running, counts.Completed(), counts.succeeded,
                       counts.failed);
  };
  Reply reply;
  reply.body = fmt::format(
      R"({{"odata.metadata":"{}/$metadata#taskcountsresult/@Element","taskCounts":{},"taskSlotCounts":{}}})",
      context.endpoint, text(job->counts), text(job->slot_counts));
  return reply;
}

Reply ListPreparationStatus(const Context& context, std::string_view id) {
  const Job* const job = context.account.FindJob(id);
  if (job == nullptr) return Fail("JobNotFound");
  if (job->settings.Find("jobPreparationTask") == nullptr) {
    return Fail("JobPreparationTaskNotSpecified");
  }
  Reply reply;
  reply.body =
      fmt::format(R"({{"odata.metadata":"{}/$metadata#jobpreparationandreleasetaskstatuslist",)"
                  R"("value":[]}})",
                  context.endpoint);
  return reply;
}

}  // namespace emulator
