// Guards over the whole plan of an account: pure functions, before anything runs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/result.h"
#include "reconciler/plan/plan.h"

namespace reconciler::plan {

/// A pool that was deleted, drained, sent to zero or made smaller by us within the last hour.
struct Loss {
  Instant time{};
  std::string pool;
  std::string incarnation;
  int nodes = 0;      // target nodes lost
  bool whole = true;  // the pool is lost; false: it shrank and nodes are left
  int before = 0;     // target nodes before; 0: not known
};
/// JSON text for the state store, and back. Entries older than an hour before `now` are dropped.
/// Errors (kTerminal): anything but such a list; callers then set `losses_unreadable`.
std::string WriteLosses(const std::vector<Loss>& losses);
Result<std::vector<Loss>> ReadLosses(std::string_view text, Instant now);
/// What carrying out the plan would add to the list: pools whose target goes down, with pools that
/// go from above 0 to 0 counting as lost. Taking back what somebody else has just added is no loss.
/// The incarnation is left to the caller.
std::vector<Loss> LossesOf(const AccountPlan& plan, Instant now);

struct GuardLimits {
  std::optional<long long> nodes_max;  // `maxNodes` of the account
  bool allow_shrink = false;
  bool allow_growth = false;
};
/// The account as the guards see it.
struct GuardInput {
  std::vector<Loss> losses;        // of the last hour
  bool losses_unreadable = false;  // counts as full
  std::string losses_problem{};    // why, with the name of the file; may be empty
  GuardLimits limits;
};
/// Parks the plan, whole, or lets it pass (nullopt). Exactly at a limit passes. The message says
/// what trips, by how much, and what lifts it.
std::optional<Hold> CheckGuards(const AccountPlan& plan, const GuardInput& input);

}  // namespace reconciler::plan
