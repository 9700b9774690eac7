// Get, list, replace, delete, terminate and reactivate tasks.
#include <fmt/format.h>

#include "tests/emulator/job_operations.h"
#include "tests/emulator/member_json.h"
#include "tests/emulator/task_json.h"

namespace emulator {

namespace {

const std::vector<FilterProperty>& Filterable() {
  using enum FilterType;
  constexpr std::string_view kOrdered = "eq ne ge gt le lt";
  static const std::vector<FilterProperty> kProperties{
      {"id", "startswith eq ne ge gt le lt"},
      {"state", "eq ne"},
      {"previousState", "eq ne"},
      {"stateTransitionTime", kOrdered, kTime},
      {"creationTime", kOrdered, kTime},
      {"lastModified", kOrdered, kTime},
      {"executionInfo/exitCode", kOrdered, kNumber},
      {"executionInfo/retryCount", kOrdered, kNumber},
      {"executionInfo/result", "eq ne"},
      {"executionInfo/startTime", kOrdered, kTime},
      {"executionInfo/endTime", kOrdered, kTime}};
  return kProperties;
}

template <class T>
FilterValue Known(const std::optional<T>& value) {
  return value ? FilterValue{*value} : FilterValue{};
}

FilterValue Property(const Task& task, std::string_view name) {
  const Execution& execution = task.execution;
  if (name == "id") return task.id;
  if (name == "state") return std::string{TaskStateText(task.state)};
  if (name == "stateTransitionTime") return task.state_since;
  if (name == "creationTime") return task.created;
  if (name == "lastModified") return task.last_modified;
  if (name == "executionInfo/exitCode") return Known(execution.exit_code);
  if (name == "executionInfo/retryCount") return execution.retries;
  if (name == "executionInfo/startTime") return Known(execution.started);
  if (name == "executionInfo/endTime") return Known(execution.ended);
  if (name == "executionInfo/result" && execution.ended) {
    return std::string{execution.failure ? "failure" : "success"};
  }
  if (name == "previousState" && task.state_before) {
    return std::string{TaskStateText(task.state_before->first)};
  }
  return std::monostate{};
}

struct FoundTask {
  Job* job = nullptr;
  Task* task = nullptr;
  std::optional<Reply> reply;
};

FoundTask Find(const Context& context, std::string_view job_id, std::string_view id, bool read) {
  Job* const job = context.account.FindJob(job_id);
  if (job == nullptr) return {nullptr, nullptr, Fail("JobNotFound")};
  const auto task = job->tasks.find(Lower(id));
  if (task == job->tasks.end()) return {job, nullptr, Fail("TaskNotFound")};
  if (auto unmet = UnmetCondition(context, task->second, read)) {
    return {job, nullptr, std::move(unmet)};
  }
  return {job, &task->second, std::nullopt};
}

Reply Acted(const Context& context, int status, const FoundTask& found, std::string_view action) {
  Reply reply;
  reply.status = status;
  reply.etag = found.task->etag;
  reply.last_modified = found.task->last_modified;
  reply.data_service_id = TaskUrl(context, *found.job, *found.task);
  if (!action.empty()) reply.data_service_id += fmt::format("/{}", action);
  return reply;
}

}  // namespace

Reply ListTasks(const Context& context, std::string_view job_id) {
  const Job* const job = context.account.FindJob(job_id);
  if (job == nullptr) return Fail("JobNotFound");
  auto read = ReadListOptions(context, Filterable());
  if (auto* const error = std::get_if<ApiError>(&read)) return Fail(std::move(*error));
  auto selection = ReadSelect(context, NamesOf(TaskMember(), context.api_version));
  if (auto* const error = std::get_if<ApiError>(&selection)) return Fail(std::move(*error));
  Reply reply;
  reply.body = PageOf(context, std::get<ListOptions>(read), "tasks", job->tasks, Property,
                      [&](std::string& out, const Task& task) {
                        AppendTask(out, context, *job, task, std::get<Selection>(selection));
                      });
  return reply;
}

Reply GetTask(const Context& context, std::string_view job_id, std::string_view id) {
  auto selection = ReadSelect(context, NamesOf(TaskMember(), context.api_version));
  FoundTask found = Find(context, job_id, id, true);
  if (found.reply) return std::move(*found.reply);
  if (auto* const error = std::get_if<ApiError>(&selection)) return Fail(std::move(*error));
  Reply reply;
  reply.etag = found.task->etag;
  reply.last_modified = found.task->last_modified;
  std::string members;
  AppendTask(members, context, *found.job, *found.task, std::get<Selection>(selection));
  reply.body = ElementOf(context, "tasks", members);
  return reply;
}

Reply ReplaceTask(const Context& context, std::string_view job_id, std::string_view id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  const Member& row = *TaskMember().Child("constraints");
  BodyProblems problems;
  for (const JsonMember& sent : *body->AsObject()) {
    if (sent.value.IsNull() || sent.name == row.name) continue;
    Accepts(nullptr, sent.name, context.Normalising(false), problems);
  }
  const Json* const sent = body->Find(row.name);
  const auto constraints = NormaliseValue(sent == nullptr ? *row.fill : *sent, row,
                                          context.Normalising(false), problems);
  if (problems.shape) return Fail(*problems.shape);
  FoundTask found = Find(context, job_id, id, false);
  if (found.reply) return std::move(*found.reply);
  if (problems.value) return Fail(*problems.value);
  if (found.task->state == TaskState::kCompleted) return Fail("TaskCompleted");
  found.task->settings.Set(row.name, *constraints);
  found.task->retries_max = *constraints->Find("maxTaskRetryCount")->AsInteger();
  context.account.Touch(*found.task, context.now);
  return Acted(context, 200, found, "");
}

Reply DeleteTask(const Context& context, std::string_view job_id, std::string_view id) {
  FoundTask found = Find(context, job_id, id, false);
  if (found.reply) return std::move(*found.reply);
  context.account.DeleteTask(*found.job, Lower(id), context.now);
  return Reply{};
}

Reply TerminateTask(const Context& context, std::string_view job_id, std::string_view id) {
  FoundTask found = Find(context, job_id, id, false);
  if (found.reply) return std::move(*found.reply);
  if (found.task->state == TaskState::kCompleted) return Fail("TaskCompleted");
  context.account.Touch(*found.task, context.now);
  context.account.TerminateTask(*found.job, *found.task, context.now);
  return Acted(context, 204, found, "terminate");
}

Reply ReactivateTask(const Context& context, std::string_view job_id, std::string_view id) {
  FoundTask found = Find(context, job_id, id, false);
  if (found.reply) return std::move(*found.reply);
  if (found.task->state != TaskState::kCompleted) return Fail("TaskNotCompleted");
  if (found.task->execution.Succeeded()) return Fail("TaskSucceeded");
  if (auto ended = JobHasEnded(*found.job, context.now)) return Fail(std::move(*ended));
  context.account.Touch(*found.task, context.now);
  context.account.ReactivateTask(*found.job, *found.task, context.now);
  return Acted(context, 204, found, "reactivate");
}

Reply ListSubtasks(const Context& context, std::string_view job_id, std::string_view id) {
  FoundTask found = Find(context, job_id, id, true);
  if (found.reply) return std::move(*found.reply);
  Reply reply;
  reply.body = fmt::format(R"({{"odata.metadata":"{}/$metadata#subtaskslist","value":[]}})",
                           context.endpoint);
  return reply;
}

}  // namespace emulator
