#include "tests/simulation/service_faults.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

namespace simulation {
namespace {

using emulator::NodeState;

/// None of them is a last word: a refusal of a body would hold until the spec changes.
constexpr const char* kAnswers[] = {
    "operation: any, status: 408, applied: true",
    "operation: any, connection: closed, applied: true",
    "operation: any, connection: hang, appliedAfter: 90s",
    "operation: write, outcome: lost",
    "operation: write, outcome: twiceFirst",
    "operation: write, outcome: twiceSecond",
    "operation: write, duplicateAfter: 40s",
    "operation: createPool, hideFor: 45s",
    "operation: write, hideFor: 20s",
    "operation: read, staleFor: 60s",
    "operation: listPools, staleFor: 300s",
    "operation: listPools, list: missesItem",
    "operation: listPools, list: repeatsItem",
    "operation: listPools, list: empty",
    "operation: listPools, pageSize: 1",
    "operation: read, etag: changes",
    "operation: write, etag: changes",
    "operation: read, etag: missing",
    "operation: read, body: invalidJson",
    "operation: read, member: {name: metadata, act: drop}",
    "operation: read, member: {name: allocationState, value: '\"pondering\"'}",
};

void ForceSomeNodes(emulator::Service& service, reconciler::SeededRandom& random,
                    const std::string& account, const std::string& pool) {
  constexpr NodeState kStates[] = {NodeState::kOffline, NodeState::kUnusable,
                                   NodeState::kStartTaskFailed};
  const auto count = static_cast<std::int64_t>(random.Below(3));
  (void)service.ForceNodes(account, pool, kStates[random.Below(3)], count, random.Below(2) == 0);
}

}  // namespace

emulator::FaultPlan DrawnAnswers(std::uint64_t seed) {
  std::string text = fmt::format("seed: {}\nfaults:\n", seed);
  for (const char* const rule : kAnswers) text += fmt::format("  - {{percent: 1, {}}}\n", rule);
  auto plan = emulator::ReadFaultPlan(text, "plan");
  if (const auto* const problem = std::get_if<emulator::ConfigError>(&plan)) {
    fmt::print(stderr, "{}\n", problem->message);
    std::abort();
  }
  return std::get<emulator::FaultPlan>(std::move(plan));
}

void Afflict(emulator::Service& service, reconciler::SeededRandom& random,
             const std::string& account, const std::string& pool) {
  switch (random.Below(7)) {
    case 0:
      return ForceSomeNodes(service, random, account, pool);
    case 1:
      return service.SetResizeErrors(account, pool, {{"AllocationFailed", "as it happens"}});
    case 2:
      return service.FailEvaluation(account, pool, {"EvaluationError", "as it happens"});
    case 3:
      return service.TouchPool(account, pool);
    case 4:
      return service.RecreatePool(account, pool);
    case 5: {
      const auto ago = std::chrono::minutes(1 + static_cast<int>(random.Below(5)));
      const auto then = service.Present(account).at - ago;
      return service.RevertPool(account, pool, service.AsOf(account, then));
    }
    default:
      if (random.Below(4) == 0) service.DropPool(account, pool);
  }
}

}  // namespace simulation
