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
constexpr std::array<Row, 33> kRows{{
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
    {"listNodeCounts", "GET", "/nodecounts"},
    {"listSupportedImages", "GET", "/supportedimages"},
    {"listUsageMetrics", "GET", "/poolusagemetrics"},
    {"listApplications", "GET", "/applications"},
    {"getApplication", "GET", "/applications/*"},
    {"listJobs", "GET", "/jobs"},
    {"createJob", "POST", "/jobs"},
    {"getJob", "GET", "/jobs/*"},
    {"patchJob", "PATCH", "/jobs/*"},
    {"deleteJob", "DELETE", "/jobs/*"},
    {"listTasks", "GET", "/jobs/*/tasks"},
    {"createTask", "POST", "/jobs/*/tasks"},
    {"getTask", "GET", "/jobs/*/tasks/*"},
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
  for (const Row& row : kRows) {
    if (row.method != method || !Matches(Split(row.path, '/'), parts)) continue;
    operation.name = row.name;
    if (row.name == "evaluateAutoScale") operation.write = false;
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
