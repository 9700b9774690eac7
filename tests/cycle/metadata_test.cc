// The list of metadata that users, others and the keeper share.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "reconciler/core/json.h"
#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;

/// So many items, of which one may have another value.
std::string Items(int count, int other = -1) {
  std::string text = "  targetDedicatedNodes: 0\n  metadata:\n";
  for (int i = 0; i < count; ++i) {
    text += fmt::format("    - {{name: item-{:02}, value: {}}}\n", i, i == other ? "new" : "old");
  }
  return text;
}

std::vector<std::string> NamesOf(keeper::Keeper& world) {
  std::vector<std::string> names;
  for (const MetadataItem& item : ReadMetadata(world.Get("linux"))) {
    if (!item.name.starts_with("poolkeeper.")) names.push_back(item.name);
  }
  return names;
}

}  // namespace

TEST_CASE("30 items of the user are written, compared and changed one by one") {
  keeper::Keeper world;
  world.Spec("linux", Items(30));
  world.Settle();
  CHECK(NamesOf(world).size() == 30);
  CHECK(world.WritesOfCycles(3).empty());

  world.Spec("linux", Items(30, 17));
  world.RunNow();
  REQUIRE(world.PlanOf("linux").changes.size() == 1);
  CHECK(world.PlanOf("linux").changes[0].property == "metadata.item-17");
  CHECK(world.Item("linux", "item-17") == "new");
  CHECK(world.Item("linux", "item-16") == "old");
  CHECK(world.WritesOfCycles(3).empty());

  // So many leave no room for the record: what leaves the spec stays on the pool.
  CHECK(world.StatusOf("linux").notes[0].starts_with("MemoryReduced"));
  world.Spec("linux", Items(29, 17));
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(NamesOf(world).size() == 30);
}

TEST_CASE("an item that leaves the spec leaves the pool, while the record has room for its name") {
  keeper::Keeper world;
  world.Spec("linux", Items(20));
  world.Settle();
  world.Spec("linux", Items(19));
  world.RunNow();
  CHECK(NamesOf(world).size() == 19);
  CHECK(world.WritesOfCycles(3).empty());
}

TEST_CASE("with 30 items the keeper's own stay within their bytes, or the record is left out") {
  keeper::Keeper world;
  world.Spec("linux", Items(30));
  world.Settle();
  std::size_t bytes = 0;
  for (const MetadataItem& item : ReadMetadata(world.Get("linux"))) {
    if (item.name.starts_with("poolkeeper.")) bytes += item.name.size() + item.value.size();
  }
  CHECK(bytes <= 1024);
  CHECK(world.Item("linux", "poolkeeper.applied") == "0");
}

TEST_CASE("items of others stand where they stood, and their order is no difference") {
  keeper::Keeper world;
  world.Spec("linux", Items(3));
  world.Settle();
  auto items = ReadMetadata(world.Get("linux"));
  items.insert(items.begin(), {"theirs", "1"});
  std::swap(items[1], items[3]);
  Value patch;
  patch.Set("metadata", WriteMetadata(items));
  REQUIRE(world.Call("PATCH", "/pools/linux", WriteJson(patch)) == 200);
  CHECK(world.WritesOfCycles(3).empty());
  const std::vector<std::string> names = NamesOf(world);

  world.Spec("linux", Items(3, 1));
  world.RunNow();
  CHECK(NamesOf(world) == names);
  CHECK(world.Item("linux", "theirs") == "1");
  CHECK(world.Item("linux", "item-01") == "new");
}
