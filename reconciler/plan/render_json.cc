// The plan for machines.
#include <algorithm>

#include "reconciler/plan/render.h"
#include "reconciler/plan/secret_ref.h"

namespace reconciler::plan {
namespace {

Value Number(std::size_t count) { return static_cast<std::int64_t>(count); }

void SetPosition(const Position& position, Value& object) {
  if (position.file) object.Set("file", *position.file);
  if (position.line > 0) object.Set("line", position.line);
  if (position.line > 0 && position.column > 0) object.Set("column", position.column);
}

Array Unreadable(const std::vector<UnreadableSpec>& specs) {
  Array list;
  for (const UnreadableSpec& spec : specs) {
    list.push_back(Object{
        {"pool", spec.id}, {"position", FormatPosition(spec.position)}, {"problem", spec.problem}});
  }
  return list;
}

Value Names(const std::vector<std::string>& names) {
  Array list;
  for (const std::string& name : names) list.emplace_back(name);
  return list;
}

Value ValueToJson(const std::optional<Value>& value, bool sensitive) {
  if (sensitive) return kSensitiveText;
  return value ? *value : Value();
}

Value ChangesToJson(const std::vector<Change>& changes) {
  Array list;
  for (const Change& change : changes) {
    Value item = Object{{"property", change.property},
                        {"path", change.path},
                        {"before", ValueToJson(change.before, change.sensitive)},
                        {"after", ValueToJson(change.after, change.sensitive)},
                        {"sensitive", change.sensitive},
                        {"cost", CostName(change.cost)},
                        {"cause", CauseName(change.cause)},
                        {"note", change.note}};
    SetPosition(change.position, item);
    list.push_back(std::move(item));
  }
  return list;
}

Value StepsToJson(const std::vector<Step>& steps) {
  Array list;
  for (const Step& step : steps) {
    Value item = Object{{"step", StepName(step.kind)}, {"summary", step.summary}};
    if (!step.properties.empty()) item.Set("properties", Names(step.properties));
    if (step.kind == StepKind::kResize || step.kind == StepKind::kRetryAllocation) {
      item.Set("targetDedicatedNodes", step.dedicated);
      item.Set("targetLowPriorityNodes", step.low_priority);
    }
    list.push_back(std::move(item));
  }
  return list;
}

Value HoldToJson(const Hold& hold) {
  Value item = Object{{"reason", ReasonName(hold.reason)},
                      {"message", hold.message},
                      {"liftedByTime", hold.lifted_by_time},
                      {"property", hold.property}};
  SetPosition(hold.position, item);
  return item;
}

Value HoldsToJson(const std::vector<Hold>& holds) {
  Array list;
  for (const Hold& hold : holds) list.push_back(HoldToJson(hold));
  return list;
}

Value ReleasedToJson(const std::vector<Released>& released) {
  Array list;
  for (const Released& item : released) {
    list.push_back(Object{{"property", item.property}, {"text", item.text}});
  }
  return list;
}

std::string_view ActionOf(const PoolPlan& pool) {
  if (pool.observe_only) return "observe";
  if (pool.Creates()) return "create";
  if (pool.HasWork()) return "change";
  if (pool.IsBlocked()) return "blocked";
  if (pool.IsFrozen()) return "frozen";
  return pool.Differs() ? "wait" : "none";
}

Value PoolToJson(const PoolPlan& pool) {
  Value item = Object{{"pool", pool.pool},
                      {"action", ActionOf(pool)},
                      {"presence", PresenceName(pool.presence)},
                      {"observeOnly", pool.observe_only},
                      {"changes", ChangesToJson(pool.changes)},
                      {"blocked", ChangesToJson(pool.blocked)},
                      {"kept", ChangesToJson(pool.kept)},
                      {"released", ReleasedToJson(pool.released)},
                      {"steps", StepsToJson(pool.steps)},
                      {"holds", HoldsToJson(pool.holds)},
                      {"nodesBefore", pool.nodes_before},
                      {"nodesAfter", pool.nodes_after}};
  if (pool.spec != nullptr) SetPosition(pool.spec->position, item);
  if (!pool.memory_damaged.empty()) item.Set("memoryDamaged", pool.memory_damaged);
  if (!pool.newer_sku.empty()) item.Set("newerSku", pool.newer_sku);
  if (!pool.not_refreshed.empty()) item.Set("nodesNotRefreshed", pool.not_refreshed);
  if (!pool.renamed_from.empty()) item.Set("renamedFrom", pool.renamed_from);
  return item;
}

Value AccountToJson(const AccountPlan& plan) {
  Array pools;
  for (const PoolPlan& pool : plan.pools) {
    const bool noted = !pool.kept.empty() || !pool.newer_sku.empty();
    if (IsShown(pool) || noted) pools.push_back(PoolToJson(pool));
  }
  Value item = Object{{"account", plan.account},
                      {"revision", plan.revision},
                      {"specsComplete", plan.specs_complete},
                      {"checked", Number(plan.checked)},
                      {"toCreate", Number(plan.ToCreate())},
                      {"toAdopt", Number(plan.ToAdopt())},
                      {"toChange", Number(plan.ToChange())},
                      {"blocked", Number(plan.Blocked())},
                      {"frozen", Number(plan.Frozen())},
                      {"observed", Number(plan.Observed())},
                      {"kept", Number(plan.Kept())},
                      {"nodesAfter", static_cast<std::int64_t>(plan.nodes_after)},
                      {"unreadable", Unreadable(plan.unreadable)},
                      {"orphans", Names(plan.orphans)},
                      {"unmanaged", Names(plan.unmanaged)},
                      {"pools", std::move(pools)}};
  item.Set("parked", plan.parked ? HoldToJson(*plan.parked) : Value());
  return item;
}

Value Sorted(Value value) {
  if (value.IsArray()) {
    for (Value& item : value.AsArray()) item = Sorted(std::move(item));
  } else if (value.IsObject()) {
    Object& members = value.AsObject();
    for (Member& member : members) member.value = Sorted(std::move(member.value));
    std::sort(members.begin(), members.end(),
              [](const Member& a, const Member& b) { return a.name < b.name; });
  }
  return value;
}

}  // namespace

Value PlanToJson(const std::vector<AccountPlan>& plans) {
  Array accounts;
  for (const AccountPlan& plan : plans) accounts.push_back(AccountToJson(plan));
  return Sorted(Object{{"formatVersion", "1"}, {"accounts", std::move(accounts)}});
}

}  // namespace reconciler::plan
