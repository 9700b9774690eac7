// The parts of a decision about one pool; DecidePool puts them together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconciler/plan/plan.h"

namespace reconciler::plan {

/// What the parts of a decision about a live pool read, and the plan that they write.
struct Decision {
  const DecideContext& context;
  const PropertyTable& table;
  const PreparedSpec& prepared;
  const LivePool& live;
  const PoolMemory& memory;
  const Stamp stamp;
  const bool ours;  // false: differences without a cause, nothing is learned, no steps
  /// What is desired of the virtualMachineConfiguration of this pool; nullopt: what the spec says.
  const std::optional<Value> machine;
  PoolPlan& plan;

  const PoolSpec& spec() const { return *prepared.spec; }
  bool Steady() const { return live.allocation_state == AllocationState::kSteady; }
  /// Nothing of ours was written since the pool was adopted.
  bool Adopted() const { return ours && stamp.revision.empty(); }
};

/// All owned properties outside the scale group, what left the spec, and the steps for both.
void DecideProperties(Decision& decision);
/// What the record names and the spec no longer does: reset or released. Names that a PATCH resets
/// go to `patch`, those that are only forgotten to `forget`.
void DecideLeft(Decision& decision, std::vector<std::string>& patch,
                std::vector<std::string>& forget, bool& remove_start_task);
/// Differences of one property whose cost is not executed: a hold that says what it would take.
void Block(Decision& decision, std::string_view property, std::vector<Change> changes);
/// The scale group: differences, releases, steps, and the targets for the guards.
void DecideScale(Decision& decision);
/// Members of the scale group that have left the spec: no step, the plan says what stays.
void DecideScaleReleases(Decision& decision);
/// A pool with the targets of its spec and not the nodes: the same resize again, or until when not.
void DecideAllocation(Decision& decision);
/// The targets that count for the guards.
void CountNodes(Decision& decision);
/// A pool that does not exist.
PoolPlan DecideCreate(const DecideContext& context, const PropertyTable& table,
                      const PreparedSpec& prepared, const PoolMemory& memory);

/// The member of the answer that a property is compared with; nullptr: absent.
const Value* LiveValue(const LivePool& live, std::string_view property);
/// "team" of "metadata.team"; empty for any other property.
std::string_view MetadataName(std::string_view property);
/// The digest that memory and record hold for a live value; absent counts as null.
std::string LiveDigest(const Value* live);

/// Notes and holds that a difference of the start task's kind carries.
inline constexpr std::string_view kReachesNodes = "reaches nodes when they restart";

/// What waits after a failed action: appended when `plan` has steps that it holds.
void HoldAfterFailure(const DecideContext& context, const PoolSpec& spec, const PoolMemory& memory,
                      PoolPlan& plan);
/// Freeze file, unreadable spec, observe mode; then drops the steps that a hold forbids.
void HoldWhole(const DecideContext& context, const PoolSpec& spec, PoolPlan& plan);

}  // namespace reconciler::plan
