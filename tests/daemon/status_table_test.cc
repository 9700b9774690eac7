#include "daemon/status_table.h"

#include <doctest/doctest.h>

#include <memory>

#include "reconciler/core/json.h"

namespace reconciler::daemon {
namespace {

const Instant kWall = *ParseTime("2026-07-01T12:00:00Z");

std::vector<cycle::PoolStatus> TwoPools() {
  std::vector<cycle::PoolStatus> statuses(2);
  statuses[0].account = "contoso";
  statuses[0].pool = "render-linux";
  statuses[0].exists = true;
  statuses[0].nodes_current = statuses[0].nodes_target = 4;
  statuses[0].image_days = 143;
  statuses[0].since = kWall - std::chrono::minutes(3);
  statuses[0].notes = {"NodesNotRefreshed: 2 nodes booted before 12:00 may run the old start task"};
  statuses[1].account = "contoso";
  statuses[1].pool = "sim";
  statuses[1].condition = Condition::kDegraded;
  statuses[1].reason = Reason::kAllocationFailed;
  statuses[1].message = "20 of 40 nodes, AllocationTimedout: no capacity";
  statuses[1].next = "ask for the nodes again";
  statuses[1].next_at = kWall + std::chrono::minutes(5);
  statuses[1].exists = true;
  statuses[1].nodes_current = 20;
  statuses[1].nodes_target = 40;
  statuses[1].image_days = -1;
  statuses[1].since = kWall;
  return statuses;
}

TEST_CASE("status table: columns are aligned, notes stand below their pool") {
  CHECK(
      RenderStatusTable(TwoPools(), kWall, {}) ==
      "POOL          CONDITION  REASON            NODES  IMAGE  SINCE  NEXT                     "
      "         MESSAGE\n"
      "render-linux  Ready      InSync            4/4    143 d  3 min  -\n"
      "  NodesNotRefreshed: 2 nodes booted before 12:00 may run the old start task\n"
      "sim           Degraded   AllocationFailed  20/40  ended  0 s    ask for the nodes again in "
      "5 min  20 of 40 nodes, AllocationTimedout: no capacity\n");
  CHECK(RenderStatusTable({}, kWall, {}).empty());
}

TEST_CASE("status table: accounts are named where there are several") {
  auto statuses = TwoPools();
  statuses[0].notes.clear();
  statuses[1].account = "demo";
  statuses[1].exists = false;
  const std::string table = RenderStatusTable(statuses, kWall, {});
  CHECK(table.find("ACCOUNT  POOL ") == 0);
  CHECK(table.find("\ncontoso  render-linux  Ready ") != std::string::npos);
  CHECK(table.find("\ndemo     sim           Degraded   AllocationFailed  -  ") !=
        std::string::npos);
}

TEST_CASE("status table: no line is wider than the terminal") {
  for (const int width : {5, 20, 40, 80, 100}) {
    CAPTURE(width);
    const Screen screen{.terminal = true, .color = true, .width = width};
    const std::string table = RenderStatusTable(TwoPools(), kWall, screen);
    std::size_t at = 0;
    while (at < table.size()) {
      const std::size_t end = table.find('\n', at);
      CHECK(DisplayWidth(table.substr(at, end - at)) <= width);
      at = end + 1;
    }
  }
}

TEST_CASE("status table: a message that finds no room beside the columns is wrapped below them") {
  const Screen screen{.terminal = true, .color = false, .width = 70};
  CHECK(RenderStatusTable(TwoPools(), kWall, screen) ==
        "POOL          CONDITION  REASON            NODES\n"
        "render-linux  Ready      InSync            4/4\n"
        "  NodesNotRefreshed: 2 nodes booted before 12:00 may run the old start\n"
        "  task\n"
        "sim           Degraded   AllocationFailed  20/40\n"
        "    20 of 40 nodes, AllocationTimedout: no capacity; next: ask for the\n"
        "    nodes again in 5 min\n");
  const Screen narrow{.terminal = true, .color = false, .width = 40};
  CHECK(RenderStatusTable(TwoPools(), kWall, narrow)
            .find("POOL          CONDITION\nrender-linux  Ready\n    InSync\n") == 0);
}

TEST_CASE("status table: pools of an account that cannot be read are a line of it") {
  const std::string table = RenderStatusTable(
      TwoPools(), kWall, {}, {{"gamma", 12, "unauthorized", "account 'gamma': list pools: no"}});
  CHECK(table.find(
            "\ngamma    (12 pools)    Unknown    unauthorized      -      -      -      -  ") !=
        std::string::npos);
  CHECK(table.find("  account 'gamma': list pools: no\n") != std::string::npos);
}

TEST_CASE("status table: columns count letters, not bytes") {
  auto statuses = TwoPools();
  statuses[0].pool = "r\xc3\xa4ndern";
  statuses[1].pool = "abcdefg";
  statuses[0].notes.clear();
  CHECK(RenderStatusTable(statuses, kWall, {}).find("\nr\xc3\xa4ndern  Ready ") !=
        std::string::npos);
}

TEST_CASE("status table: without any time there is no column of it") {
  auto statuses = TwoPools();
  for (cycle::PoolStatus& status : statuses) status.since = {};
  CHECK(RenderStatusTable(statuses, kWall, {}).find("IMAGE  NEXT ") != std::string::npos);
  statuses[0].since = kWall;
  CHECK(RenderStatusTable(statuses, kWall, {}).find("ended  -      ask for") != std::string::npos);
  statuses[1].next.clear();
  CHECK(RenderStatusTable(statuses, kWall, {}).find("SINCE  MESSAGE\n") != std::string::npos);
}

TEST_CASE("status table: what a guard says is not repeated for each pool") {
  auto statuses = TwoPools();
  statuses[1].condition = Condition::kBlocked;
  statuses[1].reason = Reason::kGuardTripped;
  statuses[1].message = "5 of 6 owned pools would be lost (a, b, c, d, e), at most 1 may be";
  const std::string table = RenderStatusTable(statuses, kWall, {});
  CHECK(table.find("a guard parked the plan\n") != std::string::npos);
  CHECK(table.find("5 of 6") == std::string::npos);
}

TEST_CASE("status table: conditions have the colour of their meaning") {
  const Screen screen{.terminal = true, .color = true, .width = 200};
  const std::string table = RenderStatusTable(TwoPools(), kWall, screen);
  CHECK(table.find("\x1b[32mReady\x1b[0m") != std::string::npos);
  CHECK(table.find("\x1b[31mDegraded\x1b[0m") != std::string::npos);
}

TEST_CASE("status table: what the service says cannot steer the terminal") {
  auto statuses = TwoPools();
  statuses[1].message = "\x1b[2Jgone\n";
  CHECK(RenderStatusTable(statuses, kWall, {}).find("\\x1b[2Jgone\\x0a") != std::string::npos);
}

TEST_CASE("status table: the closing line counts conditions") {
  CHECK(CountStatuses(TwoPools()) == "1 of 2 pools Ready, 1 Degraded.");
  CHECK(CountStatuses({}) == "0 of 0 pools Ready.");
  // Orphans change no exit code, so they are no pools that are not Ready.
  std::vector<cycle::PoolStatus> orphan(1);
  orphan[0].condition = Condition::kBlocked;
  orphan[0].reason = Reason::kOrphaned;
  CHECK(CountStatuses(orphan) == "0 of 0 pools Ready, 1 orphan.");
}

TEST_CASE("terminal: text is cut by letters, not by bytes") {
  CHECK(CutToWidth("abcdef", 0) == "abcdef");
  CHECK(CutToWidth("abcdef", 6) == "abcdef");
  CHECK(CutToWidth("abcdefg", 6) == "abc...");
  CHECK(CutToWidth("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6", 4) == "\xc3\xa4...");
  CHECK(CutToWidth("abcdef", 2) == "..");
  // Wide letters take two columns, marks that combine take none.
  CHECK(CutToWidth("\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", 5) == "\xe6\xbc\xa2...");
  CHECK(DisplayWidth("e\xcc\x81\xe6\xbc\xa2") == 3);
  CHECK(DisplayWidth("\x1b[31mred\x1b[0m \xc3\xa4") == 5);
}

TEST_CASE("terminal: text is wrapped between words, or within one that is too long") {
  using Lines = std::vector<std::string>;
  CHECK(WrapToWidth("one two", 0) == Lines{"one two"});
  CHECK(WrapToWidth("\xe6\xbc\xa2\xe5\xad\x97", 1) == Lines{"\xe6\xbc\xa2", "\xe5\xad\x97"});
  CHECK(WrapToWidth("one two", 7) == Lines{"one two"});
  CHECK(WrapToWidth("one two three", 7) == Lines{"one two", "three"});
  CHECK(WrapToWidth("one two three", 6) == Lines{"one", "two", "three"});
  CHECK(WrapToWidth("abcdefgh i", 3) == Lines{"abc", "def", "gh", "i"});
  CHECK(WrapToWidth("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4", 2) ==
        Lines{"\xc3\xa4\xc3\xb6", "\xc3\xbc\xc3\xa4"});
}

TEST_CASE("terminal: control characters and broken UTF-8 are shown, not sent") {
  CHECK(Harmless("a\tb\x07\x7f") == "a\\x09b\\x07\\x7f");
  CHECK(Harmless("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80") ==
        "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
  CHECK(Harmless("\xc3") == "\\xc3");                    // cut
  CHECK(Harmless("\xc0\xaf") == "\\xc0\\xaf");           // overlong
  CHECK(Harmless("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // surrogate
  CHECK(Harmless("\xc2\x9b") == "\\u009b");              // a control beyond ASCII
}

}  // namespace
}  // namespace reconciler::daemon
