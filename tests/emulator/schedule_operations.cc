// Job schedules.
#include <fmt/format.h>

#include "tests/emulator/embedded_data.h"
#include "tests/emulator/job_json.h"
#include "tests/emulator/job_operations.h"
#include "tests/emulator/member_change.h"
#include "tests/emulator/member_json.h"
#include "tests/emulator/pool_rules.h"

namespace emulator {

namespace {

const Member& ScheduleMember() {
  static const Member kSchedule = ParseMembers(kScheduleMembersText);
  return kSchedule;
}

std::string Url(const Context& context, const Schedule& schedule) {
  return fmt::format("{}/jobschedules/{}", context.endpoint, schedule.id);
}

bool WriteExecution(std::string& out, const Context& context, const Schedule& schedule) {
  out += '{';
  if (schedule.next_run) {
    out += fmt::format(R"("nextRunTime":"{}")", FormatTime(*schedule.next_run));
  }
  if (!schedule.recent_job.empty()) {
    out += fmt::format(R"({}"recentJob":{{"url":"{}/jobs/{}","id":"{}"}})",
                       schedule.next_run ? "," : "", context.endpoint, schedule.recent_job,
                       schedule.recent_job);
  }
  out += '}';
  return true;
}

void AppendSchedule(std::string& out, const Context& context, const Schedule& schedule,
                    const Selection& names) {
  const JobStep& step = StepOf(schedule, context.now);
  const auto write = [&](std::string& text, std::string_view name) {
    if (const auto done = WriteVersion(text, name, schedule, schedule.created)) return *done;
    if (name == "url") return WriteText(text, Url(context, schedule));
    if (name == "state") return WriteText(text, JobStateText(step.state));
    if (name == "stateTransitionTime") return WriteTime(text, step.since);
    if (name == "executionInfo") return WriteExecution(text, context, schedule);
    if (name.rfind("previous", 0) != 0 || &step == schedule.steps.data()) return false;
    const JobStep& before = *(&step - 1);
    return name == "previousState" ? WriteText(text, JobStateText(before.state))
                                   : WriteTime(text, before.since);
  };
  AppendMembers(out, ScheduleMember(), schedule.settings, context.api_version, names, write);
}

struct FoundSchedule {
  Schedule* schedule = nullptr;
  std::optional<Reply> reply;
};

FoundSchedule Find(const Context& context, std::string_view id, bool read) {
  Schedule* const schedule = context.account.FindSchedule(id);
  if (schedule == nullptr) return {nullptr, Fail("JobScheduleNotFound")};
  if (auto unmet = UnmetCondition(context, *schedule, read)) return {nullptr, std::move(unmet)};
  return {schedule, std::nullopt};
}

std::optional<ApiError> HasEnded(const Schedule& schedule, Instant now) {
  switch (StepOf(schedule, now).state) {
    case JobState::kDeleting:
      return ApiError{"JobScheduleBeingDeleted", {}};
    case JobState::kTerminating:
      return ApiError{"JobScheduleBeingTerminated", {}};
    case JobState::kCompleted:
      return ApiError{"JobScheduleCompleted", {}};
    default:
      return std::nullopt;
  }
}

Reply Acted(const Context& context, int status, const Schedule& schedule, std::string_view action) {
  Reply reply;
  reply.status = status;
  reply.etag = schedule.etag;
  reply.last_modified = schedule.last_modified;
  reply.data_service_id = Url(context, schedule);
  if (!action.empty()) reply.data_service_id += fmt::format("/{}", action);
  return reply;
}

std::optional<ApiError> SpecificationProblem(const Json& settings) {
  const Json* const specification = settings.Find("jobSpecification");
  if (specification == nullptr) return std::nullopt;
  return PoolInfoProblem(*specification->Find("poolInfo"));
}

Reply Change(const Context& context, std::string_view id, bool replaces) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  MemberChange change = ReadMemberChange(context, ScheduleMember(), *body, replaces);
  if (change.problems.shape) return Fail(*change.problems.shape);
  FoundSchedule found = Find(context, id, false);
  if (found.reply) return std::move(*found.reply);
  if (change.problems.value) return Fail(*change.problems.value);
  if (auto problem = SpecificationProblem(change.settings)) return Fail(std::move(*problem));
  Schedule& schedule = *found.schedule;
  if (auto ended = HasEnded(schedule, context.now)) return Fail(std::move(*ended));
  schedule.settings = MergedMembers(ScheduleMember(), schedule.settings, change.settings, replaces);
  if (replaces || change.settings.Find("schedule") != nullptr) ReadTimes(schedule, context.now);
  context.account.Touch(schedule, context.now);
  return Acted(context, 200, schedule, "");
}

Reply Switch(const Context& context, std::string_view id, JobState state, std::string_view name) {
  FoundSchedule found = Find(context, id, false);
  if (found.reply) return std::move(*found.reply);
  if (auto ended = HasEnded(*found.schedule, context.now)) return Fail(std::move(*ended));
  context.account.SetStates(*found.schedule, {{state, context.now}}, context.now);
  return Acted(context, 204, *found.schedule, name);
}

}  // namespace

