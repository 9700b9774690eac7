#include "tests/emulator/operation_table.h"

#include <array>
#include <optional>
#include <type_traits>

#include "tests/emulator/job_operations.h"
#include "tests/emulator/operations.h"

namespace emulator {

namespace {

/// Calls an operation with as many ids as it takes.
template <auto kAct>
Reply With(const Context& context, const PathIds& ids) {
  using Act = decltype(kAct);
  using Id = const std::string&;
  if constexpr (std::is_invocable_v<Act, const Context&>) {
    return kAct(context);
  } else if constexpr (std::is_invocable_v<Act, const Context&, Id>) {
    return kAct(context, ids[0]);
  } else if constexpr (std::is_invocable_v<Act, const Context&, Id, Id>) {
    return kAct(context, ids[0], ids[1]);
  } else {
    return kAct(context, ids[0], ids[1], ids[2]);
  }
}

Reply ListAllJobs(const Context& context) { return ListJobs(context, ""); }

// Source of the parameters: Batch REST, the URI parameters of each operation.
constexpr std::string_view kNone,
    kPage = "maxresults $skiptoken", kFiltered = "maxresults $skiptoken $filter",
    kSelected = "maxresults $skiptoken $select", kChosen = "maxresults $skiptoken $filter $select",
    kList = "maxresults $skiptoken $filter $select $expand", kSelect = "$select",
    kItem = "$select $expand", kForce = "force";
constexpr std::string_view kDeallocation = "2024-07-01.20.0";

constexpr std::array<OperationRow, 68> kRows{{
    {"listPools", "GET", "/pools", kList, With<ListPools>},
    {"createPool", "POST", "/pools", kNone, With<CreatePool>},
    {"getPool", "GET", "/pools/*", kItem, With<GetPool>},
    {"poolExists", "HEAD", "/pools/*", kNone, With<GetPool>},
    {"patchPool", "PATCH", "/pools/*", kNone, With<PatchPool>},
    {"deletePool", "DELETE", "/pools/*", kNone, With<DeletePool>},
    {"updateProperties", "POST", "/pools/*/updateproperties", kNone, With<UpdateProperties>},
    {"resizePool", "POST", "/pools/*/resize", kNone, With<ResizePool>},
    {"stopResize", "POST", "/pools/*/stopresize", kNone, With<StopResizePool>},
    {"removeNodes", "POST", "/pools/*/removenodes", kNone, With<RemoveNodes>},
    {"enableAutoScale", "POST", "/pools/*/enableautoscale", kNone, With<EnableAutoScale>},
    {"disableAutoScale", "POST", "/pools/*/disableautoscale", kNone, With<DisableAutoScale>},
    {"evaluateAutoScale", "POST", "/pools/*/evaluateautoscale", kNone, With<EvaluateAutoScale>},
    {"listNodes", "GET", "/pools/*/nodes", kChosen, With<ListNodes>},
    {"getNode", "GET", "/pools/*/nodes/*", kSelect, With<GetNode>},
    {"getRemoteLogin", "GET", "/pools/*/nodes/*/remoteloginsettings", kNone, With<GetRemoteLogin>},
    {"addNodeUser", "POST", "/pools/*/nodes/*/users", kNone, With<AddNodeUser>},
    {"replaceNodeUser", "PUT", "/pools/*/nodes/*/users/*", kNone, With<ReplaceNodeUser>},
    {"deleteNodeUser", "DELETE", "/pools/*/nodes/*/users/*", kNone, With<DeleteNodeUser>},
    {"rebootNode", "POST", "/pools/*/nodes/*/reboot", kNone, With<RebootNode>},
    {"reimageNode", "POST", "/pools/*/nodes/*/reimage", kNone, With<ReimageNode>},
    {"deallocateNode", "POST", "/pools/*/nodes/*/deallocate", kNone, With<DeallocateNode>,
     kDeallocation},
    {"startNode", "POST", "/pools/*/nodes/*/start", kNone, With<StartNode>, kDeallocation},
    {"disableScheduling", "POST", "/pools/*/nodes/*/disablescheduling", kNone,
     With<DisableScheduling>},
    {"enableScheduling", "POST", "/pools/*/nodes/*/enablescheduling", kNone,
     With<EnableScheduling>},
    {"uploadNodeLogs", "POST", "/pools/*/nodes/*/uploadbatchservicelogs", kNone,
     With<UploadNodeLogs>},
    {"listNodeExtensions", "GET", "/pools/*/nodes/*/extensions", kSelected,
     With<ListNodeExtensions>},
    {"getNodeExtension", "GET", "/pools/*/nodes/*/extensions/*", kSelect, With<GetNodeExtension>},
    {"listNodeCounts", "GET", "/nodecounts", kFiltered, With<ListNodeCounts>},
    {"listSupportedImages", "GET", "/supportedimages", kFiltered, With<ListSupportedImages>},
    {"listUsageMetrics", "GET", "/poolusagemetrics",
     "maxresults $skiptoken $filter starttime endtime", With<ListUsageMetrics>},
    {"listApplications", "GET", "/applications", kPage, With<ListApplications>},
    {"getApplication", "GET", "/applications/*", kNone, With<GetApplication>},
    {"listJobs", "GET", "/jobs", kList, With<ListAllJobs>},
    {"createJob", "POST", "/jobs", kNone, With<CreateJob>},
    {"getJob", "GET", "/jobs/*", kItem, With<GetJob>},
    {"replaceJob", "PUT", "/jobs/*", kNone, With<ReplaceJob>},
    {"patchJob", "PATCH", "/jobs/*", kNone, With<PatchJob>},
    {"deleteJob", "DELETE", "/jobs/*", kForce, With<DeleteJob>},
    {"disableJob", "POST", "/jobs/*/disable", kNone, With<DisableJob>},
    {"enableJob", "POST", "/jobs/*/enable", kNone, With<EnableJob>},
    {"terminateJob", "POST", "/jobs/*/terminate", kForce, With<TerminateJob>},
    {"getTaskCounts", "GET", "/jobs/*/taskcounts", kNone, With<GetTaskCounts>},
    {"listPreparationStatus", "GET", "/jobs/*/jobpreparationandreleasetaskstatus", kChosen,
     With<ListPreparationStatus>},
    {"addTasks", "POST", "/jobs/*/addtaskcollection", kNone, With<AddTaskCollection>},
    {"listTasks", "GET", "/jobs/*/tasks", kList, With<ListTasks>},
    {"createTask", "POST", "/jobs/*/tasks", kNone, With<CreateTask>},
    {"getTask", "GET", "/jobs/*/tasks/*", kItem, With<GetTask>},
    {"replaceTask", "PUT", "/jobs/*/tasks/*", kNone, With<ReplaceTask>},
    {"deleteTask", "DELETE", "/jobs/*/tasks/*", kNone, With<DeleteTask>},
    {"terminateTask", "POST", "/jobs/*/tasks/*/terminate", kNone, With<TerminateTask>},
    {"reactivateTask", "POST", "/jobs/*/tasks/*/reactivate", kNone, With<ReactivateTask>},
    {"listSubtasks", "GET", "/jobs/*/tasks/*/subtasksinfo", kSelect, With<ListSubtasks>},
    {"listJobSchedules", "GET", "/jobschedules", kList, With<ListSchedules>},
    {"createJobSchedule", "POST", "/jobschedules", kNone, With<CreateSchedule>},
    {"getJobSchedule", "GET", "/jobschedules/*", kItem, With<GetSchedule>},
    {"jobScheduleExists", "HEAD", "/jobschedules/*", kNone, With<GetSchedule>},
    {"patchJobSchedule", "PATCH", "/jobschedules/*", kNone, With<PatchSchedule>},
    {"replaceJobSchedule", "PUT", "/jobschedules/*", kNone, With<ReplaceSchedule>},
    {"deleteJobSchedule", "DELETE", "/jobschedules/*", kForce, With<DeleteSchedule>},
    {"disableJobSchedule", "POST", "/jobschedules/*/disable", kNone, With<DisableSchedule>},
    {"enableJobSchedule", "POST", "/jobschedules/*/enable", kNone, With<EnableSchedule>},
    {"terminateJobSchedule", "POST", "/jobschedules/*/terminate", kForce, With<TerminateSchedule>},
    {"listJobsOfSchedule", "GET", "/jobschedules/*/jobs", kList, With<ListJobsOfSchedule>},
    {"getToken", "POST", "/*/oauth2/v2.0/token", kNone, nullptr},
    {"getTokenV1", "POST", "/*/oauth2/token", kNone, nullptr},
    {"getIdentityToken", "GET", "/metadata/identity/oauth2/token", kNone, nullptr},
}};

using Parts = std::vector<std::string>;

Parts PartsOf(std::string_view path) {
  Parts parts;
  for (const std::string_view part : Split(path, '/')) parts.push_back(PercentDecode(part, false));
  return parts;
}

const std::vector<Parts>& Patterns() {
  static const std::vector<Parts> kPatterns = [] {
    std::vector<Parts> patterns;
    for (const OperationRow& row : kRows) patterns.push_back(PartsOf(row.path));
    return patterns;
  }();
  return kPatterns;
}

/// The parts that the pattern leaves open; nothing: it does not fit.
std::optional<PathIds> IdsIn(const Parts& pattern, const Parts& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  PathIds ids;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool open = pattern[i] == "*";
    if (open ? path[i].empty() : pattern[i] != path[i]) return std::nullopt;
    if (open) ids.push_back(path[i]);
  }
  return ids;
}

}  // namespace

std::span<const OperationRow> OperationRows() { return kRows; }

OperationMatch MatchOperation(std::string_view method, std::string_view path) {
  const Parts parts = PartsOf(path);
  OperationMatch match;
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    auto ids = IdsIn(Patterns()[i], parts);
    if (!ids) continue;
    match.other_method = match.other_method || kRows[i].act != nullptr;
    if (kRows[i].method != method) continue;
    match.row = &kRows[i];
    match.ids = *std::move(ids);
    break;
  }
  return match;
}

}  // namespace emulator
