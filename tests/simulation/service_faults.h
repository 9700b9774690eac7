// What goes wrong on the service's side of the simulated account.
#pragma once

#include <cstdint>
#include <string>

#include "reconciler/core/random.h"
#include "tests/emulator/fault_plan.h"
#include "tests/emulator/service.h"

namespace simulation {

/// Stale, hidden, repeated and spoilt answers, each of them seldom.
emulator::FaultPlan DrawnAnswers(std::uint64_t seed);

/// Something happens to a pool that nobody asked for: errors, nodes out of order, another ETag, an
/// older or a new pool in its place, none.
void Afflict(emulator::Service& service, reconciler::SeededRandom& random,
             const std::string& account, const std::string& pool);

}  // namespace simulation
