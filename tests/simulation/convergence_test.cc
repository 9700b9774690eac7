#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "tests/simulation/world.h"

namespace {

using reconciler::Reason;
using simulation::World;

constexpr int kCycles = 200;
constexpr int kCyclesToConverge = 20;  // a minute each; formulas are evaluated every 15
constexpr int kQuietCycles = 3;

/// Seeds from POOLKEEPER_SEEDS ("300" or "1000:1100"); long runs are a command of their own.
struct SeedRange {
  std::uint64_t first = 1;
  std::uint64_t last = 300;
};
SeedRange Seeds() {
  SeedRange range;
  const char* text = std::getenv("POOLKEEPER_SEEDS");  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr) return range;
  const std::string setting = text;
  const std::size_t colon = setting.find(':');
  if (colon == std::string::npos) {
    range.last = std::stoull(setting);
  } else {
    range.first = std::stoull(setting.substr(0, colon));
    range.last = std::stoull(setting.substr(colon + 1));
  }
  return range;
}

bool IsParked(const World& world) {
  return world.last().plan.parked && world.last().plan.parked->reason == Reason::kGuardTripped;
}

void Storm(World& world) {
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    world.fault_percent = cycle % 50 < 40 ? 20 : 0;
    world.Disturb();
    // Now and then a person looks at a parked plan and lets it pass.
    const bool lifted = IsParked(world) && world.random.Below(4) == 0;
    world.RunKeeper({.allow_shrink = lifted, .allow_growth = lifted});
  }
}

/// After many failed allocations the next try may be an hour away, which counts as one cycle.
bool WaitsForNodes(const World& world) {
  const auto& statuses = world.last().statuses;
  return std::any_of(statuses.begin(), statuses.end(),
                     [](const auto& status) { return status.next == "ask for the nodes again"; });
}

/// True if a guard parked the plan on the way.
bool ConvergeWithin(World& world, int cycles, const reconciler::cycle::CycleOptions& options) {
  constexpr int kWaitingMax = 500;
  bool parked = false;
  int waited = 0;
  for (int cycle = 0; cycle < cycles && (cycle == 0 || !world.Converged()); ++cycle) {
    world.RunKeeper(options);
    parked = parked || IsParked(world);
    while (WaitsForNodes(world) && waited++ < kWaitingMax) world.RunKeeper(options);
  }
  return parked;
}

}  // namespace

TEST_CASE("a whole account converges once faults and foreign hands stop, and then stays quiet") {
  const SeedRange seeds = Seeds();
  std::uint64_t parked = 0;
  std::uint64_t kills = 0;
  std::uint64_t writes = 0;
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    CAPTURE(seed);
    World world(seed);
    Storm(world);
    world.Calm();
    const bool was_parked = ConvergeWithin(world, kCyclesToConverge, {});
    if (!world.Converged() && was_parked) {
      // A guard stopped what the storm left to do, and says so; a person lifts it.
      ++parked;
      (void)ConvergeWithin(world, kCyclesToConverge, {.allow_shrink = true, .allow_growth = true});
    }
    std::string why;
    const bool converged = world.Converged(&why);
    CAPTURE(why);
    CHECK(converged);
    // Whatever is still being recorded or released is written now; afterwards nothing is.
    for (int cycle = 0; cycle < kQuietCycles; ++cycle) world.RunKeeper();
    const std::uint64_t before = world.transport.writes;
    for (int cycle = 0; cycle < kQuietCycles; ++cycle) world.RunKeeper();
    CHECK(world.transport.writes == before);
    CHECK(world.last().observed);
    kills += static_cast<std::uint64_t>(world.kills);
    writes += world.transport.writes;
  }
  MESSAGE("seeds " << seeds.first << " to " << seeds.last << ": " << writes << " writes, " << kills
                   << " kills, " << parked << " ended parked by a guard");
  CHECK(parked * 2 < seeds.last - seeds.first + 1);
}

TEST_CASE("the same seed gives the same trace twice") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    World first(seed);
    World second(seed);
    Storm(first);
    Storm(second);
    CHECK(first.TraceDigest() == second.TraceDigest());
  }
  World one(1);
  World other(2);
  Storm(one);
  Storm(other);
  CHECK(one.TraceDigest() != other.TraceDigest());
}
