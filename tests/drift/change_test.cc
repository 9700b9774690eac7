// Somebody changes, adds or takes away one member behind the keeper's back: that member is named,
// and no other.
#include <doctest/doctest.h>

#include <string>

#include "reconciler/core/json.h"
#include "reconciler/plan/render.h"
#include "tests/cycle/keeper.h"
#include "tests/doors/foreign_call.h"
#include "tests/drift/drift_trial.h"
#include "tests/drift/spec_change.h"
#include "tests/drift/spec_draw.h"

namespace drift {
namespace {

using reconciler::Object;
using reconciler::Value;

/// The service lets nobody change most members of a pool that has nodes.
Value WithoutNodes(Value spec) {
  for (const char* name : {"enableAutoScale", "autoScaleFormula", "autoScaleEvaluationInterval",
                           "targetDedicatedNodes", "targetLowPriorityNodes"}) {
    spec.Erase(name);
  }
  return spec;
}

/// References replaced by what they name, as a script would send it.
Value WithSecrets(const Value& value) {
  if (value.IsObject()) {
    if (const Value* name = value.Find("secretRef")) {
      if (name->AsString() == "json") return Object{{"key", "a secret"}};
      return "a secret";
    }
    Value filled = Object{};
    for (const reconciler::Member& member : value.AsObject()) {
      filled.Set(member.name, WithSecrets(member.value));
    }
    return filled;
  }
  if (!value.IsArray()) return value;
  reconciler::Array items;
  for (const Value& item : value.AsArray()) items.push_back(WithSecrets(item));
  return items;
}

Value LiveProperty(keeper::Keeper& keeper, const std::string& name) {
  const Value live = keeper.Get("p0");
  const Value* property = live.Find(name);
  return property == nullptr ? Value() : *property;
}

struct Tally {
  int named = 0;
  int refused = 0;
};

/// A member of the path itself, or of what was added or taken away as a whole.
bool IsAt(const std::string& named, const SpecChange& change, ChangeKind kind) {
  if (named == change.path) return true;
  if (change.property == "metadata") return named.starts_with("metadata.");
  if (change.in_list) return named.starts_with(change.path + "[");
  return kind != ChangeKind::kChanged &&
         (named.starts_with(change.path + ".") || named.starts_with(change.path + "["));
}

void ChangeBehind(std::uint64_t seed, std::string_view api_version, ChangeKind kind, Tally& tally) {
  reconciler::SeededRandom random(seed, api_version);
  const Value spec = WithoutNodes(DrawSpec(random, api_version));
  auto change = ChangeOne(random, api_version, spec, kind);
  if (!change) return;
  keeper::Settings settings;
  settings.api_version = api_version;
  settings.service.switches.data_disks_immutable = false;
  keeper::Keeper keeper(settings);
  FillSecrets(keeper);
  keeper.tree.Write("p0.yaml", DocumentOf(0, spec));
  REQUIRE(keeper.RunUntilReady());
  const Value* property = change->spec.Find(change->property);
  Value body = Object{{change->property, WithSecrets(*property)}};
  if (change->property == "virtualMachineConfiguration") {
    const Value live = keeper.Get("p0");
    const Value* agent = live.FindPath("virtualMachineConfiguration.nodeAgentSKUId");
    if (agent != nullptr) body.Find(change->property)->Set("nodeAgentSKUId", *agent);
  }
  const Value before = LiveProperty(keeper, change->property);
  const auto answer = doors::ForeignCall(keeper.service, "PATCH", "/pools/p0",
                                         reconciler::WriteJson(body), api_version);
  if (answer.status == 400) {
    ++tally.refused;
    return;
  }
  REQUIRE(answer.status == 200);
  // The service may fill in what was taken away.
  if (LiveProperty(keeper, change->property) == before) return;
  reconciler::cycle::CycleOptions look;
  look.act = false;
  keeper.last.next_due = {};
  keeper.Run(look);
  std::vector<std::string> named;
  for (const auto* list : {&keeper.PlanOf("p0").changes, &keeper.PlanOf("p0").blocked}) {
    for (const auto& difference : *list) named.push_back(difference.path);
  }
  CAPTURE(seed);
  CAPTURE(change->path);
  CAPTURE(reconciler::WriteJson(spec));
  CAPTURE(reconciler::WriteJson(body));
  CAPTURE(keeper.PlanText());
  ++tally.named;
  // An item that is matched by all that it says is another item once it has changed.
  REQUIRE_FALSE(named.empty());
  if (kind == ChangeKind::kChanged && !change->in_list) CHECK(named.size() == 1);
  for (const std::string& path : named) {
    CAPTURE(path);
    CHECK(IsAt(path, *change, kind));
  }
}

void ChangeMany(ChangeKind kind, int named_min) {
  constexpr std::uint64_t kSeeds = 300;
  for (const std::string_view api_version : {"2025-06-01", "2024-07-01.20.0"}) {
    Tally tally;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      ChangeBehind(seed, api_version, kind, tally);
    }
    CAPTURE(tally.refused);
    CHECK(tally.named > named_min);
  }
}

TEST_CASE("drift: what somebody changed is named, and nothing else") {
  ChangeMany(ChangeKind::kChanged, 200);
}

TEST_CASE("drift: what somebody added is named, and nothing else") {
  ChangeMany(ChangeKind::kAdded, 100);
}

TEST_CASE("drift: what somebody took away is named, and nothing else") {
  ChangeMany(ChangeKind::kRemoved, 100);
}

}  // namespace
}  // namespace drift
