#include "reconciler/spec/folder_defaults.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "tests/spec/world.h"

namespace reconciler::spec {
namespace {

std::int64_t SlotsOf(const Snapshot& snapshot, std::string_view id) {
  return Find(snapshot, id) == nullptr ? -1 : Find(snapshot, id)->body.IntOr("taskSlotsPerNode", 0);
}

const std::string kSlots4 = DefaultsText("spec: {taskSlotsPerNode: 4}\n");

struct Tree : World {
  Tree() {
    tree.Write("pools/defaults.yaml", kSlots4);
    tree.Write("pools/a.yaml", PoolText("a"));
    tree.Write("pools/own.yaml", PoolText("own", "  taskSlotsPerNode: 8\n"));
    tree.Write("other/b.yaml", PoolText("b"));
  }
};

TEST_CASE("defaults: the nearest folder wins, and only below it") {
  Tree world;
  world.tree.Write("defaults.yaml", DefaultsText("spec: {taskSlotsPerNode: 2}\n"
                                                 "policy: {adopt: true}\n"));
  world.tree.Write("pools/deep/c.yaml", PoolText("c"));
  const Snapshot snapshot = world.Look();
  CHECK(TextOf(snapshot->findings) == "");
  CHECK(SlotsOf(snapshot, "a") == 4);
  CHECK(SlotsOf(snapshot, "own") == 8);
  CHECK(SlotsOf(snapshot, "b") == 2);
  CHECK(SlotsOf(snapshot, "c") == 4);
  CHECK(Find(snapshot, "c")->policy.adopt);
  CHECK(FormatPosition(Find(snapshot, "a")->PositionOf("taskSlotsPerNode")) ==
        "pools/defaults.yaml:3:8");
}

TEST_CASE("defaults: they may name the account") {
  Tree world;
  world.options.accounts = {"contoso", "adatum"};
  world.tree.Write("pools/defaults.yaml", DefaultsText("metadata: {account: adatum}\n"));
  const Snapshot snapshot = world.Look();
  CHECK(Find(snapshot, "a")->account == "adatum");
  CHECK(TextOf(snapshot->findings) ==
        "other/b.yaml:3:11: metadata.account is missing: the configuration has 'contoso', "
        "'adatum'; name one here or in the folder's PoolDefaults\n");
}

TEST_CASE("defaults: a wrong value is reported once, with the number of pools that it reaches") {
  Tree world;
  world.Run();
  world.tree.Write("pools/c.yaml", PoolText("c"));
  world.tree.Write("pools/defaults.yaml", DefaultsText("spec: {taskSlotsPerNode: 1000}\n"));
  const Snapshot snapshot = world.Run();
  REQUIRE(snapshot->findings.size() == 1);
  CHECK(FormatFinding(snapshot->findings[0]) ==
        "pools/defaults.yaml:3:26: spec.taskSlotsPerNode: 1000 is too large, the most is 256 "
        "(reaches 2 pools)\n"
        "    spec: {taskSlotsPerNode: 1000}\n"
        "                             ^");
  CHECK(SlotsOf(snapshot, "a") == 4);
  CHECK(FrozenReason(snapshot, "a").starts_with("pools/defaults.yaml:3:26: "));
  CHECK(FrozenReason(snapshot, "own") == "");
  CHECK(Find(snapshot, "c") == nullptr);
}

TEST_CASE("defaults: a wrong value that reaches no pool is reported too") {
  World world;
  world.tree.Write("a.yaml", PoolText("a"));
  world.tree.Write("empty/defaults.yaml", DefaultsText("spec: {vmSiz: x}\n"));
  const Snapshot snapshot = world.Look();
  CHECK(TextOf(snapshot->findings) ==
        "empty/defaults.yaml:3:8: unknown key 'vmSiz' (did you mean 'vmSize'?)\n");
}

TEST_CASE("defaults: when they vanish, the pools that they change are frozen") {
  Tree world;
  world.Run();
  world.tree.Remove("pools/defaults.yaml");
  const Snapshot snapshot = world.Run();
  CHECK(SlotsOf(snapshot, "a") == 4);
  CHECK(FrozenReason(snapshot, "a") ==
        "defaults pools/defaults.yaml have vanished; to go on without them write an empty 'kind: "
        "PoolDefaults' there, or run 'poolkeeper apply POOL'");
  CHECK(FrozenReason(snapshot, "own") == "");
  CHECK(FrozenReason(snapshot, "b") == "");
  CHECK(TextOf(snapshot->findings) ==
        "pools/defaults.yaml:1:1: the defaults of folder 'pools' have vanished, which freezes 1 "
        "pool; write an empty 'kind: PoolDefaults' there, or run 'poolkeeper apply POOL', to go "
        "on without them\n");
  CHECK(FrozenReason(world.Run(), "a") != "");  // not forgotten by the cycle
}

TEST_CASE("defaults: an empty document ends the freeze") {
  Tree world;
  world.Run();
  world.tree.Remove("pools/defaults.yaml");
  world.Run();
  world.tree.Write("pools/defaults.yaml", DefaultsText(""));
  const Snapshot snapshot = world.Run();
  CHECK(TextOf(snapshot->findings) == "");
  CHECK(FrozenReason(snapshot, "a") == "");
  CHECK(SlotsOf(snapshot, "a") == 0);
}

TEST_CASE("defaults: apply ends the freeze of one pool for every process") {
  Tree world;
  world.tree.Write("pools/c.yaml", PoolText("c"));
  SpecLoader daemon(world.tree, world.store, world.options);
  CHECK((*daemon.Load())->findings.empty());
  CHECK(daemon.CommitLastGood().has_value());
  world.tree.Remove("pools/defaults.yaml");
  CHECK(FrozenReason(*daemon.Load(), "a") != "");

  SpecLoader apply(world.tree, world.store, world.options);
  apply.Accept(PoolKey("contoso", "a"));
  CHECK(FrozenReason(*apply.Load(), "a") == "");
  CHECK(apply.CommitLastGood().has_value());

  const Snapshot seen = *daemon.Load();
  CHECK(FrozenReason(seen, "a") == "");
  CHECK(SlotsOf(seen, "a") == 0);
  CHECK(FrozenReason(seen, "c") != "");
}

TEST_CASE("defaults: a document that cannot be read freezes what it changes") {
  Tree world;
  world.Run();
  SUBCASE("no YAML") { world.tree.Write("pools/defaults.yaml", "kind: PoolDefaults\nspec: ["); }
  SUBCASE("a slip around the spec") {
    world.tree.Write("pools/defaults.yaml", DefaultsText("sepc: {taskSlotsPerNode: 4}\n"));
  }
  SUBCASE("two in one folder") { world.tree.Write("pools/more.yaml", kSlots4); }
  const Snapshot snapshot = world.Run();
  CHECK_FALSE(snapshot->findings.empty());
  const bool is_same = SlotsOf(snapshot, "a") == 4;
  CHECK(is_same);
  CHECK(FrozenReason(snapshot, "own") == "");
  CHECK(FrozenReason(snapshot, "b") == "");
}

TEST_CASE("defaults: unreadable ones that were never read hold all pools below") {
  Tree world;
  world.tree.Write("pools/defaults.yaml", "kind: PoolDefaults\nspec: [");
  const Snapshot snapshot = world.Run();
  CHECK(Find(snapshot, "a") == nullptr);
  CHECK(Find(snapshot, "own") == nullptr);
  CHECK(FrozenReason(snapshot, "b") == "");
  CHECK_FALSE(snapshot->complete);
}

TEST_CASE("defaults: two in one folder name each other") {
  World world;
  world.tree.Write("a.yaml", kSlots4);
  world.tree.Write("b.yaml", kSlots4);
  CHECK(TextOf(world.Look()->findings) ==
        "a.yaml:1:1: a second PoolDefaults in this folder is b.yaml:1:1; keep one\n"
        "b.yaml:1:1: a second PoolDefaults in this folder, the first is a.yaml:1:1; keep one\n");
}

}  // namespace
}  // namespace reconciler::spec
