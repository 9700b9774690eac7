#include "daemon/status_table.h"

#include <doctest/doctest.h>

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
  statuses[1].next = "tries again in 5 min";
  statuses[1].exists = true;
  statuses[1].nodes_current = 20;
  statuses[1].nodes_target = 40;
  statuses[1].image_days = -1;
  statuses[1].since = kWall;
  return statuses;
}

TEST_CASE("status table: columns are aligned, notes stand below their pool") {
  CHECK(RenderStatusTable(TwoPools(), kWall, {}) ==
        "POOL          CONDITION  REASON            NODES  IMAGE  SINCE  MESSAGE\n"
        "render-linux  Ready      InSync            4/4    143 d  3 min\n"
        "  NodesNotRefreshed: 2 nodes booted before 12:00 may run the old start task\n"
        "sim           Degraded   AllocationFailed  20/40  ended  0 s    20 of 40 nodes, "
        "AllocationTimedout: no capacity; tries again in 5 min\n");
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
  for (const int width : {20, 40, 80, 100}) {
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

TEST_CASE("status table: conditions have the colour of their meaning") {
  const Screen screen{.terminal = true, .color = true, .width = 200};
  const std::string table = RenderStatusTable(TwoPools(), kWall, screen);
  CHECK(table.find("\x1b[32mReady      \x1b[0m") != std::string::npos);
  CHECK(table.find("\x1b[31mDegraded   \x1b[0m") != std::string::npos);
}

TEST_CASE("status table: what the service says cannot steer the terminal") {
  auto statuses = TwoPools();
  statuses[1].message = "\x1b[2Jgone\n";
  CHECK(RenderStatusTable(statuses, kWall, {}).find("\\x1b[2Jgone\\x0a") != std::string::npos);
}

TEST_CASE("status table: the closing line counts conditions") {
  CHECK(CountStatuses(TwoPools()) == "1 of 2 pools Ready, 1 Degraded.");
  CHECK(CountStatuses({}) == "0 of 0 pools Ready.");
}

TEST_CASE("terminal: text is cut by letters, not by bytes") {
  CHECK(CutToWidth("abcdef", 0) == "abcdef");
  CHECK(CutToWidth("abcdef", 6) == "abcdef");
  CHECK(CutToWidth("abcdefg", 6) == "abc...");
  CHECK(CutToWidth("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6", 4) == "\xc3\xa4...");
  CHECK(CutToWidth("abcdef", 2) == "..");
  CHECK(DisplayWidth("\x1b[31mred\x1b[0m \xc3\xa4") == 5);
}

TEST_CASE("terminal: control characters and broken UTF-8 are shown, not sent") {
  CHECK(Harmless("a\tb\x07\x7f") == "a\\x09b\\x07\\x7f");
  CHECK(Harmless("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80") ==
        "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
  CHECK(Harmless("\xc3") == "\\xc3");                    // cut
  CHECK(Harmless("\xc0\xaf") == "\\xc0\\xaf");           // overlong
  CHECK(Harmless("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // surrogate
  CHECK(Harmless("\xc2\x9b") == "\\xc2\\x9b");           // a control beyond ASCII
}

}  // namespace
}  // namespace reconciler::daemon
