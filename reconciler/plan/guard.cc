#include "reconciler/plan/guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace reconciler::plan {
namespace {

// Share of the fleet that one plan, with the last hour, may lose without consent.
constexpr long long kLossPercent = 30;
constexpr long long kLostPoolsMax = 4;
// Fleets below this are left alone: a third of three nodes is one.
constexpr long long kNodesThatCount = 10;
constexpr std::size_t kNamesShown = 5;

bool Runs(const PoolPlan& pool) { return pool.HasWork() && !pool.observe_only; }
bool Exists(const PoolPlan& pool) { return pool.owned && pool.presence == Presence::kPresent; }

struct Fleet {
  long long pools = 0;
  long long nodes_before = 0;
  long long nodes_held = 0;  // before, without what somebody else has just added
  long long nodes_after = 0;
};
int Held(const PoolPlan& pool) { return pool.nodes_before - pool.nodes_of_others; }

Fleet Owned(const AccountPlan& plan) {
  Fleet fleet;
  for (const PoolPlan& pool : plan.pools) {
    if (!Exists(pool)) continue;
    ++fleet.pools;
    fleet.nodes_before += pool.nodes_before;
    fleet.nodes_held += Held(pool);
    fleet.nodes_after += Runs(pool) ? pool.nodes_after : pool.nodes_before;
  }
  // Orphans are ours as well; their targets stay as they are and are not known here.
  fleet.pools += static_cast<long long>(plan.orphans.size());
  return fleet;
}

// Distinct pools of the plan and of the last hour, and the nodes that they lose together.
struct Sum {
  std::set<std::string> pools;
  long long nodes = 0;
  std::size_t earlier = 0;  // of the last hour
};
Sum Add(const std::vector<Loss>& planned, const std::vector<Loss>& earlier, bool whole_only) {
  Sum sum;
  const auto add = [&](const Loss& loss) {
    if (whole_only && !loss.whole) return;
    sum.pools.insert(loss.pool);
    sum.nodes += loss.nodes;
  };
  for (const Loss& loss : earlier) add(loss);
  sum.earlier = sum.pools.size();
  for (const Loss& loss : planned) add(loss);
  return sum;
}

std::string Names(const std::vector<Loss>& losses, bool whole_only) {
  std::vector<std::string> names;
  for (const Loss& loss : losses) {
    if (!whole_only || loss.whole) names.push_back(loss.pool);
  }
  const std::size_t more = names.size() > kNamesShown ? names.size() - kNamesShown : 0;
  names.resize(names.size() - more);
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  return more == 0 ? text : fmt::format("{} and {} more", text, more);
}

std::string Earlier(std::size_t count) {
  return count == 0 ? "" : fmt::format(", with {} of the last hour", count);
}

std::string CountsAsFull(const GuardInput& input) {
  return fmt::format("the list of the last hour's losses cannot be read, so it counts as full{}",
                     input.losses_problem.empty() ? "" : " (" + input.losses_problem + ")");
}

std::string PoolGuard(const std::vector<Loss>& planned, const GuardInput& input,
                      const Fleet& fleet) {
  if (std::none_of(planned.begin(), planned.end(), [](const Loss& loss) { return loss.whole; })) {
    return {};
  }
  if (input.losses_unreadable) {
    return fmt::format("pools would be lost ({}) and {}", Names(planned, true),
                       CountsAsFull(input));
  }
  const Sum sum = Add(planned, input.losses, true);
  const auto lost = static_cast<long long>(sum.pools.size());
  const bool share = lost > 1 && lost * 100 > kLossPercent * fleet.pools;
  if (!share && lost <= kLostPoolsMax) return {};
  const long long limit = std::min(kLostPoolsMax, std::max(1LL, kLossPercent * fleet.pools / 100));
  return fmt::format("{} of {} owned pools would be lost ({}{}), at most {} may be", lost,
                     fleet.pools, Names(planned, true), Earlier(sum.earlier), limit);
}

std::string ShrinkGuard(const std::vector<Loss>& planned, const GuardInput& input,
                        const Fleet& fleet) {
  if (planned.empty()) return {};
  if (input.losses_unreadable) {
    return fmt::format("pools would shrink ({}) and {}", Names(planned, false),
                       CountsAsFull(input));
  }
  const Sum sum = Add(planned, input.losses, false);
  long long before = fleet.nodes_held;
  for (const Loss& loss : input.losses) before += loss.nodes;
  const bool much = sum.nodes > kNodesThatCount && sum.nodes * 100 > kLossPercent * before;
  if (sum.pools.size() < 2 || !much) return {};
  const long long limit = std::max(kNodesThatCount, kLossPercent * before / 100);
  return fmt::format("{} pools would lose {} of {} owned target nodes ({}{}), at most {} may be",
                     sum.pools.size(), sum.nodes, before, Names(planned, false),
                     Earlier(sum.earlier), limit);
}

std::string GrowthGuard(const Fleet& fleet) {
  if (fleet.nodes_before <= kNodesThatCount || fleet.nodes_after <= 2 * fleet.nodes_before) {
    return {};
  }
  return fmt::format("the owned pools would grow from {} to {} target nodes, more than double",
                     fleet.nodes_before, fleet.nodes_after);
}

std::string NodesGuard(const AccountPlan& plan, const GuardInput& input) {
  if (!input.limits.nodes_max || plan.nodes_after <= *input.limits.nodes_max) return {};
  // Somebody else's growth is no reason to park a plan that adds nothing.
  const bool adds = std::any_of(plan.pools.begin(), plan.pools.end(), [](const PoolPlan& pool) {
    return Runs(pool) && pool.nodes_after > pool.nodes_before;
  });
  if (!adds) return {};
  return fmt::format("the account would have {} target nodes, {} more than its maxNodes of {}",
                     plan.nodes_after, plan.nodes_after - *input.limits.nodes_max,
                     *input.limits.nodes_max);
}

constexpr std::string_view kLiftShrink =
    "; look at the plan, `poolkeeper apply --allow-shrink` lifts this for one plan";
constexpr std::string_view kLiftGrowth =
    "; look at the plan, `poolkeeper apply --allow-growth` lifts this for one plan";
constexpr std::string_view kLiftNodes =
    "; raise maxNodes, or `poolkeeper apply --allow-growth` lifts this for one plan";

void Trip(std::string found, std::string_view lift, std::vector<std::string>& trips) {
  if (!found.empty()) trips.push_back(std::move(found) + std::string(lift));
}

}  // namespace

