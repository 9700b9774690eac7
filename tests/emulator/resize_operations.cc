// Resize, stopresize and removenodes.
#include <fmt/format.h>

#include <set>

#include "tests/emulator/operations.h"

namespace emulator {

namespace {

constexpr const char* kScalesItself = "The pool scales automatically";

struct ResizeBody {
  std::optional<std::int64_t> target[2];
  Duration timeout = std::chrono::minutes{15};
  std::vector<std::string> node_ids;
  TaskFate fate = TaskFate::kRequeue;
  BodyProblems problems;
};

/// The rows of a resize and a removenodes body. Source: Batch REST, Pool - Resize, Remove Nodes.
const Member& ResizeRows() {
  static const Member kRows = ParseMembers(
      "targetDedicatedNodes | int | | | 0.. | | S: resize\n"
      "targetLowPriorityNodes | int | | | 0.. | | S: resize\n"
      "resizeTimeout | duration | | | PT5M.. | | S: resize\n"
      "nodeDeallocationOption | enum | | | requeue;terminate;taskcompletion;retaineddata | | S: "
      "resize\n"
      "nodeList | list:string | | | 1..100 | | S: remove nodes\n");
  return kRows;
}

ResizeBody ReadBody(const Context& context, const Json& body, bool removes) {
  ResizeBody out;
  const NormaliseContext normalising = context.Normalising(false);
  for (const JsonMember& sent : *body.AsObject()) {
    const bool target = sent.name.rfind("target", 0) == 0;
    const bool misplaced = removes ? target : sent.name == "nodeList";
    const Member* const row = misplaced ? nullptr : ResizeRows().Child(sent.name);
    if (LeftOut(sent, normalising, out.problems)) continue;
    if (!Accepts(row, sent.name, normalising, out.problems)) continue;
    const auto value = NormaliseValue(sent.value, *row, normalising, out.problems);
    if (!value) continue;
    if (sent.name == "targetDedicatedNodes") out.target[kDedicated] = *value->AsInteger();
    if (sent.name == "targetLowPriorityNodes") out.target[kSpot] = *value->AsInteger();
    if (sent.name == "resizeTimeout") out.timeout = *ParseDuration(*value->AsString());
    if (sent.name == "nodeDeallocationOption") out.fate = FateOf(*value->AsString());
    if (const Json::List* const list = value->AsList()) {
      for (const Json& id : *list) out.node_ids.push_back(*id.AsString());
    }
  }
  return out;
}

/// What forbids a change of size now.
std::optional<ApiError> StateForbids(const Context& context, const Pool& pool, bool fixed_size) {
  if (pool.Deleting()) return ApiError{"PoolBeingDeleted", {}};
  if (pool.auto_scale && fixed_size) {
    return ApiError{context.config.switches.wrong_state_code, {{"Reason", kScalesItself}}};
  }
  if (pool.allocation != Allocation::kSteady) return ApiError{"PoolBeingResized", {}};
  return std::nullopt;
}

}  // namespace

Reply ResizePool(const Context& context, std::string_view id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  const ResizeBody read = ReadBody(context, *body, false);
  if (read.problems.shape) return Fail(*read.problems.shape);
  if (!read.target[kDedicated] && !read.target[kSpot] && !read.problems.value) {
    return Fail(MissingProperty("targetDedicatedNodes and/or targetLowPriorityNodes"));
  }
  WritablePool found = FindPool(context, id, true);
  if (found.reply) return std::move(*found.reply);
  Pool& pool = *found.pool;
  if (read.problems.value) return Fail(*read.problems.value);
  if (auto forbidden = StateForbids(context, pool, true)) return Fail(std::move(*forbidden));
  // A target left out becomes the current count: recorded traffic shows 5 turning 0 that way.
  const PerKind target{read.target[kDedicated].value_or(pool.Current(kDedicated)),
                       read.target[kSpot].value_or(pool.Current(kSpot))};
  pool.resize_timeout = read.timeout;
  context.account.BeginResize(pool, target, read.fate, context.now);
  context.account.Touch(pool, context.now);
  return Acted(context, 202, pool, "resize");
}

Reply StopResizePool(const Context& context, std::string_view id) {
  WritablePool found = FindPool(context, id, true);
  if (found.reply) return std::move(*found.reply);
  Pool& pool = *found.pool;
  if (pool.Deleting()) return Fail("PoolBeingDeleted");
  const Switches& switches = context.config.switches;
  if (pool.allocation != Allocation::kResizing) {
    return Fail(ApiError{switches.wrong_state_code, {{"Reason", "The pool is not being resized"}}});
  }
  if (pool.auto_scale && switches.stop_resize_needs_fixed_size) {
    return Fail(ApiError{switches.wrong_state_code, {{"Reason", kScalesItself}}});
  }
  context.account.StopResize(pool, context.now);
  return Acted(context, 202, pool, "stopresize");
}

Reply RemoveNodes(const Context& context, std::string_view id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  const ResizeBody read = ReadBody(context, *body, true);
  if (read.problems.shape) return Fail(*read.problems.shape);
  if (body->Find("nodeList") == nullptr) return Fail(MissingProperty("nodeList"));
  WritablePool found = FindPool(context, id, true);
  if (found.reply) return std::move(*found.reply);
  Pool& pool = *found.pool;
  if (read.problems.value) return Fail(*read.problems.value);
  std::set<std::size_t> places;
  for (const std::string& node_id : read.node_ids) {
    std::size_t place = 0;
    while (place < pool.nodes.size() && pool.nodes[place].id != node_id) ++place;
    if (place == pool.nodes.size()) return Fail(context.config.switches.unknown_node_code);
    places.insert(place);
  }
  const bool fixed_size = context.config.switches.remove_nodes_needs_fixed_size;
  if (auto forbidden = StateForbids(context, pool, fixed_size)) return Fail(std::move(*forbidden));
  pool.resize_timeout = read.timeout;
  context.account.RemoveNodes(pool, {places.begin(), places.end()}, read.fate, context.now);
  context.account.Touch(pool, context.now);
  return Acted(context, 202, pool, "removenodes");
}

}  // namespace emulator
