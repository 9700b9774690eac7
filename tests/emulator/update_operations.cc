// PATCH and updateproperties.
#include <algorithm>

#include "tests/emulator/operations.h"
#include "tests/emulator/pool_rules.h"

namespace emulator {

namespace {

/// From this version on PATCH takes nearly every member of an empty pool.
constexpr std::string_view kWidePatchSince = "2024-07-01.20.0";
/// From this version on the objects of a PATCH have types of their own, which need nothing.
constexpr std::string_view kPartialPatchSince = "2025-06-01";

struct Change {
  Json settings{Json::Object{}};
  std::vector<std::string> cleared;
  bool needs_empty_pool = false;
  BodyProblems problems;
};

void NoteShape(Change& change, ApiError error) {
  if (!change.problems.shape) change.problems.shape = std::move(error);
}

/// Reads the members that were sent; `allowed` tells which may be.
template <class Allowed>
Change ReadChange(const NormaliseContext& normalising, const Json& body, Allowed allowed) {
  Change change;
  for (const JsonMember& sent : *body.AsObject()) {
    if (LeftOut(sent, normalising, change.problems)) continue;
    const Member* const member = PoolMember().Child(sent.name);
    if (!Accepts(member, sent.name, normalising, change.problems)) continue;
    if (!allowed(*member)) {
      if (!normalising.switches.reject_unknown_members) continue;
      NoteShape(change, {"UnsupportedProperty",
                         {{"PropertyName", sent.name},
                          {"Reason", "The property cannot be changed by this operation"}}});
      continue;
    }
    change.needs_empty_pool = change.needs_empty_pool || member->patch_empty;
    auto value = NormaliseValue(sent.value, *member, normalising, change.problems);
    if (value) {
      change.settings.Set(sent.name, std::move(*value));
    } else {
      change.cleared.push_back(sent.name);
    }
  }
  FinishSettings(change.settings);
  return change;
}

bool ReadsWindows(const Json& body, const Pool* pool) {
  const Json* const vm = body.Find("virtualMachineConfiguration");
  const std::string agent = vm == nullptr ? std::string{} : vm->Text("nodeAgentSKUId");
  if (!agent.empty()) return Lower(agent).find("windows") != std::string::npos;
  return pool != nullptr && pool->Windows();
}

/// The settings with the change in place, in table order.
Json Merged(const Json& settings, const Change& change) {
  Json::Object merged;
  for (const Member& member : PoolMember().children) {
    const bool cleared = std::find(change.cleared.begin(), change.cleared.end(), member.name) !=
                         change.cleared.end();
    const Json* const now = change.settings.Find(member.name);
    const Json* const before = cleared ? nullptr : settings.Find(member.name);
    if (now != nullptr) {
      merged.push_back({member.name, *now});
    } else if (before != nullptr) {
      merged.push_back({member.name, *before});
    } else if (cleared && member.fill) {
      merged.push_back({member.name, *member.fill});
    }
  }
  return Json{std::move(merged)};
}

std::string DataDisks(const Json& settings) {
  const Json* const disks = settings.At({"virtualMachineConfiguration", "dataDisks"});
  return disks == nullptr ? std::string{} : JsonText(*disks);
}

std::optional<ApiError> StateForbids(const Context& context, const Pool& pool,
                                     const Change& change) {
  if (pool.Deleting()) return ApiError{"PoolBeingDeleted", {}};
  if (!change.needs_empty_pool) return std::nullopt;
  const Switches& switches = context.config.switches;
  const bool busy = switches.patch_empty_needs_steady && pool.allocation != Allocation::kSteady;
  if (!pool.nodes.empty() || busy) {
    return ApiError{switches.wrong_state_code,
                    {{"Reason", "The pool must be empty and steady to change this property"}}};
  }
  return std::nullopt;
}

Reply Apply(const Context& context, Pool& pool, const Change& change, int status,
            std::string_view action) {
  pool.settings = Merged(pool.settings, change);
  pool.SettingsChanged();
  context.account.Touch(pool, context.now);
  return Acted(context, status, pool, action);
}

}  // namespace

Reply PatchPool(const Context& context, std::string_view id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  const bool wide = context.api_version >= kWidePatchSince;
  auto normalising = context.Normalising(ReadsWindows(*body, context.account.Find(id)));
  normalising.partial =
      context.api_version >= kPartialPatchSince && !context.config.switches.patch_requires_nested;
  const Change change = ReadChange(normalising, *body, [&](const Member& member) {
    return member.patch_always || (wide && member.patch_empty);
  });
  if (change.problems.shape) return Fail(*change.problems.shape);
  WritablePool found = FindPool(context, id, true);
  if (found.reply) return std::move(*found.reply);
  Pool& pool = *found.pool;
  if (change.problems.value) return Fail(*change.problems.value);
  const Json merged = Merged(pool.settings, change);
  if (auto broken = BrokenRule(context, change.settings, merged)) return Fail(std::move(*broken));
  if (context.config.switches.data_disks_immutable &&
      DataDisks(merged) != DataDisks(pool.settings)) {
    return Fail(ApiError{
        "InvalidPropertyValue",
        {{"PropertyName", "dataDisks"}, {"Reason", "Data disks of a pool cannot be changed"}}});
  }
  if (auto forbidden = StateForbids(context, pool, change)) return Fail(std::move(*forbidden));
  return Apply(context, pool, change, 200, "");
}

Reply UpdateProperties(const Context& context, std::string_view id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  Change change = ReadChange(context.Normalising(false), *body,
                             [](const Member& member) { return member.update; });
  for (const Member& member : PoolMember().children) {
    if (!member.update || !member.In(context.api_version)) continue;
    if (body->Find(member.name) != nullptr) continue;
    if (member.update_required) NoteShape(change, MissingProperty(member.name));
    if (member.name == "targetNodeCommunicationMode") {
      change.settings.Set(member.name, Json{std::string{"default"}});
    } else {
      change.cleared.push_back(member.name);
    }
  }
  if (change.problems.shape) return Fail(*change.problems.shape);
  WritablePool found = FindPool(context, id, false);
  if (found.reply) return std::move(*found.reply);
  Pool& pool = *found.pool;
  if (change.problems.value) return Fail(*change.problems.value);
  if (auto broken = BrokenRule(context, change.settings, Merged(pool.settings, change))) {
    return Fail(std::move(*broken));
  }
  if (pool.Deleting()) return Fail("PoolBeingDeleted");
  if (context.config.switches.update_properties_needs_steady &&
      pool.allocation != Allocation::kSteady) {
    return Fail("PoolBeingResized");
  }
  return Apply(context, pool, change, 204, "updateproperties");
}

}  // namespace emulator
