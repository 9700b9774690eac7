#include "reconciler/plan/record.h"

#include <doctest/doctest.h>

#include <string>

#include "reconciler/core/random.h"

namespace reconciler::plan {
namespace {

AppliedEntry Entry(std::string digest) {
  AppliedEntry entry;
  entry.digest = std::move(digest);
  return entry;
}

TEST_CASE("record: the text is the one that pools carry") {
  Record record;
  record.entries["vmSize"] = Entry("h2Kd0sQe");
  record.entries["startTask"] = Entry("Zk3q9aPw");
  record.entries["startTask"].changed_minute = 29'354'700;
  record.entries["metadata.cost;center"] = Entry("AAbbCCdd");
  CHECK(WriteRecord(record) ==
        "1;metadata.cost%3Bcenter=1:AAbbCCdd;startTask=1:Zk3q9aPw@hh68c;vmSize=1:h2Kd0sQe");
  record.entries.clear();
  CHECK(WriteRecord(record) == "1");
  record.entries["a~b"] = {.row = 12,
                           .digest = "AAAAAAAA",
                           .kept = "BBBBBBBB",
                           .secret_key_id = "k1-_",
                           .secret_digest = "CCCCCCCC",
                           .secret_tags = "p1-s1-p2_s2_",
                           .changed_minute = 0};
  CHECK(WriteRecord(record) == "1;a%7Eb=12:AAAAAAAA~BBBBBBBB!k1-_.CCCCCCCCp1-s1-p2_s2_@0");
  record.reduced = true;
  CHECK(WriteRecord(record) == "0");
}

TEST_CASE("record: the example of a managed pool is read") {
  const auto record = ReadRecord("1;vmSize=1:h2Kd0sQe;startTask=1:Zk3q9aPw@hq2k1c");
  REQUIRE(record);
  REQUIRE(record->Find("startTask") != nullptr);
  CHECK(record->Find("startTask")->changed_minute == 1'071'714'288);
  CHECK(record->Find("vmSize")->digest == "h2Kd0sQe");
  CHECK(record->Find("metadata") == nullptr);
}

TEST_CASE("record: suffixes are read in any order") {
  const auto written = ReadRecord("1;a=1:AAAAAAAA~BBBBBBBB!key1.CCCCCCCC@zz");
  const auto turned = ReadRecord("1;a=1:AAAAAAAA@zz!key1.CCCCCCCC~BBBBBBBB");
  REQUIRE(written);
  CHECK(written == turned);
}

TEST_CASE("record: text that is not of this format says nothing") {
  for (const char* text : {"",
                           "2",
                           "2;a=1:AAAAAAAA",
                           "01",
                           "1;",
                           "1;a",
                           "1;=1:AAAAAAAA",
                           "1;a=1",
                           "1;a=1:",
                           "1;a=0:AAAAAAAA",
                           "1;a=-1:AAAAAAAA",
                           "1;a=x:AAAAAAAA",
                           "1;a=99999999999:AAAAAAAA",
                           "1;a=1:AA AA",
                           "1;a=1:AAAAAAAA~",
                           "1;a=1:AAAAAAAA!key1.CCCCCCCCp1-s1",
                           "1;a=1:AAAAAAAA~BB~CC",
                           "1;a=1:AAAAAAAA!key",
                           "1;a=1:AAAAAAAA!.CC",
                           "1;a=1:AAAAAAAA!key.",
                           "1;a=1:AAAAAAAA!k.C!k.C",
                           "1;a=1:AAAAAAAA@",
                           "1;a=1:AAAAAAAA@-1",
                           "1;a=1:AAAAAAAA@1@2",
                           "1;a=1:AAAAAAAA@zzzzzzzzzzzzzzzz",
                           "1;a%=1:AAAAAAAA",
                           "1;a%zz=1:AAAAAAAA",
                           "1;a=1:AAAAAAAA;a=1:BBBBBBBB",
                           "0;a=1:AAAAAAAA",
                           "1;a=1:AAAAAAAA;"}) {
    CAPTURE(text);
    CHECK(!ReadRecord(text).has_value());
  }
  CHECK(ReadRecord("0")->reduced);
  CHECK(ReadRecord("1")->entries.empty());
}

TEST_CASE("record: what is written is read back") {
  SeededRandom random(6);
  const auto text = [&](std::uint64_t length) {
    constexpr std::string_view kChars = "ABCxyz019-_";
    std::string chars;
    for (std::uint64_t i = 0; i < length; ++i) chars += kChars[random.Below(kChars.size())];
    return chars;
  };
  for (int round = 0; round < 2000; ++round) {
    Record record;
    for (std::uint64_t count = random.Below(6); count > 0; --count) {
      std::string name;
      for (std::uint64_t i = random.Below(8) + 1; i > 0; --i) {
        name += static_cast<char>(random.Below(256));
      }
      AppliedEntry& entry = record.entries[name];
      entry.row = static_cast<int>(random.Below(1'000'000)) + 1;
      entry.digest = text(8);
      if (random.Below(2) == 0) entry.kept = text(8);
      if (random.Below(2) == 0) entry.secret_key_id = text(4);
      if (!entry.secret_key_id.empty()) entry.secret_digest = text(8);
      if (!entry.secret_key_id.empty()) entry.secret_tags = text(6 * random.Below(4));
      if (random.Below(2) == 0)
        entry.changed_minute = static_cast<std::int64_t>(random.Next() >> 1);
    }
    CAPTURE(WriteRecord(record));
    CHECK(ReadRecord(WriteRecord(record)) == record);
  }
}

TEST_CASE("record: a key id that is no digest key's is never written") {
  Record record;
  record.entries["a"] = Entry("AAAAAAAA");
  record.entries["a"].secret_key_id = "?";
  CHECK(WriteRecord(record) == "1;a=1:AAAAAAAA");
}

std::string Text(const std::vector<MetadataItem>& items) {
  std::string text;
  for (const MetadataItem& item : items) text += item.name + "=" + item.value + "\n";
  return text;
}

Stamp Ours() {
  Stamp stamp;
  stamp.owner = "fleet";
  stamp.source = "main";
  stamp.pool = "p1";
  stamp.incarnation = "00ff";
  stamp.revision = "sha256:1";
  stamp.record = Record{};
  return stamp;
}

TEST_CASE("stamp: a write keeps foreign items in their order and puts ours at the end") {
  const std::vector<MetadataItem> before{{"poolkeeper.owner", "old"},
                                         {"zone", "z"},
                                         {"team", "a"},
                                         {"poolkeeper.applied", "0"},
                                         {"team", "b"},
                                         {"poolkeeper.later", "kept"},
                                         {"gone", "x"}};
  const auto after = WithStamp(
      before, {{"team", "render"}, {"gone", std::nullopt}, {"new", ""}, {"never", std::nullopt}},
      Ours());
  CHECK(Text(after) ==
        "zone=z\nteam=render\npoolkeeper.later=kept\nnew=\n"
        "poolkeeper.owner=fleet\npoolkeeper.source=main\npoolkeeper.pool=p1\n"
        "poolkeeper.incarnation=00ff\npoolkeeper.revision=sha256:1\npoolkeeper.applied=1\n");
}

TEST_CASE("stamp: what is written is read back, and absent items stay absent") {
  const Stamp read = ReadStamp(WithStamp({{"team", "a"}}, {}, Ours()));
  CHECK(read.owner == "fleet");
  CHECK(read.source == "main");
  CHECK(read.pool == "p1");
  CHECK(read.incarnation == "00ff");
  CHECK(read.revision == "sha256:1");
  CHECK(read.record == Record{});
  const Stamp none = ReadStamp({{"poolkeeper.ownerx", "a"}, {"owner", "b"}});
  CHECK(none.owner.empty());
  CHECK(!none.record.has_value());
  CHECK(Text(WithStamp({}, {}, none)).empty());
}

TEST_CASE("stamp: an unreadable record is no record") {
  CHECK(!ReadStamp({{"poolkeeper.applied", "9;x"}}).record.has_value());
}

TEST_CASE("stamp: its bytes are those of names and values") {
  Stamp stamp;
  CHECK(StampBytes(stamp) == 0);
  stamp.owner = "fleet";
  CHECK(StampBytes(stamp) == std::string_view("poolkeeper.ownerfleet").size());
  stamp.record = Record{};
  CHECK(StampBytes(stamp) == std::string_view("poolkeeper.ownerfleetpoolkeeper.applied1").size());
}

}  // namespace
}  // namespace reconciler::plan
