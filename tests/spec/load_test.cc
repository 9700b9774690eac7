#include "reconciler/spec/load.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "reconciler/core/json.h"
#include "tests/spec/fakes.h"

namespace reconciler::spec {
namespace {

using Snapshot = std::shared_ptr<const SpecSnapshot>;

std::string PoolText(const std::string& name, const std::string& more = "") {
  return "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: " + name +
         "}\nspec:\n"
         "  vmSize: standard_d2_v3\n"
         "  virtualMachineConfiguration:\n"
         "    imageReference: {publisher: canonical, offer: ubuntu, sku: 22_04-lts}\n" +
         more;
}

const std::string kDefaults =
    "apiVersion: poolkeeper/v1\nkind: PoolDefaults\nspec:\n  taskSlotsPerNode: 4\n";

struct World {
  MemoryTree tree{};
  MemoryStore store{};
  LoadOptions options{{"contoso"}};

  Snapshot Load() {
    SpecLoader loader(tree, store, options);
    Snapshot snapshot = *loader.Load();
    return snapshot;
  }
  Snapshot LoadAndCommit() {
    SpecLoader loader(tree, store, options);
    Snapshot snapshot = *loader.Load();
    CHECK(loader.CommitLastGood().has_value());
    return snapshot;
  }
};

std::string TextOf(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) text += FormatFinding(finding) + "\n";
  return text;
}

const PoolSpec* Find(const Snapshot& snapshot, std::string_view id) {
  for (const PoolSpec& pool : snapshot->pools) {
    if (pool.id == id) return &pool;
  }
  return nullptr;
}

TEST_CASE("load: a good file becomes a spec with positions") {
  World world;
  world.tree.Write("pools/a.yaml", PoolText("render",
                                            "  targetDedicatedNodes: 2\n"
                                            "  metadata:\n"
                                            "    - {name: team, value: render}\n"
                                            "policy: {adopt: true}\n"));
  const Snapshot snapshot = world.Load();
  CHECK(TextOf(snapshot->findings) == "");
  CHECK(snapshot->complete);
  CHECK(snapshot->revision.starts_with("sha256:"));
  CHECK(snapshot->revision.size() == 19);
  REQUIRE(snapshot->pools.size() == 1);
  const PoolSpec& pool = *Find(snapshot, "render");
  CHECK(pool.id == "render");
  CHECK(pool.account == "contoso");
  CHECK(pool.policy.adopt);
  CHECK(pool.frozen_reason == "");
  CHECK(WriteSortedJson(pool.body) ==
        R"({"metadata":[{"name":"team","value":"render"}],"targetDedicatedNodes":2,)"
        R"("virtualMachineConfiguration":{"imageReference":{"offer":"ubuntu",)"
        R"("publisher":"canonical","sku":"22_04-lts"}},"vmSize":"standard_d2_v3"})");
  CHECK(FormatPosition(pool.position) == "pools/a.yaml:3:18");
  CHECK(FormatPosition(pool.PositionOf("targetDedicatedNodes")) == "pools/a.yaml:8:3");
  CHECK(FormatPosition(pool.PositionOf("metadata.team")) == "pools/a.yaml:10:7");
  CHECK(FormatPosition(pool.PositionOf("virtualMachineConfiguration.imageReference.sku")) ==
        "pools/a.yaml:7:59");
}

}  // namespace
}  // namespace reconciler::spec
