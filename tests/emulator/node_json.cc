#include "tests/emulator/node_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/emulator/task_json.h"

namespace emulator {

namespace {

/// Recorded at 2025-06-01.
constexpr std::string_view kAgentVersion = "1.12.39";

struct View {
  const Context& context;
  const Pool& pool;
  const Node& node;
  const Boot& boot;
  NodeState state;
  Instant since;
};
/// Writes a member's value; false: the member is absent.
using Writer = bool (*)(std::string& out, const View& view);

bool Quoted(std::string& out, std::string_view text) {
  AppendQuoted(out, text);
  return true;
}
bool Time(std::string& out, Instant instant) { return Quoted(out, FormatTime(instant)); }
bool Number(std::string& out, std::int64_t value) {
  out += std::to_string(value);
  return true;
}

bool WriteSlots(std::string& out, const View& view) {
  std::int64_t slots = 0;
  for (const TaskPlace& place : view.node.running) slots += place.slots;
  return Number(out, slots);
}

bool WriteRecentTasks(std::string& out, const View& view) {
  if (view.node.recent.empty()) return false;
  out += '[';
  for (const RecentTask& task : view.node.recent) {
    if (&task != view.node.recent.data()) out += ',';
    out += fmt::format(R"({{"taskUrl":"{}/jobs/{}/tasks/{}","jobId":"{}","taskId":"{}",)"
                       R"("taskState":"{}","executionInfo":)",
                       view.context.endpoint, task.job_id, task.task_id, task.job_id, task.task_id,
                       TaskStateText(task.state));
    AppendExecution(out, task.execution);
    out += '}';
  }
  out += ']';
  return true;
}

bool WriteErrors(std::string& out, const View& view) {
  if (!view.node.forced || !view.node.shows_errors) return false;
  out += R"([{"code":"NodeUnusable","message":"The node cannot be used"}])";
  return true;
}

bool Booted(const View& view) { return view.context.now >= view.boot.starting; }
bool AgentUp(const View& view) { return view.context.now >= view.boot.booted; }

bool WriteStartTask(std::string& out, const View& view) {
  if (view.boot.start_task == nullptr) return false;
  AppendForVersion(out, *view.boot.start_task, *PoolMember().Child("startTask"),
                   view.context.api_version);
  return true;
}

bool WriteStartTaskInfo(std::string& out, const View& view) {
  const Boot& boot = view.boot;
  if (boot.start_task == nullptr || !AgentUp(view)) return false;
  const std::string start = FormatTime(boot.booted);
  if (view.context.now < boot.start_task_ends) {
    out += fmt::format(R"({{"state":"running","startTime":"{}","retryCount":0}})", start);
    return true;
  }
  out += fmt::format(R"({{"state":"completed","startTime":"{}","endTime":"{}","exitCode":{},)",
                     start, FormatTime(boot.start_task_ends), boot.start_task_fails ? 1 : 0);
  if (boot.start_task_fails) {
    out += fmt::format(R"("failureInfo":{{"category":"{}","code":"FailureExitCode",)", kUserError);
    out +=
        R"("message":"The task exited with an exit code representing a failure",)"
        R"("details":[{"name":"Message","value":"The task exited with an exit code representing a failure"}]},)"
        R"("result":"failure","retryCount":0})";
  } else {
    out += R"("result":"success","retryCount":0})";
  }
  return true;
}

struct Endpoint {
  std::string name, protocol;
  std::int64_t frontend = 0, backend = 0;
};

/// Those of the pool, then the one that a Linux node has in classic communication mode, as
/// recorded.
std::vector<Endpoint> Endpoints(const Pool& pool, const Node& node) {
  std::vector<Endpoint> out;
  const Json* const rules =
      pool.settings.At({"networkConfiguration", "endpointConfiguration", "inboundNATPools"});
  if (rules != nullptr) {
    for (const Json& rule : *rules->AsList()) {
      out.push_back({rule.Text("name"), rule.Text("protocol"),
                     *rule.Find("frontendPortRangeStart")->AsInteger() + node.index % 100,
                     *rule.Find("backendPort")->AsInteger()});
    }
  }
  if (pool.current_communication_mode == "classic" && !pool.Windows()) {
    out.push_back({"SSHRule", "tcp", 50'000 + node.index % 10'000, 22});
  }
  return out;
}

bool WriteEndpoints(std::string& out, const View& view) {
  const Node& node = view.node;
  const std::vector<Endpoint> endpoints = Endpoints(view.pool, node);
  if (endpoints.empty()) return false;
  out += R"({"inboundEndpoints":[)";
  for (const Endpoint& endpoint : endpoints) {
    out += fmt::format(
        R"({}{{"name":"{}.{}","protocol":"{}","publicIPAddress":"20.0.{}.{}","publicFQDN":"dns{}-azurebatch-cloudservice.local.cloudapp.azure.com","frontendPort":{},"backendPort":{}}})",
        &endpoint == endpoints.data() ? "" : ",", endpoint.name, node.index, endpoint.protocol,
        node.index / 100 % 256, node.index / 25'600 % 256 + 1, node.id.substr(6, 8),
        endpoint.frontend, endpoint.backend);
  }
  out += "]}";
  return true;
}

bool WriteMachine(std::string& out, const View& view) {
  const Json* const image =
      view.pool.settings.At({"virtualMachineConfiguration", "imageReference"});
  if (image == nullptr) return false;
  Json shown = *image;
  // Recorded nodes show the word "latest" here, not a number.
  if (const std::string version = image->Text("version"); !version.empty()) {
    shown.Set("exactVersion", Json{version});
  }
  out += R"({"imageReference":)";
  AppendJson(out, shown);
  out += '}';
  return true;
}

struct NamedWriter {
  std::string_view name;
  Writer write;
  std::string_view since{};  // api-version, empty: always
};

/// Addresses of nodes in both families.
constexpr std::string_view kIpv6Since = "2025-06-01";

constexpr std::array kWriters{
    NamedWriter{"id", [](std::string& o, const View& v) { return Quoted(o, v.node.id); }},
    NamedWriter{"url",
                [](std::string& o, const View& v) {
                  return Quoted(o,
                                fmt::format("{}/nodes/{}", PoolUrl(v.context, v.pool), v.node.id));
                }},
    NamedWriter{"state",
                [](std::string& o, const View& v) { return Quoted(o, NodeStateText(v.state)); }},
    NamedWriter{"schedulingState",
                [](std::string& o, const View& v) {
                  return Quoted(o, v.node.schedulable ? "enabled" : "disabled");
                }},
    NamedWriter{"stateTransitionTime",
                [](std::string& o, const View& v) { return Time(o, v.since); }},
    NamedWriter{
        "lastBootTime",
        [](std::string& o, const View& v) { return Booted(v) && Time(o, v.boot.starting); }},
    NamedWriter{"allocationTime",
                [](std::string& o, const View& v) { return Time(o, v.node.allocated); }},
    NamedWriter{"ipAddress",
                [](std::string& o, const View& v) {
                  return Quoted(o, fmt::format("10.0.{}.{}", v.node.index / 250 % 256,
                                               v.node.index % 250 + 4));
                }},
    NamedWriter{"ipv6Address",
                [](std::string& o, const View& v) {
                  return HasIpv6(v.context, v.pool) &&
                         Quoted(o, fmt::format("fd00:10::{:x}", v.node.index + 4));
                },
                kIpv6Since},
    NamedWriter{"affinityId",
                [](std::string& o, const View& v) { return Quoted(o, "TVM:" + v.node.id); }},
    NamedWriter{"vmSize", [](std::string& o,
                             const View& v) { return Quoted(o, v.pool.settings.Text("vmSize")); }},
    NamedWriter{"totalTasksRun",
                [](std::string& o, const View& v) { return Number(o, v.node.tasks_run); }},
    NamedWriter{"totalTasksSucceeded",
                [](std::string& o, const View& v) { return Number(o, v.node.tasks_succeeded); }},
    NamedWriter{"runningTasksCount",
                [](std::string& o, const View& v) {
                  return Number(o, static_cast<std::int64_t>(v.node.running.size()));
                }},
    NamedWriter{"runningTaskSlotsCount", WriteSlots},
    NamedWriter{"recentTasks", WriteRecentTasks},
    NamedWriter{"startTask", WriteStartTask},
    NamedWriter{"startTaskInfo", WriteStartTaskInfo},
    NamedWriter{"isDedicated",
                [](std::string& o, const View& v) {
                  o += v.node.kind == kDedicated ? "true" : "false";
                  return true;
                }},
    NamedWriter{"endpointConfiguration", WriteEndpoints},
    NamedWriter{"nodeAgentInfo",
                [](std::string& o, const View& v) {
                  if (!AgentUp(v)) return false;
                  o += fmt::format(R"({{"lastUpdateTime":"{}","version":"{}"}})",
                                   FormatTime(v.boot.booted), kAgentVersion);
                  return true;
                }},
    NamedWriter{"virtualMachineInfo", WriteMachine},
    NamedWriter{"errors", WriteErrors},
};

}  // namespace

std::string_view NodeStateText(NodeState state) {
  switch (state) {
    case NodeState::kCreating:
      return "creating";
    case NodeState::kStarting:
      return "starting";
    case NodeState::kWaiting:
      return "waitingforstarttask";
    case NodeState::kIdle:
      return "idle";
    case NodeState::kRunning:
      return "running";
    case NodeState::kStartTaskFailed:
      return "starttaskfailed";
    case NodeState::kRebooting:
      return "rebooting";
    case NodeState::kReimaging:
      return "reimaging";
    case NodeState::kDeallocating:
      return "deallocating";
    case NodeState::kDeallocated:
      return "deallocated";
    case NodeState::kOffline:
      return "offline";
    case NodeState::kPreempted:
      return "preempted";
    case NodeState::kUnusable:
      return "unusable";
    case NodeState::kUnknown:
      return "unknown";
    case NodeState::kUpgradingOs:
      return "upgradingos";
    case NodeState::kLeaving:
      break;
  }
  return "leavingpool";
}

bool HasIpv6(const Context& context, const Pool& pool) {
  const Json* const families =
      pool.settings.At({"networkConfiguration", "publicIPAddressConfiguration", "ipFamilies"});
  if (families == nullptr || context.api_version < kIpv6Since) return false;
  const Json::List& list = *families->AsList();
  return std::any_of(list.begin(), list.end(),
                     [](const Json& family) { return *family.AsString() == "IPv6"; });
}

ApiError WrongNodeState(const Context& context, NodeState state) {
  switch (state) {
    case NodeState::kCreating:
      return {"NodeBeingCreated", {}};
    case NodeState::kStarting:
      return {"NodeBeingStarted", {}};
    case NodeState::kRebooting:
      return {"NodeBeingRebooted", {}};
    case NodeState::kReimaging:
      return {"NodeBeingReimaged", {}};
    case NodeState::kUnusable:
      return {"NodeStateUnusable", {}};
    default:
      return {context.config.switches.wrong_state_code,
              {{"Reason", fmt::format("The node is {}", NodeStateText(state))}}};
  }
}

std::vector<std::string_view> NodeMemberNames(std::string_view api_version) {
  std::vector<std::string_view> names;
  for (const NamedWriter& writer : kWriters) {
    if (api_version >= writer.since) names.push_back(writer.name);
  }
  return names;
}

void AppendNodeMembers(std::string& out, const Context& context, const Pool& pool, const Node& node,
                       const Selection& names) {
  const auto state = StateOf(node, context.now);
  const View view{context, pool, node, ShownBoot(node, context.now), state.first, state.second};
  bool first = true;
  for (const NamedWriter& writer : kWriters) {
    if (names && std::find(names->begin(), names->end(), writer.name) == names->end()) continue;
    const std::size_t before = out.size();
    if (!first) out += ',';
    out += fmt::format("\"{}\":", writer.name);
    if (writer.write(out, view)) {
      first = false;
    } else {
      out.resize(before);
    }
  }
}

}  // namespace emulator
