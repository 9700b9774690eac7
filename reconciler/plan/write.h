// From a step to the body of its call.
#pragma once

#include <string>

#include "reconciler/plan/ownership.h"
#include "reconciler/plan/plan.h"

namespace reconciler::plan {

/// A call as it will be sent, but for its secrets: {"secretRef": name} stands where one goes.
struct WriteIntent {
  StepKind kind = StepKind::kPatch;
  std::string pool_id;                  // live spelling
  std::string if_match;                 // empty where the call takes no condition
  Value body;                           // null: no body
  std::vector<std::string> properties;  // written by it: their evidence is the GET after it
};

/// `incarnation`: 32 hex digits, random. The image is resolved here; call only for plans with a
/// kCreate step (a resolution that fails has become a hold). `record_reduced`: the service answered
/// MetadataTooLarge before.
WriteIntent BuildCreate(const DecideContext& context, const PreparedSpec& prepared,
                        const std::string& incarnation, bool record_reduced = false);
/// The stamp, and a record of nothing but the properties whose secrets cannot be compared: from
/// then on a change of those secrets is noticed.
WriteIntent BuildAdopt(const DecideContext& context, const PreparedSpec& prepared,
                       const PoolPlan& plan, const AdoptablePool& pool,
                       const std::string& incarnation, bool record_reduced = false);
/// Any other step. `if_match` is the pool's ETag. A resize sends both targets.
/// A kPatch whose metadata would pass the record's limit writes the record "0".
/// `record_reduced`: the service answered MetadataTooLarge before.
WriteIntent BuildWrite(const DecideContext& context, const PreparedSpec& prepared,
                       const PoolPlan& plan, const Step& step, const OwnedPool& pool,
                       const PoolMemory& memory, bool record_reduced);

}  // namespace reconciler::plan
