// No false drift: whatever a spec says, the pool that is made of it agrees with it.
//
//   POOLKEEPER_DRIFT_SEEDS=FIRST:COUNT   other seeds than those of every run
#include <doctest/doctest.h>

#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "reconciler/core/json.h"
#include "reconciler/core/property.h"
#include "reconciler/core/random.h"
#include "tests/drift/drift_trial.h"
#include "tests/drift/spec_draw.h"

namespace drift {
namespace {

struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t count = 10'000;  // specs of each api-version
};

Seeds SeedsOfRun() {
  Seeds seeds;
  const char* given = std::getenv("POOLKEEPER_DRIFT_SEEDS");
  if (given == nullptr) return seeds;
  const std::string text = given;
  const std::size_t colon = text.find(':');
  seeds.first = std::strtoull(text.c_str(), nullptr, 10);
  if (colon != std::string::npos) {
    seeds.count = std::strtoull(text.c_str() + colon + 1, nullptr, 10);
  }
  return seeds;
}

reconciler::Value SpecOf(std::uint64_t seed, std::string_view api_version) {
  reconciler::SeededRandom random(seed, api_version);
  return DrawSpec(random, api_version);
}

void TryAlone(std::uint64_t seed, std::string_view api_version) {
  const reconciler::Value spec = SpecOf(seed, api_version);
  if (TryPools({spec}, api_version).empty()) return;
  const reconciler::Value smaller = Shrink(spec, api_version);
  FAIL_CHECK("seed " << seed << " at " << std::string(api_version) << "\n"
                     << reconciler::WritePrettyJson(smaller) << "\n"
                     << TryPools({smaller}, api_version));
}

void TryAll(std::string_view api_version) {
  constexpr std::uint64_t kTogether = 25;
  const Seeds seeds = SeedsOfRun();
  const std::uint64_t end = seeds.first + seeds.count;
  for (std::uint64_t from = seeds.first; from < end; from += kTogether) {
    std::vector<reconciler::Value> specs;
    for (std::uint64_t seed = from; seed < std::min(from + kTogether, end); ++seed) {
      specs.push_back(SpecOf(seed, api_version));
    }
    if (TryPools(specs, api_version).empty()) continue;
    for (std::uint64_t seed = from; seed < from + specs.size(); ++seed) TryAlone(seed, api_version);
    FAIL("some of seeds " << from << " to " << from + specs.size() - 1);
  }
}

void CollectPaths(const reconciler::PropertyNode& row, const reconciler::Value& value,
                  std::set<std::string>& paths) {
  if (value.IsNull()) return;
  paths.insert(row.path);
  if (value.IsObject()) {
    for (const reconciler::Member& member : value.AsObject()) {
      if (const auto* below = row.FindMember(member.name))
        CollectPaths(*below, member.value, paths);
    }
  }
  if (!value.IsArray() || row.item == nullptr) return;
  for (const reconciler::Value& item : value.AsArray()) CollectPaths(*row.item, item, paths);
}

void CollectRows(const reconciler::PropertyNode& row, std::string_view api_version,
                 std::set<std::string>& paths) {
  // A key of one's own needs an identity, which only the management plane gives to a pool.
  if (!row.ExistsIn(api_version) || row.name == "customerManagedKey") return;
  paths.insert(row.path);
  if (row.secret == reconciler::SecretUse::kAlways) return;
  for (const reconciler::PropertyNode& below : row.members) {
    CollectRows(below, api_version, paths);
  }
  if (row.item != nullptr) CollectRows(*row.item, api_version, paths);
}

TEST_CASE("drift: every member of the table is drawn") {
  for (const std::string_view api_version : {"2025-06-01", "2024-07-01.20.0"}) {
    std::set<std::string> drawn, rows;
    for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
      CollectPaths(reconciler::PoolPropertyTable().Spec(), SpecOf(seed, api_version), drawn);
    }
    CollectRows(reconciler::PoolPropertyTable().Spec(), api_version, rows);
    for (const std::string& row : rows) {
      CAPTURE(row);
      CHECK(drawn.contains(row));
    }
  }
}

TEST_CASE("drift: a pool agrees with the spec that made it, 2025-06-01") { TryAll("2025-06-01"); }

TEST_CASE("drift: a pool agrees with the spec that made it, 2024-07-01.20.0") {
  TryAll("2024-07-01.20.0");
}

}  // namespace
}  // namespace drift