std::vector<Loss> LossesOf(const AccountPlan& plan, Instant now) {
  std::vector<Loss> losses;
  for (const PoolPlan& pool : plan.pools) {
    if (!Exists(pool) || !Runs(pool) || pool.nodes_after >= Held(pool)) continue;
    losses.push_back({.time = now,
                      .pool = pool.pool,
                      .incarnation = {},
                      .nodes = Held(pool) - pool.nodes_after,
                      .whole = pool.nodes_after == 0,
                      .before = Held(pool)});
  }
  return losses;
}

std::optional<Hold> CheckGuards(const AccountPlan& plan, const GuardInput& input) {
  const std::vector<Loss> planned = LossesOf(plan, Instant{});
  const Fleet fleet = Owned(plan);
  std::vector<std::string> trips;
  if (!input.limits.allow_shrink) {
    Trip(PoolGuard(planned, input, fleet), kLiftShrink, trips);
    // One list that cannot be read is one message.
    if (trips.empty() || !input.losses_unreadable) {
      Trip(ShrinkGuard(planned, input, fleet), kLiftShrink, trips);
    }
  }
  if (!input.limits.allow_growth) {
    Trip(GrowthGuard(fleet), kLiftGrowth, trips);
    Trip(NodesGuard(plan, input), kLiftNodes, trips);
  }
  if (trips.empty()) return std::nullopt;
  Hold hold;
  hold.reason = Reason::kGuardTripped;
  hold.message = fmt::format("{}", fmt::join(trips, "; also: "));
  return hold;
}

}  // namespace reconciler::plan