Reply CreateSchedule(const Context& context) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  BodyProblems problems;
  Schedule schedule;
  schedule.settings =
      NormaliseObject(*body, ScheduleMember(), context.Normalising(false), problems);
  if (problems.shape) return Fail(*problems.shape);
  schedule.id = schedule.settings.Text("id");
  if (context.account.FindSchedule(schedule.id) != nullptr) return Fail("JobScheduleExists");
  if (context.account.FindJob(schedule.id) != nullptr) return Fail("JobWithSameIdExists");
  if (!ValidPoolId(schedule.id)) {
    return Fail(InvalidValue("id", schedule.id,
                             "The id must have 1 to 64 letters, digits, hyphens or underscores"));
  }
  if (problems.value) return Fail(*problems.value);
  if (auto problem = SpecificationProblem(schedule.settings)) return Fail(std::move(*problem));
  if (!context.account.RoomForJob(context.now)) return Fail("ActiveJobAndScheduleQuotaReached");
  Reply reply =
      Acted(context, 201, context.account.AddSchedule(std::move(schedule), context.now), "");
  reply.location = reply.data_service_id;
  return reply;
}

Reply ListSchedules(const Context& context) {
  auto read =
      ReadListOptions(context, {{"id", "startswith eq ne ge gt le lt"}, {"state", "eq ne"}});
  if (auto* const error = std::get_if<ApiError>(&read)) return Fail(std::move(*error));
  auto selection = ReadSelect(context, NamesOf(ScheduleMember(), context.api_version));
  if (auto* const error = std::get_if<ApiError>(&selection)) return Fail(std::move(*error));
  const auto property = [&](const Schedule& schedule, std::string_view name) -> FilterValue {
    if (name == "id") return schedule.id;
    return std::string{JobStateText(StepOf(schedule, context.now).state)};
  };
  Reply reply;
  reply.body =
      PageOf(context, std::get<ListOptions>(read), "jobschedules", context.account.schedules(),
             property, [&](std::string& out, const Schedule& schedule) {
               AppendSchedule(out, context, schedule, std::get<Selection>(selection));
             });
  return reply;
}

Reply GetSchedule(const Context& context, std::string_view id) {
  auto selection = ReadSelect(context, NamesOf(ScheduleMember(), context.api_version));
  FoundSchedule found = Find(context, id, true);
  if (found.reply) return std::move(*found.reply);
  if (auto* const error = std::get_if<ApiError>(&selection)) return Fail(std::move(*error));
  Reply reply;
  reply.etag = found.schedule->etag;
  reply.last_modified = found.schedule->last_modified;
  if (context.request.method == "HEAD") return reply;
  std::string members;
  AppendSchedule(members, context, *found.schedule, std::get<Selection>(selection));
  reply.body = ElementOf(context, "jobschedules", members);
  return reply;
}

Reply ListJobsOfSchedule(const Context& context, std::string_view id) {
  if (context.account.FindSchedule(id) == nullptr) return Fail("JobScheduleNotFound");
  return ListJobs(context, id);
}

Reply ReplaceSchedule(const Context& context, std::string_view id) {
  return Change(context, id, true);
}

Reply PatchSchedule(const Context& context, std::string_view id) {
  return Change(context, id, false);
}

Reply DisableSchedule(const Context& context, std::string_view id) {
  return Switch(context, id, JobState::kDisabled, "disable");
}

Reply EnableSchedule(const Context& context, std::string_view id) {
  return Switch(context, id, JobState::kActive, "enable");
}

Reply TerminateSchedule(const Context& context, std::string_view id) {
  FoundSchedule found = Find(context, id, false);
  if (found.reply) return std::move(*found.reply);
  if (auto ended = HasEnded(*found.schedule, context.now)) return Fail(std::move(*ended));
  context.account.EndSchedule(*found.schedule, false, context.now);
  return Acted(context, 202, *found.schedule, "terminate");
}

Reply DeleteSchedule(const Context& context, std::string_view id) {
  FoundSchedule found = Find(context, id, false);
  if (found.reply) return std::move(*found.reply);
  if (StepOf(*found.schedule, context.now).state == JobState::kDeleting) {
    return Fail("JobScheduleBeingDeleted");
  }
  context.account.EndSchedule(*found.schedule, true, context.now);
  Reply reply;
  reply.status = 202;
  return reply;
}

}  // namespace emulator
