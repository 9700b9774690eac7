// A record on the pool that cannot be read: said, harmless, mended by the next write.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "reconciler/core/json.h"
#include "reconciler/core/random.h"
#include "reconciler/plan/render.h"
#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

constexpr const char* kItem = "poolkeeper.applied";

void SetRecord(OnePool& pool, const std::string& text) {
  std::vector<MetadataItem> items = ReadMetadata(pool.live.body);
  for (MetadataItem& item : items) {
    if (item.name == kItem) item.value = text;
  }
  pool.Set("metadata", WriteJson(WriteMetadata(items)));
}

std::string DamageOf(const std::string& text) {
  OnePool pool;
  SetRecord(pool, text);
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.HasWork());
  CHECK_FALSE(plan.Differs());
  return plan.memory_damaged;
}

TEST_CASE("a damaged record is said with what it means and what mends it") {
  CHECK(DamageOf("garbage") ==
        "the metadata item poolkeeper.applied is not what poolkeeper writes: the record of what "
        "was applied cannot be read, so who moved is unknown and nothing is reset when it leaves "
        "the spec; the next write to the pool makes it anew; find out who wrote to the pool's "
        "metadata");
}

TEST_CASE("each kind of damage is named, and nothing of the text is quoted") {
  const auto starts = [](const std::string& text, const std::string& what) {
    CAPTURE(text.substr(0, 60));
    CHECK(DamageOf(text).starts_with("the metadata item poolkeeper.applied " + what + ": "));
    CHECK(DamageOf(text).find("evil") == std::string::npos);
  };
  starts("", "is empty");
  starts("2;vmSize=1:AAAAAAAA", "is of version 2, this poolkeeper reads version 1");
  starts("9999", "is of version 9999, this poolkeeper reads version 1");
  starts("12345", "is not what poolkeeper writes");
  starts("eyJldmlsIjoxfQ==", "is not what poolkeeper writes");
  starts("{\"evil\": [", "is not what poolkeeper writes");
  starts("\x1B[31mevil", "is not what poolkeeper writes");
  starts("1;evil", "is damaged");
  starts("1;startTask=1:short", "is damaged");
  starts("1;startTask=1:AAAAAAAA;startTask=1:AAAAAAAA", "is damaged");
  starts("1;evil=1:" + std::string(1'000'000, 'A'),
         "has 1000009 bytes, more than poolkeeper writes");
}

TEST_CASE("a record that was removed is said; a pool that was only adopted has none") {
  OnePool pool;
  std::vector<MetadataItem> items = ReadMetadata(pool.live.body);
  std::erase_if(items, [](const MetadataItem& item) { return item.name == kItem; });
  pool.Set("metadata", WriteJson(WriteMetadata(items)));
  CHECK(pool.Decide().memory_damaged.starts_with(
      "the metadata item poolkeeper.applied is missing: "));
  std::erase_if(items, [](const MetadataItem& item) { return item.name == "poolkeeper.revision"; });
  pool.Set("metadata", WriteJson(WriteMetadata(items)));
  CHECK(pool.Decide().memory_damaged.empty());
}

TEST_CASE("a record that is whole or reduced is no damage") {
  OnePool pool;
  CHECK(pool.Decide().memory_damaged.empty());
  SetRecord(pool, "0");
  CHECK(pool.Decide().memory_damaged.empty());
  CHECK(pool.Decide().memory_reduced);
}

TEST_CASE("the plan says that the record is damaged, for people and for machines") {
  OnePool pool;
  SetRecord(pool, "garbage");
  AccountPlan plan;
  plan.account = "contoso";
  plan.checked = 1;
  plan.pools.push_back(pool.Decide());
  CHECK(RenderPlan(plan, {}).find("    . MemoryDamaged: the metadata item poolkeeper.applied") !=
        std::string::npos);
  CHECK(plan.Empty());
  CHECK(WriteJson(PlanToJson({plan})).find(R"("memoryDamaged":"the metadata item)") !=
        std::string::npos);
}

