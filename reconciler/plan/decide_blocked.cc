// Differences whose cost this version does not execute: what each would take.
#include <fmt/format.h>

#include <algorithm>

#include "reconciler/core/property.h"
#include "reconciler/plan/change_text.h"
#include "reconciler/plan/decide.h"
#include "reconciler/plan/newest_image.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kImageHolder = "virtualMachineConfiguration";
constexpr std::string_view kReferencePath = "virtualMachineConfiguration.imageReference";
constexpr std::string_view kAgentPath = "virtualMachineConfiguration.nodeAgentSKUId";

struct Obstacle {
  Reason reason;
  std::string text;
};
Obstacle ObstacleOf(Cost cost, const Decision& decision, std::string_view property) {
  if (cost == Cost::kEmpty) {
    return {Reason::kNeedsEmptyPool,
            "needs an empty pool: resize to 0, PATCH, grow back; not executed by this version"};
  }
  if (cost == Cost::kArm) {
    return {Reason::kNeedsManagementPlane,
            fmt::format("goes through the management plane: az resource update --resource-type "
                        "Microsoft.Batch/batchAccounts/pools --parent batchAccounts/{} --name {} "
                        "--set properties.{}=...",
                        decision.context.account, decision.live.id, property)};
  }
  return {Reason::kNeedsReplacement,
          "needs a new pool: write a spec with a new name beside this one and move the jobs; not "
          "executed by this version"};
}

bool MovesImage(const std::vector<Change>& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const Change& change) {
    return change.path == kImageHolder || change.path == kAgentPath ||
           change.path.starts_with(kReferencePath);
  });
}

bool HasImageOfSpec(const Decision& decision) {
  if (PicksNewest(decision.spec())) return IsAmongNewest(decision.spec(), decision.live.body);
  const std::optional<Triple> live = TripleOf(decision.live.body);
  const std::optional<Triple> desired = TripleOf(decision.spec().body);
  return live && desired && SameTriple(*live, *desired);
}

// The agent that the change of an image would bring, or why the image cannot be had. While the live
// triple is one that the spec asks for, the live agent is the desired one, listed or not.
void ConsiderImage(Decision& decision, std::vector<Change>& changes) {
  if (!MovesImage(changes)) return;
  const bool agent_named = decision.spec().body.FindPath(kAgentPath) != nullptr;
  if (HasImageOfSpec(decision) && !agent_named) return;
  const ImageResolution image =
      ResolveImage(decision.spec(), decision.context.images, decision.context.wall);
  if (image.blocked != Reason::kNone) {
    decision.plan.holds.push_back({.reason = image.blocked,
                                   .message = image.message,
                                   .lifted_by_time = image.blocked == Reason::kImageListMissing,
                                   .position = decision.spec().PositionOf(kReferencePath),
                                   .property = std::string(kImageHolder)});
    return;
  }
  const Value* agent = decision.live.body.FindPath(kAgentPath);
  const Value resolved(image.node_agent);
  if (agent_named || agent == nullptr || *agent == resolved) return;
  Change change = changes.front();
  change.path = kAgentPath;
  change.before = *agent;
  change.after = resolved;
  change.note = "resolved from the image list";
  changes.push_back(std::move(change));
}

/// What the table says beside the cost, of the first change that has such a note.
std::string CostNote(const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    const PropertyNode* row = PoolPropertyTable().Find(change.path);
    if (row != nullptr && !row->cost_note.empty()) return "; " + row->cost_note;
  }
  return "";
}

}  // namespace

void Block(Decision& decision, std::string_view property, std::vector<Change> changes) {
  if (property == kImageHolder && decision.ours) ConsiderImage(decision, changes);
  const Change& first = changes.front();
  const Obstacle obstacle = ObstacleOf(first.cost, decision, property);
  const TextPair values = PlainChange(first);
  std::string what = fmt::format("{} {} -> {}", first.path, values.left, values.right);
  if (changes.size() > 1) what += fmt::format(" (and {} more)", changes.size() - 1);
  decision.plan.holds.push_back({.reason = obstacle.reason,
                                 .message = what + " " + obstacle.text + CostNote(changes),
                                 .lifted_by_time = false,
                                 .position = first.position,
                                 .property = std::string(property)});
  for (Change& change : changes) decision.plan.blocked.push_back(std::move(change));
}

}  // namespace reconciler::plan
