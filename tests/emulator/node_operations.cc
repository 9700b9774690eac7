// Nodes and their counts.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tests/emulator/list_options.h"
#include "tests/emulator/node_json.h"
#include "tests/emulator/operations.h"

namespace emulator {

namespace {

const std::vector<FilterProperty>& NodeFilterable() {
  using enum FilterType;
  constexpr std::string_view kOrdered = "eq ne ge gt le lt";
  static const std::vector<FilterProperty> kProperties{
      {"state", "eq ne"},
      {"stateTransitionTime", kOrdered, kTime},
      {"lastBootTime", kOrdered, kTime},
      {"allocationTime", kOrdered, kTime},
      {"startTaskInfo/state", "eq"},
      {"startTaskInfo/result", "eq ne"},
      {"startTaskInfo/exitCode", kOrdered, kNumber},
      {"startTaskInfo/startTime", kOrdered, kTime},
      {"startTaskInfo/endTime", kOrdered, kTime}};
  return kProperties;
}

FilterValue StartTaskProperty(const Node& node, std::string_view name, Instant now) {
  const Boot& boot = ShownBoot(node, now);
  if (boot.start_task == nullptr || now < boot.booted) return std::monostate{};
  const bool completed = now >= boot.start_task_ends;
  if (name == "startTaskInfo/startTime") return boot.booted;
  if (name == "startTaskInfo/state") return std::string{completed ? "completed" : "running"};
  if (!completed) return std::monostate{};
  if (name == "startTaskInfo/endTime") return boot.start_task_ends;
  if (name == "startTaskInfo/exitCode") return std::int64_t{boot.start_task_fails ? 1 : 0};
  return std::string{boot.start_task_fails ? "failure" : "success"};
}

FilterValue NodeProperty(const Node& node, std::string_view name, Instant now) {
  const auto [state, since] = StateOf(node, now);
  if (name == "state") return std::string{NodeStateText(state)};
  if (name == "stateTransitionTime") return since;
  if (name == "allocationTime") return node.allocated;
  if (name.rfind("startTaskInfo/", 0) == 0) return StartTaskProperty(node, name, now);
  const Boot& boot = ShownBoot(node, now);
  if (now < boot.starting) return std::monostate{};
  return boot.starting;
}

/// Member names of node counts, in the order of recorded answers.
struct CountName {
  std::string_view name;
  NodeState state;
  std::string_view since = {};  // api-version, empty: all
};
constexpr std::array kCounts{
    CountName{"creating", NodeState::kCreating},
    CountName{"deallocated", NodeState::kDeallocated, "2024-07-01.20.0"},
    CountName{"deallocating", NodeState::kDeallocating, "2024-07-01.20.0"},
    CountName{"idle", NodeState::kIdle},
    CountName{"leavingPool", NodeState::kLeaving},
    CountName{"offline", NodeState::kOffline},
    CountName{"preempted", NodeState::kPreempted},
    CountName{"rebooting", NodeState::kRebooting},
    CountName{"reimaging", NodeState::kReimaging},
    CountName{"running", NodeState::kRunning},
    CountName{"starting", NodeState::kStarting},
    CountName{"startTaskFailed", NodeState::kStartTaskFailed},
    CountName{"unusable", NodeState::kUnusable},
    CountName{"unknown", NodeState::kUnknown},
    CountName{"upgradingOS", NodeState::kUpgradingOs, "2024-02-01.19.0"},
    CountName{"waitingForStartTask", NodeState::kWaiting},
};

void AppendCounts(std::string& out, const Context& context, const Pool& pool, NodeKind kind) {
  std::array<std::int64_t, kNodeStates> by_state{};
  std::int64_t total = 0;
  for (const Node& node : pool.nodes) {
    if (node.kind != kind) continue;
    ++by_state[static_cast<std::size_t>(StateOf(node, context.now).first)];
    ++total;
  }
  out += '{';
  for (const CountName& count : kCounts) {
    if (context.api_version < count.since) continue;
    const std::int64_t value = by_state[static_cast<std::size_t>(count.state)];
    out += '"';
    out += count.name;
    out += "\":";
    out += std::to_string(value);
    out += ',';
  }
  fmt::format_to(std::back_inserter(out), "\"total\":{}}}", total);
}

}  // namespace

Reply ListNodes(const Context& context, std::string_view pool_id) {
  const Pool* const pool = context.account.Find(pool_id);
  if (pool == nullptr) return Fail("PoolNotFound");
  auto read = ReadListOptions(context, NodeFilterable());
  if (auto* const error = std::get_if<ApiError>(&read)) return Fail(std::move(*error));
  auto selection = ReadSelect(context, NodeMemberNames(context.api_version));
  if (auto* const error = std::get_if<ApiError>(&selection)) return Fail(std::move(*error));
  const ListOptions& options = std::get<ListOptions>(read);
  std::vector<const Node*> nodes;
  for (const Node& node : pool->nodes) {
    if (options.after && node.id <= *options.after) continue;
    const auto lookup = [&](std::string_view name) {
      return NodeProperty(node, name, context.now);
    };
    if (options.filter.Matches(lookup)) nodes.push_back(&node);
  }
  std::sort(nodes.begin(), nodes.end(), [](const Node* a, const Node* b) { return a->id < b->id; });
  Reply reply;
  reply.body =
      fmt::format(R"({{"odata.metadata":"{}/$metadata#nodes","value":[)", context.endpoint);
  const std::size_t count = std::min(nodes.size(), options.page_size);
  for (std::size_t i = 0; i < count; ++i) {
    reply.body += i == 0 ? "{" : ",{";
    AppendNodeMembers(reply.body, context, *pool, *nodes[i], std::get<Selection>(selection));
    reply.body += '}';
  }
  reply.body += ']';
  if (count < nodes.size()) reply.body += NextLinkMember(context, nodes[count - 1]->id);
  reply.body += '}';
  return reply;
}

Reply GetNode(const Context& context, std::string_view pool_id, std::string_view node_id) {
  FoundNode found = FindNode(context, pool_id, node_id);
  if (found.missing) return std::move(*found.missing);
  auto selection = ReadSelect(context, NodeMemberNames(context.api_version));
  if (auto* const error = std::get_if<ApiError>(&selection)) return Fail(std::move(*error));
  Reply reply;
  reply.body = fmt::format(R"({{"odata.metadata":"{}/$metadata#nodes/@Element")", context.endpoint);
  std::string members;
  AppendNodeMembers(members, context, *found.pool, *found.node, std::get<Selection>(selection));
  if (!members.empty()) reply.body += ',' + members;
  reply.body += '}';
  return reply;
}

Reply ListNodeCounts(const Context& context) {
  auto read = ReadListOptions(context, {{"poolId", "eq"}});
  if (auto* const error = std::get_if<ApiError>(&read)) return Fail(std::move(*error));
  const ListOptions& options = std::get<ListOptions>(read);
  auto& pools = context.account.pools();
  auto at = options.after ? pools.upper_bound(*options.after) : pools.begin();
  Reply reply;
  reply.body = fmt::format(R"({{"odata.metadata":"{}/$metadata#poolnodecounts","value":[)",
                           context.endpoint);
  std::size_t count = 0;
  std::string last, link;
  for (; at != pools.end(); ++at) {
    const Pool& pool = at->second;
    if (!options.filter.Matches([&](std::string_view) { return FilterValue{pool.id}; })) continue;
    if (count == options.page_size) {
      link = NextLinkMember(context, last);
      break;
    }
    reply.body += count++ == 0 ? R"({"poolId":)" : R"(,{"poolId":)";
    AppendQuoted(reply.body, pool.id);
    reply.body += R"(,"dedicated":)";
    AppendCounts(reply.body, context, pool, kDedicated);
    reply.body += R"(,"lowPriority":)";
    AppendCounts(reply.body, context, pool, kSpot);
    reply.body += '}';
    last = at->first;
  }
  reply.body += ']' + link + '}';
  return reply;
}

}  // namespace emulator
