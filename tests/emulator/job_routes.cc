// Which operation a path below /jobs and /jobschedules means.
#include <map>

#include "tests/emulator/job_operations.h"

namespace emulator {

namespace {

using JobOperation = Reply (*)(const Context&, std::string_view);
using TaskOperation = Reply (*)(const Context&, std::string_view, std::string_view);
/// By method and the last part of the path.
template <class Operation>
using Table = std::map<std::pair<std::string_view, std::string_view>, Operation>;

const Table<JobOperation>& OnJobs() {
  static const Table<JobOperation> kTable{
      {{"GET", ""}, GetJob},
      {{"PUT", ""}, ReplaceJob},
      {{"PATCH", ""}, PatchJob},
      {{"DELETE", ""}, DeleteJob},
      {{"POST", "disable"}, DisableJob},
      {{"POST", "enable"}, EnableJob},
      {{"POST", "terminate"}, TerminateJob},
      {{"GET", "taskcounts"}, GetTaskCounts},
      {{"GET", "jobpreparationandreleasetaskstatus"}, ListPreparationStatus},
      {{"POST", "addtaskcollection"}, AddTaskCollection},
      {{"GET", "tasks"}, ListTasks},
      {{"POST", "tasks"}, CreateTask}};
  return kTable;
}

const Table<JobOperation>& OnSchedules() {
  static const Table<JobOperation> kTable{
      {{"GET", ""}, GetSchedule},           {{"HEAD", ""}, GetSchedule},
      {{"PUT", ""}, ReplaceSchedule},       {{"PATCH", ""}, PatchSchedule},
      {{"DELETE", ""}, DeleteSchedule},     {{"POST", "disable"}, DisableSchedule},
      {{"POST", "enable"}, EnableSchedule}, {{"POST", "terminate"}, TerminateSchedule},
      {{"GET", "jobs"}, ListJobsOfSchedule}};
  return kTable;
}

const Table<TaskOperation>& OnTasks() {
  static const Table<TaskOperation> kTable{{{"GET", ""}, GetTask},
                                           {{"PUT", ""}, ReplaceTask},
                                           {{"DELETE", ""}, DeleteTask},
                                           {{"POST", "terminate"}, TerminateTask},
                                           {{"POST", "reactivate"}, ReactivateTask},
                                           {{"GET", "subtasksinfo"}, ListSubtasks}};
  return kTable;
}

/// 404 where nothing has that name, 405 where another method would do.
template <class Operation>
Reply NoSuch(const Table<Operation>& table, std::string_view name) {
  for (const auto& [key, operation] : table) {
    if (key.second == name) return Fail("UnsupportedHttpVerb");
  }
  return Fail("ResourceNotFound");
}

}  // namespace

Reply RouteSchedules(const Context& context, const std::vector<std::string>& parts) {
  const std::string& method = context.request.method;
  if (parts.size() == 1) {
    if (method == "GET") return ListSchedules(context);
    return method == "POST" ? CreateSchedule(context) : Fail("UnsupportedHttpVerb");
  }
  if (parts[1].empty() || parts.size() > 3) return Fail("ResourceNotFound");
  const std::string_view name = parts.size() == 3 ? std::string_view{parts[2]} : "";
  const auto operation = OnSchedules().find({method, name});
  return operation == OnSchedules().end() ? NoSuch(OnSchedules(), name)
                                          : operation->second(context, parts[1]);
}

Reply RouteJobs(const Context& context, const std::vector<std::string>& parts) {
  const std::string& method = context.request.method;
  if (parts.size() == 1) {
    if (method == "GET") return ListJobs(context, "");
    return method == "POST" ? CreateJob(context) : Fail("UnsupportedHttpVerb");
  }
  if (parts[1].empty()) return Fail("ResourceNotFound");
  if (parts.size() <= 3) {
    const std::string_view name = parts.size() == 3 ? std::string_view{parts[2]} : "";
    const auto operation = OnJobs().find({method, name});
    return operation == OnJobs().end() ? NoSuch(OnJobs(), name)
                                       : operation->second(context, parts[1]);
  }
  if (parts[2] != "tasks" || parts.size() > 5) return Fail("ResourceNotFound");
  const std::string_view name = parts.size() == 5 ? std::string_view{parts[4]} : "";
  const auto operation = OnTasks().find({method, name});
  return operation == OnTasks().end() ? NoSuch(OnTasks(), name)
                                      : operation->second(context, parts[1], parts[3]);
}

}  // namespace emulator