TEST_CASE("a damaged record blames nobody that was not seen") {
  OnePool pool;
  pool.Remember();
  SetRecord(pool, "garbage");
  pool.Want("startTask", R"({"commandLine": "other"})");
  CHECK(pool.Decide().changes[0].cause == Cause::kUnknown);
  pool.Want("startTask", R"({"commandLine": "hostname"})");
  pool.Set("startTask", R"({"commandLine": "theirs"})");
  CHECK(pool.Decide().changes[0].cause == Cause::kPoolChanged);
  pool.memory = {};
  CHECK(pool.Decide().changes[0].cause == Cause::kUnknown);
}

TEST_CASE("a damaged record on a pool that was only adopted leaves its differences adopted") {
  OnePool pool;
  std::vector<MetadataItem> items = ReadMetadata(pool.live.body);
  std::erase_if(items, [](const MetadataItem& item) { return item.name == "poolkeeper.revision"; });
  pool.Set("metadata", WriteJson(WriteMetadata(items)));
  SetRecord(pool, "garbage");
  pool.Set("startTask", R"({"commandLine": "theirs"})");
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.memory_damaged.empty());
  CHECK(plan.changes[0].cause == Cause::kAdopted);
}

TEST_CASE("nothing is reset, released or forgotten on the word of a damaged record") {
  OnePool pool;
  pool.WantNothingOf("startTask");
  pool.WantNothingOf("vmSize");
  SetRecord(pool, "1;startTask=1:AAAAAAAA;vmSize=1:AAAAAAA");
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.HasWork());
  CHECK(plan.released.empty());
}

TEST_CASE("the next write makes a damaged record anew") {
  OnePool pool;
  const std::string whole = ItemOf(pool.live.body, kItem);
  SetRecord(pool, "garbage");
  pool.Want("metadata", R"([{"name": "team", "value": "film"}])");
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  CHECK(pool.Decide().memory_damaged.empty());
  const std::optional<Record> record = ReadRecord(ItemOf(pool.live.body, kItem));
  REQUIRE(record);
  CHECK(record->entries.size() == ReadRecord(whole)->entries.size());
  pool.WantNothingOf("startTask");
  CHECK(StepsOf(pool.Decide()) == "remove start task");
}

TEST_CASE("a record cut at any byte is said, or is a part of the whole; it never causes a write") {
  OnePool pool;
  pool.secrets.SetKey(Secret("digest key"));
  pool.secrets.Add("token", Secret("text"));
  pool.Want("startTask", kSecretTask);
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  const std::string whole = ItemOf(pool.live.body, kItem);
  const Record all = ReadRecord(whole).value();
  REQUIRE(all.entries.size() == 4);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    SetRecord(pool, whole.substr(0, length));
    const PoolPlan plan = pool.Decide();
    CHECK_FALSE(plan.HasWork());
    const std::optional<Record> part = ReadRecord(whole.substr(0, length));
    CHECK(part.has_value() == plan.memory_damaged.empty());
    if (!part) continue;
    for (const auto& [name, entry] : part->entries) {
      REQUIRE(all.Find(name) != nullptr);
      CHECK(entry.digest == all.Find(name)->digest);
    }
  }
}

TEST_CASE("a record with any byte changed causes no write on a pool that is what its spec says") {
  SeededRandom random(4);
  OnePool pool;
  const std::string whole = ItemOf(pool.live.body, kItem);
  for (int round = 0; round < 3000; ++round) {
    std::string text = whole;
    for (std::uint64_t count = random.Below(3) + 1; count > 0; --count) {
      text[random.Below(text.size())] = static_cast<char>(random.Below(96) + 32);
    }
    CAPTURE(text);
    SetRecord(pool, text);
    for (const Step& step : pool.Decide().steps) {
      CHECK(step.kind == StepKind::kForget);  // a name that no table has
    }
  }
}

}  // namespace
}  // namespace reconciler::plan
