// Any pool, imported: its spec is valid, the plan is to adopt it and to change nothing.
#include <doctest/doctest.h>

#include <string>

#include "reconciler/core/json.h"
#include "reconciler/plan/import_pool.h"
#include "reconciler/spec/yaml_text.h"
#include "tests/cycle/keeper.h"
#include "tests/drift/drift_trial.h"
#include "tests/drift/spec_draw.h"

namespace drift {
namespace {

using reconciler::Value;

std::string TextOf(const reconciler::plan::ImportedPool& imported) {
  reconciler::spec::Comments comments;
  for (const auto& note : imported.comments) comments[note.path].push_back(note.text);
  return reconciler::spec::WriteYaml(imported.document, reconciler::PoolPropertyTable().Root(),
                                     {comments, {}, {}});
}

/// As a pool that nobody ever kept.
void TakeStampAway(keeper::Keeper& keeper, const Value& body) {
  reconciler::Array items;
  if (const Value* metadata = body.Find("metadata")) {
    for (const Value& item : metadata->AsArray()) {
      if (!item.StringOr("name").starts_with("poolkeeper.")) items.push_back(item);
    }
  }
  const Value patch = reconciler::Object{{"metadata", items}};
  REQUIRE(keeper.Call("PATCH", "/pools/p0", reconciler::WriteJson(patch)) == 200);
}

void ImportBack(std::uint64_t seed, std::string_view api_version) {
  reconciler::SeededRandom random(seed, api_version);
  const Value spec = DrawSpec(random, api_version);
  keeper::Settings settings;
  settings.api_version = api_version;
  keeper::Keeper keeper(settings);
  FillSecrets(keeper);
  keeper.tree.Write("p0.yaml", DocumentOf(0, spec));
  REQUIRE(keeper.RunUntilReady());
  auto body = reconciler::ParseJson(keeper.service.PoolJson("demo", "p0", api_version));
  REQUIRE(body);
  TakeStampAway(keeper, *body);

  const auto imported = reconciler::plan::ImportPool(*body, "", api_version);
  const std::string text = TextOf(imported);
  CAPTURE(seed);
  CAPTURE(reconciler::WriteJson(spec));
  CAPTURE(text);
  for (const auto& secret : imported.secrets) keeper.secrets.values[secret.name] = "a secret";
  keeper.tree.Write("p0.yaml", text);
  keeper.state.blobs.clear();
  keeper.Restart();
  reconciler::cycle::CycleOptions look;
  look.act = false;
  keeper.Run(look);
  for (const auto& finding : keeper.specs->findings) {
    CAPTURE(reconciler::FormatFinding(finding));
    CHECK(finding.level != reconciler::Finding::Level::kError);
  }
  REQUIRE(keeper.last.plan.pools.size() == 1);
  CAPTURE(keeper.PlanText());
  CHECK(keeper.PlanText().find("1 to adopt, 0 to change") != std::string::npos);
  keeper.RunNow();
  keeper.Run(look);
  CAPTURE(keeper.PlanText());
  CHECK(keeper.PlanText().find("No changes. 1 pool matches") != std::string::npos);
}

TEST_CASE("import: a pool that is imported is adopted as it is") {
  constexpr std::uint64_t kSeeds = 150;
  for (const std::string_view api_version : {"2025-06-01", "2024-07-01.20.0"}) {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) ImportBack(seed, api_version);
  }
}

}  // namespace
}  // namespace drift
