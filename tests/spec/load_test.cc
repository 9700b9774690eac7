#include "reconciler/spec/load.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "tests/spec/world.h"

namespace reconciler::spec {
namespace {

TEST_CASE("load: a good file becomes a spec with positions") {
  World world;
  world.tree.Write("pools/a.yaml", PoolText("render",
                                            "  targetDedicatedNodes: 2\n"
                                            "  metadata:\n"
                                            "    - {name: team, value: render}\n"
                                            "policy: {adopt: true}\n"));
  const Snapshot snapshot = world.Look();
  CHECK(TextOf(snapshot->findings) == "");
  CHECK(snapshot->complete);
  CHECK(snapshot->revision.starts_with("sha256:"));
  CHECK(snapshot->revision.size() == 19);
  REQUIRE(snapshot->pools.size() == 1);
  const PoolSpec& pool = snapshot->pools[0];
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

TEST_CASE("load: several documents in files and folders are all read, sorted by account and id") {
  World world;
  world.options.accounts = {"contoso", "adatum"};
  const auto pool = [](const std::string& id, const std::string& account) {
    return PoolText(id + ", account: " + account);
  };
  world.tree.Write("b/x.yml", pool("two", "contoso") + "---\n" + pool("one", "contoso"));
  world.tree.Write("a.yaml", "# nothing but this\n");
  world.tree.Write("a/deep/er/y.yaml", pool("three", "adatum"));
  const Snapshot snapshot = world.Look();
  CHECK(TextOf(snapshot->findings) == "");
  CHECK(snapshot->complete);
  std::string order;
  for (const PoolSpec& spec : snapshot->pools) order += spec.account + "/" + spec.id + " ";
  CHECK(order == "adatum/three contoso/one contoso/two ");
  CHECK(snapshot->OfAccount("contoso").size() == 2);
}

TEST_CASE("load: an unchanged tree is not read again and gives the same snapshot") {
  World world;
  world.tree.Write("a.yaml", PoolText("a"));
  world.tree.Write("b.yaml", PoolText("b"));
  SpecLoader loader(world.tree, world.store, world.options);
  const Snapshot first = *loader.Load();
  CHECK(world.tree.reads == 2);
  CHECK(*loader.Load() == first);
  CHECK(loader.files_read() == 0);
  world.tree.Write("b.yaml", PoolText("b", "  taskSlotsPerNode: 2\n"));
  const Snapshot second = *loader.Load();
  CHECK(world.tree.reads == 3);
  CHECK(second->revision != first->revision);
  CHECK(Find(second, "a")->digest == Find(first, "a")->digest);
  CHECK(Find(second, "b")->digest != Find(first, "b")->digest);
  world.tree.Remove("a.yaml");
  CHECK((*loader.Load())->pools.size() == 1);
  CHECK(world.tree.reads == 3);
}

TEST_CASE("load: a tree that changes under the reading is read again, and given up as incomplete") {
  World world;
  world.tree.Write("a.yaml", PoolText("a"));
  world.tree.changes_while_read = 2;
  CHECK(world.Look()->complete);
  world.tree.changes_while_read = 100;
  const Snapshot snapshot = world.Look();
  CHECK_FALSE(snapshot->complete);
  CHECK(Find(snapshot, "a") != nullptr);
  CHECK(TextOf(snapshot->findings) ==
        "specs: the tree keeps changing while it is read; look again later\n");
}

TEST_CASE("load: a file of 100 MB is never read and hides no other") {
  World world;
  world.tree.Write("a.yaml", PoolText("a"));
  world.tree.Write("huge.yaml", "x");
  world.tree.SetSize("huge.yaml", 100'000'000);
  const Snapshot snapshot = world.Look();
  CHECK(world.tree.reads == 1);
  CHECK_FALSE(snapshot->complete);
  CHECK(Find(snapshot, "a")->frozen_reason == "");
  CHECK(TextOf(snapshot->findings) ==
        "huge.yaml:1:1: file is larger than 1 MiB (100000000 bytes); split it\n");
}

TEST_CASE("load: what the file tree could not read is a finding") {
  World world;
  world.tree.Write("a.yaml", PoolText("a"));
  world.tree.problems = {{"pipe.yaml", "is a FIFO, only regular files are read", false}};
  Snapshot snapshot = world.Look();
  CHECK(snapshot->complete);
  CHECK(TextOf(snapshot->findings) == "pipe.yaml:1:1: is a FIFO, only regular files are read\n");
  world.tree.problems = {{"closed", "permission denied", true}};
  snapshot = world.Look();
  CHECK_FALSE(snapshot->complete);
  CHECK(TextOf(snapshot->findings) == "closed: permission denied\n");
}

TEST_CASE("load: an empty tree is incomplete and says so") {
  World world;
  const Snapshot snapshot = world.Look();
  CHECK_FALSE(snapshot->complete);
  CHECK(TextOf(snapshot->findings) ==
        "specs: the spec tree holds no file (.yaml or .yml), nothing is done without one; write a "
        "spec, or name another folder\n");
}

TEST_CASE("load: a spec that leaves autoscale tells what it left, until it is remembered") {
  World world;
  world.tree.Write("a.yaml", PoolText("a",
                                      "  enableAutoScale: true\n"
                                      "  autoScaleFormula: $TargetDedicatedNodes = 1;\n"));
  CHECK_FALSE(world.Run()->pools[0].was_auto_scale);
  world.tree.Write("a.yaml", PoolText("a", "  targetDedicatedNodes: 2\n"));
  CHECK(world.Look()->pools[0].was_auto_scale);
  const Snapshot snapshot = world.Run();
  CHECK(snapshot->pools[0].was_auto_scale);
  CHECK(snapshot->pools[0].scale_left ==
        std::vector<std::string>{"enableAutoScale", "autoScaleFormula"});
  const Snapshot later = world.Run();
  CHECK_FALSE(later->pools[0].was_auto_scale);
  CHECK(later->pools[0].scale_left.empty());
  world.tree.Write("a.yaml", PoolText("a"));
  CHECK(world.Run()->pools[0].scale_left == std::vector<std::string>{"targetDedicatedNodes"});
}

TEST_CASE("load: what was null has not left, and no target at all is not fixed") {
  World world;
  world.tree.Write("a.yaml", PoolText("a",
                                      "  enableAutoScale: true\n"
                                      "  autoScaleFormula: $TargetDedicatedNodes = 1;\n"
                                      "  autoScaleEvaluationInterval: null\n"));
  world.Run();
  world.tree.Write("a.yaml", PoolText("a"));
  const Snapshot snapshot = world.Run();
  CHECK_FALSE(snapshot->pools[0].was_auto_scale);
  CHECK(snapshot->pools[0].scale_left ==
        std::vector<std::string>{"enableAutoScale", "autoScaleFormula"});
}

TEST_CASE("load: nothing is saved unless asked, and nothing twice") {
  World world;
  world.tree.Write("a.yaml", PoolText("a"));
  world.Look();
  CHECK(world.store.puts == 0);
  world.Run();
  CHECK(world.store.puts == 1);
  world.Run();
  CHECK(world.store.puts == 1);
}

TEST_CASE("load: without a state folder that may be read, last good is unknown") {
  World world;
  world.tree.Write("a.yaml", PoolText("a"));
  world.Run();
  SUBCASE("it may not be read") { world.options.may_know_last_good = false; }
  SUBCASE("it cannot be read") { world.store.is_broken = true; }
  SUBCASE("it is damaged") { world.store.blobs["last-good.json"] = "{"; }
  SpecLoader loader(world.tree, world.store, world.options);
  CHECK((*loader.Load())->pools.size() == 1);
  CHECK((*loader.Load())->pools[0].frozen_reason.empty());
  CHECK_FALSE(loader.last_good_known());
}

TEST_CASE("load: damaged last good specs say what is wrong with them and are not overwritten") {
  const auto problem_of = [](const std::string& text) {
    World world;
    world.tree.Write("a.yaml", PoolText("a"));
    world.store.blobs["last-good.json"] = text;
    SpecLoader loader(world.tree, world.store, world.options);
    REQUIRE(loader.Load());
    CHECK(loader.CommitLastGood());
    CHECK(world.store.blobs["last-good.json"] == text);
    return loader.last_good_problem();
  };
  CHECK(problem_of("").find("last-good.json is empty") == 0);
  CHECK(problem_of("{").find("last-good.json: ") == 0);
  CHECK(problem_of("[]") == "last-good.json: not a list of last good specs");
  CHECK(problem_of(R"({"formatVersion": 2, "specs": [], "defaults": []})") ==
        "last-good.json: expected formatVersion 1, found 2");
  CHECK(problem_of(R"({"formatVersion": 1, "defaults": [],
                       "specs": [{"path": "a", "account": "b", "id": "c", "body": 1}]})") ==
        "last-good.json: a spec lacks its path, account, id or body");
  CHECK(problem_of(R"({"formatVersion": 1, "specs": [], "defaults": [{"path": "a"}]})") ==
        "last-good.json: an entry of defaults lacks its folder, path or document");
}

TEST_CASE("load: without last good specs a daemon freezes all pools, until a person has acted") {
  World world;
  world.options.freeze_without_last_good = true;
  world.tree.Write("a.yaml", PoolText("a"));
  world.store.blobs["last-good.json"] = "x";
  SpecLoader loader(world.tree, world.store, world.options);
  const auto first = *loader.Load();
  REQUIRE(first->pools.size() == 1);
  CHECK(first->pools[0].frozen_reason.find("the last good state of the specs is unknown: "
                                           "last-good.json: ") == 0);
  CHECK(*loader.Load() == first);
  SUBCASE("moved away") {
    world.store.blobs.erase("last-good.json");
    CHECK((*loader.Load())->pools[0].frozen_reason.empty());
    CHECK(loader.last_good_known());
    CHECK(loader.CommitLastGood());
    CHECK(world.store.puts == 1);
  }
  SUBCASE("unreadable, then readable again") {
    world.store.is_broken = true;
    CHECK_FALSE((*loader.Load())->pools[0].frozen_reason.empty());
    world.store.is_broken = false;
    world.store.blobs.erase("last-good.json");
    CHECK((*loader.Load())->pools[0].frozen_reason.empty());
  }
}

TEST_CASE("load: the revision is that of paths and contents") {
  const std::vector<SpecFile> files = {{"a", "x"}, {"b", "y"}};
  CHECK(ComputeRevision(files) == ComputeRevision({{"a", "x"}, {"b", "y"}}));
  CHECK(ComputeRevision(files) != ComputeRevision({{"a", "xb"}, {"", "y"}}));
  CHECK(ComputeRevision(files) != ComputeRevision({{"a", "y"}, {"b", "x"}}));
}

}  // namespace
}  // namespace reconciler::spec
