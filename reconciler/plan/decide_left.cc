// What the record names and the spec no longer does: back to the default, or released.
#include <fmt/format.h>

#include "reconciler/plan/compare.h"
#include "reconciler/plan/decide.h"
#include "reconciler/plan/secret_ref.h"
#include "reconciler/plan/value_text.h"

namespace reconciler::plan {
namespace {

bool InSpec(const PreparedSpec& prepared, std::string_view name) {
  for (const PreparedProperty& property : prepared.properties) {
    if (property.name == name) return true;
  }
  return false;
}

// The record never knew what somebody else wrote since: an entry of ours whose live value this
// process saw in sync and that has moved is the work of both.
Cause CauseOf(const Decision& decision, std::string_view name, const Value* live) {
  const auto seen = decision.memory.seen.find(name);
  const bool moved = seen != decision.memory.seen.end() && seen->second != LiveDigest(live);
  return moved ? Cause::kBoth : Cause::kSpecChanged;
}

Change ResetOf(const Decision& decision, std::string_view name, const PropertyNode* node,
               const Value& live, Cost cost) {
  Change change;
  change.property = change.path = std::string(name);
  change.cost = cost;
  change.cause = CauseOf(decision, name, &live);
  const AppliedEntry* applied = decision.stamp.record->Find(name);
  const bool had_secrets = applied != nullptr && applied->HasSecrets();
  change.before = node == nullptr ? live : HideSecrets(*node, live, had_secrets);
  const Value* standard =
      node == nullptr ? nullptr : node->DefaultFor(decision.context.api_version);
  if (standard != nullptr && !standard->IsNull()) change.standard = *standard;
  change.note = "left the spec";
  if (cost == Cost::kReboot) change.note += ", " + std::string(kReachesNodes);
  return change;
}

std::string ReleaseText(std::string_view name, const Value* live) {
  if (live == nullptr) return fmt::format("released {}", name);
  if (live->IsObject() || live->IsArray()) {
    return fmt::format("released {}, stays as it is", name);
  }
  return fmt::format("released {}, stays {}", name, PlainValue(*live));
}

enum class Fate { kReset, kForget, kRelease };
Fate FateOf(const Decision& decision, const PropertyNode* node, const Value* live,
            std::optional<Cost> cost) {
  const bool executable = cost == Cost::kPatch || cost == Cost::kReboot;
  if (!executable) return Fate::kRelease;
  if (live == nullptr) return Fate::kForget;
  if (node == nullptr) return Fate::kReset;  // a metadata item that is there
  return CanonicallyEqual(*node, nullptr, live, decision.context.api_version) ? Fate::kForget
                                                                              : Fate::kReset;
}

}  // namespace

void DecideLeft(Decision& decision, std::vector<std::string>& patch,
                std::vector<std::string>& forget, bool& remove_start_task) {
  // An absent or reduced record knows nothing, so nothing counts as having left.
  if (!decision.stamp.record || decision.stamp.record->reduced) return;
  for (const auto& [name, entry] : decision.stamp.record->entries) {
    if (InSpec(decision.prepared, name)) continue;
    const bool is_item = !MetadataName(name).empty();
    const PropertyNode* node = is_item ? nullptr : decision.table.FindTopLevel(name);
    const bool known = is_item || (node != nullptr && node->ExistsIn(decision.context.api_version));
    if (!known) {
      forget.push_back(name);
      continue;
    }
    const std::optional<Cost> cost =
        is_item ? Cost::kPatch : node->CostFor(decision.context.api_version);
    const Value* live = LiveValue(decision.live, name);
    switch (FateOf(decision, node, live, cost)) {
      case Fate::kForget:
        forget.push_back(name);
        break;
      case Fate::kRelease:
        decision.plan.released.push_back(
            {.property = name, .text = ReleaseText(name, live), .position = {}});
        forget.push_back(name);
        break;
      case Fate::kReset:
        decision.plan.changes.push_back(ResetOf(decision, name, node, *live, *cost));
        if (name == "startTask") {
          remove_start_task = true;
        } else {
          patch.push_back(name);
        }
        break;
    }
  }
}

}  // namespace reconciler::plan
