// Reboot, reimage, deallocate, start, and scheduling on single nodes.
#include <fmt/format.h>

#include <algorithm>

#include "tests/emulator/node_json.h"
#include "tests/emulator/operations.h"

namespace emulator {

namespace {

/// The one member that a body may have.
struct ActionBody {
  std::string option;
  BodyProblems problems;
};

ActionBody ReadBody(const Context& context, const Json& body, const Member& rows) {
  ActionBody out;
  const NormaliseContext normalising = context.Normalising(false);
  for (const JsonMember& sent : *body.AsObject()) {
    const Member* const row = rows.Child(sent.name);
    if (sent.value.IsNull() || !Accepts(row, sent.name, normalising, out.problems)) continue;
    const auto value = NormaliseValue(sent.value, *row, normalising, out.problems);
    if (value) out.option = *value->AsString();
  }
  return out;
}

/// An action on a node, its rows and the states that take it. Source: Batch REST, Nodes.
struct NodeRule {
  std::string_view name;
  int status = 202;
  Member rows;
  std::vector<NodeState> states;  // none: any but leaving ones
};

const NodeRule& RuleOf(std::string_view name) {
  static const auto kOption = [](const char* option, const char* values) {
    return ParseMembers(fmt::format("{} | enum | | | {} | | S: nodes\n", option, values));
  };
  constexpr const char* kAll = "requeue;terminate;taskcompletion;retaineddata";
  using enum NodeState;
  static const std::vector<NodeRule> kRules{
      // As recorded, a node that is being created can be rebooted.
      {"reboot",
       202,
       kOption("nodeRebootOption", kAll),
       {kCreating, kWaiting, kIdle, kRunning, kOffline, kStartTaskFailed}},
      {"reimage",
       202,
       kOption("nodeReimageOption", kAll),
       {kWaiting, kIdle, kRunning, kOffline, kStartTaskFailed}},
      {"deallocate", 202, kOption("nodeDeallocateOption", kAll), {kIdle, kRunning, kOffline}},
      {"start", 202, {}, {kDeallocated}},
      {"disablescheduling",
       200,
       kOption("nodeDisableSchedulingOption", "requeue;terminate;taskcompletion"),
       {}},
      {"enablescheduling", 200, {}, {}},
  };
  return *std::find_if(kRules.begin(), kRules.end(),
                       [&](const NodeRule& rule) { return rule.name == name; });
}

std::optional<ApiError> StateForbids(const Context& context, const Node& node,
                                     const NodeRule& rule) {
  const NodeState state = StateOf(node, context.now).first;
  const bool any = rule.states.empty() && state != NodeState::kLeaving;
  if (any || std::find(rule.states.begin(), rule.states.end(), state) != rule.states.end()) {
    return std::nullopt;
  }
  return WrongNodeState(context, state);
}

/// What the six have in common; `act` does the rest and may refuse.
template <class Act>
Reply ActOn(const Context& context, std::string_view pool_id, std::string_view node_id,
            std::string_view name, Act act) {
  const NodeRule& rule = RuleOf(name);
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  const ActionBody read = ReadBody(context, *body, rule.rows);
  if (read.problems.shape) return Fail(*read.problems.shape);
  FoundNode found = FindNode(context, pool_id, node_id);
  if (found.missing) return std::move(*found.missing);
  if (read.problems.value) return Fail(*read.problems.value);
  if (auto forbidden = StateForbids(context, *found.node, rule)) return Fail(*forbidden);
  if (std::optional<ApiError> refused = act(*found.pool, *found.node, FateOf(read.option)))
    return Fail(*refused);
  Reply reply;
  reply.status = rule.status;
  reply.data_service_id =
      fmt::format("{}/nodes/{}/{}", PoolUrl(context, *found.pool), found.node->id, name);
  return reply;
}

Reply ActOnMachine(const Context& context, std::string_view pool_id, std::string_view node_id,
                   std::string_view name, NodeAction action) {
  return ActOn(context, pool_id, node_id, name, [&](Pool& pool, Node& node, TaskFate fate) {
    context.account.Act(pool, node, action, fate, context.now);
    return std::optional<ApiError>{};
  });
}

Reply SetScheduling(const Context& context, std::string_view pool_id, std::string_view node_id,
                    std::string_view name, bool schedulable) {
  const auto act = [&](Pool& pool, Node& node, TaskFate fate) -> std::optional<ApiError> {
    if (node.schedulable == schedulable) {
      return ApiError{"NodeAlreadyInTargetSchedulingState", {}};
    }
    context.account.SetSchedulable(pool, node, schedulable, fate, context.now);
    return std::nullopt;
  };
  return ActOn(context, pool_id, node_id, name, act);
}

}  // namespace

Reply RebootNode(const Context& context, std::string_view pool_id, std::string_view node_id) {
  return ActOnMachine(context, pool_id, node_id, "reboot", NodeAction::kReboot);
}

Reply ReimageNode(const Context& context, std::string_view pool_id, std::string_view node_id) {
  return ActOnMachine(context, pool_id, node_id, "reimage", NodeAction::kReimage);
}

Reply DeallocateNode(const Context& context, std::string_view pool_id, std::string_view node_id) {
  return ActOnMachine(context, pool_id, node_id, "deallocate", NodeAction::kDeallocate);
}

Reply StartNode(const Context& context, std::string_view pool_id, std::string_view node_id) {
  return ActOn(context, pool_id, node_id, "start", [&](Pool& pool, Node& node, TaskFate) {
    context.account.StartAgain(pool, node, context.now);
    return std::optional<ApiError>{};
  });
}

Reply DisableScheduling(const Context& context, std::string_view pool_id,
                        std::string_view node_id) {
  return SetScheduling(context, pool_id, node_id, "disablescheduling", false);
}

Reply EnableScheduling(const Context& context, std::string_view pool_id, std::string_view node_id) {
  return SetScheduling(context, pool_id, node_id, "enablescheduling", true);
}

}  // namespace emulator
