#include "tests/emulator/task_json.h"

#include <fmt/format.h>

#include "tests/emulator/embedded_data.h"
#include "tests/emulator/member_json.h"

namespace emulator {

namespace {

/// As recorded: the directory of a task lies below a folder that is always called job-1.
bool WriteNodeInfo(std::string& out, const Context& context, const Job& job, const Task& task) {
  if (task.node_id.empty()) return false;
  const std::string url =
      fmt::format("{}/pools/{}/nodes/{}", context.endpoint, task.pool_id, task.node_id);
  const std::string folder = fmt::format("workitems/{}/job-1/{}", job.id, task.id);
  out += fmt::format(R"({{"affinityId":"TVM:{}","nodeUrl":"{}","poolId":"{}","nodeId":"{}",)"
                     R"("taskRootDirectory":"{}","taskRootDirectoryUrl":"{}/files/{}"}})",
                     task.node_id, url, task.pool_id, task.node_id, folder, url, folder);
  return true;
}

bool WriteStateBefore(std::string& out, std::string_view name, const Task& task) {
  if (!task.state_before) return false;
  const auto& [state, since] = *task.state_before;
  return name == "previousState" ? WriteText(out, TaskStateText(state)) : WriteTime(out, since);
}

}  // namespace

const Member& TaskMember() {
  static const Member kTask = ParseMembers(kTaskMembersText);
  return kTask;
}

std::string TaskUrl(const Context& context, const Job& job, const Task& task) {
  return fmt::format("{}/jobs/{}/tasks/{}", context.endpoint, job.id, task.id);
}

void AppendTask(std::string& out, const Context& context, const Job& job, const Task& task,
                const Selection& names) {
  const auto write = [&](std::string& text, std::string_view name) {
    if (const auto done = WriteVersion(text, name, task, task.created)) return *done;
    if (name == "url") return WriteText(text, TaskUrl(context, job, task));
    if (name == "state") return WriteText(text, TaskStateText(task.state));
    if (name == "stateTransitionTime") return WriteTime(text, task.state_since);
    if (name.rfind("previous", 0) == 0) return WriteStateBefore(text, name, task);
    if (name == "nodeInfo") return WriteNodeInfo(text, context, job, task);
    if (name != "executionInfo") return false;
    AppendExecution(text, task.execution);
    return true;
  };
  AppendMembers(out, TaskMember(), task.settings, context.api_version, names, write);
}

void AppendExecution(std::string& out, const Execution& execution) {
  out += '{';
  const auto time = [&](std::string_view name, const std::optional<Instant>& value) {
    if (value) out += fmt::format(R"("{}":"{}",)", name, FormatTime(*value));
  };
  time("startTime", execution.started);
  time("endTime", execution.ended);
  if (execution.exit_code) out += fmt::format(R"("exitCode":{},)", *execution.exit_code);
  if (const auto& failure = execution.failure) {
    out += fmt::format(R"("failureInfo":{{"category":"{}","code":"{}","message":"{}"}},)",
                       failure->category, failure->code, failure->message);
  }
  if (execution.ended) {
    out += fmt::format(R"("result":"{}",)", execution.failure ? "failure" : "success");
  }
  out += fmt::format(R"("retryCount":{},)", execution.retries);
  time("lastRetryTime", execution.retried);
  out += fmt::format(R"("requeueCount":{},)", execution.requeues);
  time("lastRequeueTime", execution.requeued);
  out.back() = '}';
}

}  // namespace emulator
