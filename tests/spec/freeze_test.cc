#include "reconciler/spec/freeze.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "tests/spec/world.h"

namespace reconciler::spec {
namespace {

const std::string kNodes = "  targetDedicatedNodes: 3\n";

TEST_CASE("freeze: a spec with an error stays at its last good state") {
  World world;
  world.tree.Write("a.yaml", PoolText("a", kNodes));
  world.tree.Write("b.yaml", PoolText("b"));
  world.Run();
  world.tree.Write("a.yaml", PoolText("a", "  targetDedicatedNodes: three\n"));
  const Snapshot snapshot = world.Run();
  CHECK(snapshot->complete);
  REQUIRE(Find(snapshot, "a") != nullptr);
  CHECK(Find(snapshot, "a")->body.IntOr("targetDedicatedNodes", 0) == 3);
  CHECK(FrozenReason(snapshot, "a") ==
        "a.yaml:8:25: spec.targetDedicatedNodes: expected an integer, found string 'three'");
  CHECK(FrozenReason(snapshot, "b") == "");
  CHECK(FrozenReason(world.Run(), "a") != "");  // still remembered
}

TEST_CASE("freeze: a frozen spec names the file of its members and no line that is not theirs") {
  World world;
  world.tree.Write("a.yaml", PoolText("a", kNodes));
  world.Run();
  world.tree.Write("a.yaml", "kind: [");
  const Snapshot snapshot = world.Run();
  REQUIRE(Find(snapshot, "a") != nullptr);
  CHECK(FormatPosition(Find(snapshot, "a")->PositionOf("targetDedicatedNodes")) == "a.yaml");
  CHECK(FormatPosition(
            Find(snapshot, "a")->PositionOf("virtualMachineConfiguration.imageReference.sku")) ==
        "a.yaml");
  CHECK(FormatPosition(Find(snapshot, "a")->position) == "a.yaml:3:18");
}

TEST_CASE("freeze: a file that is no YAML freezes its pools and makes the tree incomplete") {
  World world;
  world.tree.Write("a.yaml", PoolText("a", kNodes) + "---\n" + PoolText("b"));
  world.Run();
  world.tree.Write("a.yaml", PoolText("a", kNodes) + "---\nkind: [\n");
  const Snapshot snapshot = world.Run();
  CHECK_FALSE(snapshot->complete);
  CHECK(FrozenReason(snapshot, "a") == "");  // its own document is good
  CHECK(FrozenReason(snapshot, "b") == "a.yaml cannot be read");
}

TEST_CASE("freeze: a spec without a last good state is not created, and hides no live pool") {
  World world;
  world.tree.Write("a.yaml", PoolText("a", "  targetDedicatedNodes: three\n"));
  const Snapshot snapshot = world.Run();
  CHECK(snapshot->pools.empty());
  CHECK(snapshot->complete);  // who it is about is known
  REQUIRE(snapshot->unreadable.size() == 1);
  CHECK(snapshot->unreadable[0].id == "a");
  CHECK(snapshot->unreadable[0].account == "contoso");
  CHECK(snapshot->unreadable[0].problem ==
        "a.yaml:8:25: spec.targetDedicatedNodes: expected an integer, found string 'three'");
  CHECK(FormatPosition(snapshot->unreadable[0].position).starts_with("a.yaml:"));
}

TEST_CASE("freeze: a removed spec is gone, unless the tree is incomplete") {
  World world;
  world.tree.Write("a.yaml", PoolText("a"));
  world.tree.Write("b.yaml", PoolText("b"));
  world.Run();
  world.tree.Remove("a.yaml");
  world.tree.complete = false;
  CHECK_FALSE(world.Run()->complete);
  world.tree.complete = true;
  world.tree.Write("a.yaml", "kind: [");  // its last good state is still known
  CHECK(FrozenReason(world.Run(), "a") == "a.yaml cannot be read");
  world.tree.Remove("a.yaml");
  const Snapshot snapshot = world.Run();
  CHECK(snapshot->complete);
  CHECK(Find(snapshot, "a") == nullptr);
  world.tree.Write("a.yaml", "kind: [");
  CHECK(Find(world.Run(), "a") == nullptr);  // forgotten
}

TEST_CASE("freeze: a vanished or unreadable tree freezes all") {
  World world;
  world.tree.Write("in/a.yaml", PoolText("a"));
  world.tree.Write("b.yaml", PoolText("b"));
  world.Run();
  SUBCASE("the root is missing") {
    world.tree.Remove("in/a.yaml");
    world.tree.Remove("b.yaml");
    world.tree.complete = false;
    world.tree.problems = {{"", "no such folder"}};
    const Snapshot snapshot = world.Run();
    CHECK(FrozenReason(snapshot, "a") == "the spec tree: no such folder");
    CHECK(FrozenReason(snapshot, "b") == "the spec tree: no such folder");
  }
  SUBCASE("the tree is empty") {
    world.tree.Remove("in/a.yaml");
    world.tree.Remove("b.yaml");
    CHECK(FrozenReason(world.Run(), "a") == "the spec tree holds no file");
  }
  SUBCASE("a folder cannot be read") {
    world.tree.Remove("in/a.yaml");
    world.tree.problems = {{"in", "permission denied"}};
    const Snapshot snapshot = world.Run();
    CHECK(FrozenReason(snapshot, "a") == "in: permission denied");
    CHECK(FrozenReason(snapshot, "b") == "");
  }
}

TEST_CASE("freeze: a problem that hides no pool keeps no removed pool") {
  World world;
  world.tree.Write("in/a.yaml", PoolText("a"));
  world.tree.Write("b.yaml", PoolText("b"));
  world.Run();
  world.tree.Remove("in/a.yaml");
  world.tree.problems = {{"in", "a link that leads out of the tree", false}};
  CHECK(Find(world.Run(), "a") == nullptr);
}

TEST_CASE(
    "freeze: defaults that vanished with their pools are forgotten, if the tree is complete") {
  World world;
  const std::string defaults = DefaultsText("spec: {targetDedicatedNodes: 3}\n");
  world.tree.Write("in/defaults.yaml", defaults);
  world.tree.Write("in/a.yaml", PoolText("a"));
  world.tree.Write("b.yaml", PoolText("b"));
  world.Run();
  world.tree.Remove("in/defaults.yaml");
  world.tree.Remove("in/a.yaml");
  SUBCASE("complete") {
    world.Run();
    world.tree.Write("in/c.yaml", PoolText("c"));
    CHECK(FrozenReason(world.Run(), "c") == "");
  }
  SUBCASE("incomplete") {
    world.tree.complete = false;
    world.Run();
    world.tree.complete = true;
    world.tree.Write("in/a.yaml", PoolText("a"));
    CHECK(FrozenReason(world.Run(), "a").starts_with("defaults in/defaults.yaml have vanished"));
  }
}

TEST_CASE("freeze: a pool that is defined twice is frozen, and each names the other") {
  World world;
  world.tree.Write("a.yaml", PoolText("render", kNodes));
  world.Run();
  world.tree.Write("b.yaml", PoolText("Render"));
  const Snapshot snapshot = world.Run();
  CHECK(snapshot->pools.size() == 1);
  CHECK(Find(snapshot, "render")->body.IntOr("targetDedicatedNodes", 0) == 3);
  CHECK(TextOf(snapshot->findings) ==
        "a.yaml:3:18: pool 'render' of account 'contoso' is also defined at b.yaml:3:18; keep one\n"
        "b.yaml:3:18: pool 'Render' of account 'contoso' is also defined at a.yaml:3:18; keep "
        "one\n");
}

TEST_CASE("freeze: a pool may move to another file") {
  World world;
  world.tree.Write("a.yaml", PoolText("a"));
  world.Run();
  world.tree.Remove("a.yaml");
  world.tree.Write("b.yaml", PoolText("a"));
  const Snapshot snapshot = world.Run();
  CHECK(TextOf(snapshot->findings) == "");
  CHECK(FrozenReason(snapshot, "a") == "");
}

TEST_CASE("freeze: an unknown account leaves the tree incomplete and the pool frozen") {
  World world;
  world.tree.Write("a.yaml", PoolText("a, account: contoso"));
  world.Run();
  world.tree.Write("a.yaml", PoolText("a, account: contosa"));
  const Snapshot snapshot = world.Run();
  CHECK_FALSE(snapshot->complete);
  CHECK(FrozenReason(snapshot, "a") == "a.yaml cannot be read");
  CHECK(TextOf(snapshot->findings) ==
        "a.yaml:3:30: metadata.account: the configuration has no account 'contosa' (did you mean "
        "'contoso'?)\n");
}

}  // namespace
}  // namespace reconciler::spec
