#include "daemon/change_lines.h"

#include <doctest/doctest.h>

#include <sstream>

namespace reconciler::daemon {
namespace {

const Instant kWall = *ParseTime("2026-07-01T12:00:00Z");

/// One account with two pools, read by a look of this process.
StatusReport Seen() {
  StatusReport report;
  report.made = kWall;
  AccountStatus contoso;
  contoso.account = "contoso";
  contoso.looked = kWall;
  for (const char* pool : {"render", "sim"}) {
    cycle::PoolStatus status;
    status.account = "contoso";
    status.pool = pool;
    status.condition = Condition::kReady;
    status.reason = Reason::kInSync;
    status.nodes_current = 2;
    status.nodes_target = 2;
    contoso.pools.push_back(status);
  }
  report.accounts = {contoso};
  return report;
}

/// The same a minute later, when the account refused the key.
StatusReport Refused() {
  StatusReport report = Seen();
  report.made += std::chrono::minutes(1);
  report.accounts[0].failure = AccountFailure{{ErrorKind::kUnauthorized, "list pools: no"}, kWall};
  return report;
}

class Reader {
 public:
  std::string Print(const StatusReport& report, const std::vector<std::string>& pools = {}) {
    std::ostringstream out;
    lines_.Print(out, report, pools);
    return out.str();
  }
  std::string PrintSource(const StatusReport& report, const std::string& place = "") {
    std::ostringstream out;
    lines_.PrintSource(out, report, place);
    return out.str();
  }

 private:
  ChangeLines lines_;
};

TEST_CASE("change lines: the first look shows all pools, the next ones what changed") {
  Reader reader;
  StatusReport report = Seen();
  CHECK(reader.Print(report) ==
        "2026-07-01T12:00:00Z contoso render Ready (InSync) 2/2\n"
        "2026-07-01T12:00:00Z contoso sim Ready (InSync) 2/2\n");
  report.made += std::chrono::seconds(2);
  CHECK(reader.Print(report).empty());
  report.accounts[0].pools[1].condition = Condition::kDegraded;
  report.accounts[0].pools[1].reason = Reason::kAllocationFailed;
  report.accounts[0].pools[1].nodes_current = 1;
  report.accounts[0].pools[1].message = "no \x1b[2J capacity";
  CHECK(reader.Print(report) ==
        "2026-07-01T12:00:02Z contoso sim Degraded (AllocationFailed) 1/2: no \\x1b[2J capacity\n");
}

TEST_CASE("change lines: only the pools that are asked for") {
  Reader reader;
  CHECK(reader.Print(Seen(), {"SIM"}) == "2026-07-01T12:00:00Z contoso sim Ready (InSync) 2/2\n");
}

TEST_CASE("change lines: an account that fails is told once, and that it can be read again") {
  Reader reader;
  reader.Print(Seen());
  CHECK(reader.Print(Refused()) == "2026-07-01T12:01:00Z account 'contoso': list pools: no\n");
  CHECK(reader.Print(Refused()).empty());
  CHECK(reader.Print(Seen()) == "2026-07-01T12:00:00Z account 'contoso' can be read again\n");
  CHECK(reader.Print(Seen()).empty());
  CHECK(reader.Print(Refused()) == "2026-07-01T12:01:00Z account 'contoso': list pools: no\n");
}

TEST_CASE("change lines: an account that never failed is not said to be read again") {
  Reader reader;
  CHECK(reader.Print(Seen()).find("again") == std::string::npos);
}

TEST_CASE("change lines: what is wrong with the daemon is told when it begins and when it ends") {
  Reader reader;
  StatusReport report = Seen();
  reader.Print(report);
  report.problems = {{kWall, "the reload was refused: no"}};
  CHECK(reader.Print(report) == "2026-07-01T12:00:00Z the daemon: the reload was refused: no\n");
  CHECK(reader.Print(report).empty());
  report.problems.clear();
  CHECK(reader.Print(report) ==
        "2026-07-01T12:00:00Z the daemon: no more: the reload was refused: no\n");
}

TEST_CASE("change lines: who says so is told when it becomes another") {
  Reader reader;
  StatusReport report = Seen();
  CHECK(reader.PrintSource(report, "no daemon answers at /run/status.sock") ==
        "2026-07-01T12:00:00Z From a look at the service just now; no daemon answers at "
        "/run/status.sock.\n");
  CHECK(reader.PrintSource(report, "no daemon was asked").empty());
  report.pid = 812;
  report.started = report.made - std::chrono::hours(3);
  const std::string daemon = reader.PrintSource(report);
  CHECK(daemon.find("From the daemon (process 812, up 3 h)") != std::string::npos);
  report.made += std::chrono::seconds(40);
  CHECK(reader.PrintSource(report).empty());
  CHECK_FALSE(reader.PrintSource(Seen(), "/run/status.sock").empty());
}

}  // namespace
}  // namespace reconciler::daemon
