#include "tests/emulator/operation_name.h"

#include <algorithm>
#include <array>

#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

struct Row {
  std::string_view name, method;
  /// Parts of the path; "*" is an id.
  std::string_view path;
};
constexpr std::array<Row, 60> kRows{{
    {"listPools", "GET", "/pools"},
    {"createPool", "POST", "/pools"},
    {"getPool", "GET", "/pools/*"},
    {"poolExists", "HEAD", "/pools/*"},
    {"patchPool", "PATCH", "/pools/*"},
    {"deletePool", "DELETE", "/pools/*"},
    {"updateProperties", "POST", "/pools/*/updateproperties"},
    {"resizePool", "POST", "/pools/*/resize"},
    {"stopResize", "POST", "/pools/*/stopresize"},
    {"removeNodes", "POST", "/pools/*/removenodes"},
    {"enableAutoScale", "POST", "/pools/*/enableautoscale"},
    {"disableAutoScale", "POST", "/pools/*/disableautoscale"},
    {"evaluateAutoScale", "POST", "/pools/*/evaluateautoscale"},
    {"listNodes", "GET", "/pools/*/nodes"},
    {"getNode", "GET", "/pools/*/nodes/*"},
    {"getRemoteLogin", "GET", "/pools/*/nodes/*/remoteloginsettings"},
    {"addNodeUser", "POST", "/pools/*/nodes/*/users"},
    {"replaceNodeUser", "PUT", "/pools/*/nodes/*/users/*"},
    {"deleteNodeUser", "DELETE", "/pools/*/nodes/*/users/*"},
    {"rebootNode", "POST", "/pools/*/nodes/*/reboot"},
    {"reimageNode", "POST", "/pools/*/nodes/*/reimage"},
    {"deallocateNode", "POST", "/pools/*/nodes/*/deallocate"},
    {"startNode", "POST", "/pools/*/nodes/*/start"},
    {"disableScheduling", "POST", "/pools/*/nodes/*/disablescheduling"},
    {"enableScheduling", "POST", "/pools/*/nodes/*/enablescheduling"},
    {"uploadNodeLogs", "POST", "/pools/*/nodes/*/uploadbatchservicelogs"},
    {"listNodeExtensions", "GET", "/pools/*/nodes/*/extensions"},
    {"getNodeExtension", "GET", "/pools/*/nodes/*/extensions/*"},
    {"listNodeCounts", "GET", "/nodecounts"},
    {"listSupportedImages", "GET", "/supportedimages"},
    {"listUsageMetrics", "GET", "/poolusagemetrics"},
    {"listApplications", "GET", "/applications"},
    {"getApplication", "GET", "/applications/*"},
    {"listJobs", "GET", "/jobs"},
    {"createJob", "POST", "/jobs"},
    {"getJob", "GET", "/jobs/*"},
    {"replaceJob", "PUT", "/jobs/*"},
    {"patchJob", "PATCH", "/jobs/*"},
    {"deleteJob", "DELETE", "/jobs/*"},
    {"disableJob", "POST", "/jobs/*/disable"},
    {"enableJob", "POST", "/jobs/*/enable"},
    {"terminateJob", "POST", "/jobs/*/terminate"},
    {"getTaskCounts", "GET", "/jobs/*/taskcounts"},
    {"addTasks", "POST", "/jobs/*/addtaskcollection"},
    {"listTasks", "GET", "/jobs/*/tasks"},
    {"createTask", "POST", "/jobs/*/tasks"},
    {"getTask", "GET", "/jobs/*/tasks/*"},
    {"replaceTask", "PUT", "/jobs/*/tasks/*"},
    {"deleteTask", "DELETE", "/jobs/*/tasks/*"},
    {"terminateTask", "POST", "/jobs/*/tasks/*/terminate"},
    {"reactivateTask", "POST", "/jobs/*/tasks/*/reactivate"},
    {"listJobSchedules", "GET", "/jobschedules"},
    {"createJobSchedule", "POST", "/jobschedules"},
    {"getJobSchedule", "GET", "/jobschedules/*"},
    {"patchJobSchedule", "PATCH", "/jobschedules/*"},
    {"replaceJobSchedule", "PUT", "/jobschedules/*"},
    {"deleteJobSchedule", "DELETE", "/jobschedules/*"},
    {"getToken", "POST", "/*/oauth2/v2.0/token"},
    {"getTokenV1", "POST", "/*/oauth2/token"},
    {"getIdentityToken", "GET", "/metadata/identity/oauth2/token"},
}};

bool Matches(const std::vector<std::string_view>& pattern,
             const std::vector<std::string_view>& path) {
  return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(),
                    [](std::string_view wanted, std::string_view part) {
                      return wanted == "*" ? !part.empty() : wanted == part;
                    });
}

}  // namespace

Operation OperationOf(std::string_view method, std::string_view target) {
  const std::string path = ParseTarget(target).path;
  const auto parts = Split(path, '/');
  Operation operation;
  operation.write = method != "GET" && method != "HEAD";
  if (parts.size() > 2 && parts[1] == "pools") operation.pool = PercentDecode(parts[2], false);
  if (parts.size() > 4 && parts[1] == "pools" && parts[3] == "nodes") {
    operation.node = PercentDecode(parts[4], false);
  }
  for (const Row& row : kRows) {
    if (row.method != method || !Matches(Split(row.path, '/'), parts)) continue;
    operation.name = row.name;
    operation.token = row.path.ends_with("/token");
    if (row.name == "evaluateAutoScale" || operation.token) operation.write = false;
    return operation;
  }
  return operation;
}

const std::vector<std::string_view>& OperationNames() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    for (const Row& row : kRows) names.push_back(row.name);
    names.push_back("other");
    return names;
  }();
  return kNames;
}

}  // namespace emulator
