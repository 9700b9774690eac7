#include "tests/emulator/task_creation.h"

#include <fmt/format.h>

#include "tests/emulator/member_json.h"
#include "tests/emulator/pool_rules.h"
#include "tests/emulator/task_json.h"
#include "tests/emulator/task_script.h"

namespace emulator {

namespace {

/// How long the data of a task is kept if the text is no duration that fits: longer than any test.
constexpr std::chrono::hours kLong{24 * 365 * 20};
constexpr std::size_t kCollectionMax = 100;

/// Retries that a task does not tell are those of its job.
void TakeFromJob(Json& settings, const Json& sent, const Job& job) {
  const Json* const own = sent.At({"constraints", "maxTaskRetryCount"});
  const Json* const retries = job.settings.At({"constraints", "maxTaskRetryCount"});
  if (own != nullptr || retries == nullptr) return;
  Json constraints = *settings.Find("constraints");
  constraints.Set("maxTaskRetryCount", *retries);
  settings.Set("constraints", std::move(constraints));
}

Reply Added(const Context& context, const Job& job, const Task& task) {
  Reply reply;
  reply.status = 201;
  reply.etag = task.etag;
  reply.last_modified = task.last_modified;
  reply.data_service_id = reply.location = TaskUrl(context, job, task);
  return reply;
}

/// One entry of the answer to a collection. Source: Batch REST, Add a collection of tasks.
void AppendResult(std::string& out, const Context& context, Job& job, const Json& sent) {
  auto task = ReadTask(context, sent, &job);
  const std::string id = sent.Text("id");
  if (const auto* const error = std::get_if<ApiError>(&task)) {
    out += fmt::format(R"({{"status":"ClientError","taskId":"{}","error":{{"code":"{}",)"
                       R"("message":{{"lang":"en-US","value":"{}"}}}}}})",
                       id, error->code, SentenceOf(error->code));
    return;
  }
  const Task& added = context.account.AddTask(job, std::get<Task>(std::move(task)), context.now);
  out += fmt::format(R"({{"status":"Success","taskId":"{}","eTag":"{}","lastModified":"{}",)"
                     R"("location":"{}"}})",
                     id, added.etag, FormatTime(added.last_modified), TaskUrl(context, job, added));
}

}  // namespace

std::variant<Task, ApiError> ReadTask(const Context& context, const Json& body, const Job* job) {
  BodyProblems problems;
  Task task;
  task.settings = NormaliseObject(body, TaskMember(), context.Normalising(false), problems);
  if (problems.shape) return *problems.shape;
  if (job == nullptr) return ApiError{"JobNotFound", {}};
  task.id = task.settings.Text("id");
  if (!ValidPoolId(task.id)) {
    return InvalidValue("id", task.id,
                        "The id must have 1 to 64 letters, digits, hyphens or underscores");
  }
  if (problems.value) return *problems.value;
  if (auto ended = JobHasEnded(*job, context.now)) return *ended;
  if (job->tasks.contains(Lower(task.id))) return ApiError{"TaskExists", {}};
  TakeFromJob(task.settings, body, *job);
  const Json& constraints = *task.settings.Find("constraints");
  task.retries_max = *constraints.Find("maxTaskRetryCount")->AsInteger();
  task.retention = ParseDuration(constraints.Text("retentionTime")).value_or(kLong);
  task.slots = *task.settings.Find("requiredSlots")->AsInteger();
  const TaskScript script = ScriptOf(task.settings, context.config.timings.task);
  task.run_time = script.run_time;
  task.exit_code = script.exit_code;
  return task;
}

Reply CreateTask(const Context& context, std::string_view job_id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  Job* const job = context.account.FindJob(job_id);
  auto task = ReadTask(context, *body, job);
  if (auto* const error = std::get_if<ApiError>(&task)) return Fail(std::move(*error));
  return Added(context, *job,
               context.account.AddTask(*job, std::get<Task>(std::move(task)), context.now));
}

Reply AddTaskCollection(const Context& context, std::string_view job_id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  const Json* const value = body->Find("value");
  const Json::List* const sent = value == nullptr ? nullptr : value->AsList();
  if (sent == nullptr) return Fail(MissingProperty("value"));
  for (const Json& task : *sent) {
    if (task.AsObject() == nullptr) return Fail(InvalidBody("A task is not a JSON object"));
  }
  Job* const job = context.account.FindJob(job_id);
  if (job == nullptr) return Fail("JobNotFound");
  if (sent->size() > kCollectionMax) {
    return Fail(InvalidValue("value", std::to_string(sent->size()),
                             fmt::format("At most {} tasks can be added", kCollectionMax)));
  }
  if (auto ended = JobHasEnded(*job, context.now)) return Fail(std::move(*ended));
  Reply reply;
  reply.data_service_id = fmt::format("{}/jobs/{}/addtaskcollection", context.endpoint, job->id);
  reply.body =
      fmt::format(R"({{"odata.metadata":"{}/$metadata#taskaddresult","value":[)", context.endpoint);
  for (const Json& task : *sent) {
    if (&task != sent->data()) reply.body += ',';
    AppendResult(reply.body, context, *job, task);
  }
  reply.body += "]}";
  return reply;
}

}  // namespace emulator
