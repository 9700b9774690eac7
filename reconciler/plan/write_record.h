// The record on the pool as a write leaves it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/plan/ownership.h"
#include "reconciler/plan/plan.h"

namespace reconciler::plan {

const PreparedProperty* FindProperty(const PreparedSpec& prepared, std::string_view name);

/// Owner, source, pool and incarnation; no revision and no record.
Stamp NewStamp(const DecideContext& context, const PoolSpec& spec, const std::string& incarnation);
/// An entry for each property that this api-version has; those of cost `reboot` with the minute.
Record RecordOfCreate(const DecideContext& context, const PreparedSpec& prepared);
/// Entries for the properties whose secrets the plan cannot compare; nullopt if there are none.
std::optional<Record> RecordOfAdopt(const PreparedSpec& prepared, const PoolPlan& plan);
/// A record that does not fit loses the tags of secrets; if that is not enough, or if the service
/// has refused it, it becomes "0".
void Reduce(Stamp& stamp, bool refused);

/// The whole metadata list for a PATCH or updateproperties. Written properties get new entries,
/// those in sync are refreshed, kept ones carry what the service made of them, blocked and pending
/// ones keep their old entry, and what left the spec is dropped once it is reset or released.
std::vector<MetadataItem> MetadataOfWrite(const DecideContext& context,
                                          const PreparedSpec& prepared, const PoolPlan& plan,
                                          const Step& step, const OwnedPool& pool,
                                          bool record_reduced);

}  // namespace reconciler::plan
