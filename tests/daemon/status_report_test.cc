#include "daemon/status_report.h"

#include <doctest/doctest.h>

#include <memory>

#include "daemon/status_text.h"
#include "reconciler/core/json.h"
#include "tests/daemon/output_schema.h"

namespace reconciler::daemon {
namespace {

const Instant kWall = *ParseTime("2026-07-01T12:00:00Z");

cycle::PoolStatus Degraded() {
  cycle::PoolStatus status;
  status.account = "contoso";
  status.pool = "sim";
  status.condition = Condition::kDegraded;
  status.reason = Reason::kAllocationFailed;
  status.message = "20 of 40 nodes, AllocationTimedout: no capacity";
  status.next = "ask for the nodes again";
  status.next_at = kWall + std::chrono::seconds(250);
  status.since = kWall - std::chrono::minutes(12);
  status.revision = "sha256:0123456789ab";
  status.exists = true;
  status.nodes_current = 20;
  status.nodes_target = 40;
  status.image_days = 143;
  status.position = {std::make_shared<const std::string>("pools/sim.yaml"), 3, 18};
  status.notes = {"the service keeps another value of vmSize"};
  status.differences = {
      {"targetDedicatedNodes", "20", "40", "planned", "PoolChanged", "pools/sim.yaml:9:3"}};
  status.holds = {{Reason::kAllocationFailed, "waits", "scale", true}};
  status.node_states = {{"idle", 12}, {"running", 8}};
  status.failures = 2;
  return status;
}

StatusReport Full() {
  StatusReport report;
  report.pid = 812;
  report.version = "0.1.0";
  report.owner = "fleet";
  report.source = "pools-main";
  report.started = kWall - std::chrono::hours(3);
  report.made = kWall;
  AccountStatus contoso;
  contoso.account = "contoso";
  contoso.looked = kWall - std::chrono::seconds(12);
  contoso.next_look = kWall + std::chrono::seconds(48);
  contoso.parked = "too much";
  contoso.pools_of_specs = 1;
  contoso.unmanaged = {"old"};
  contoso.pools = {Degraded()};
  AccountStatus gamma;
  gamma.account = "gamma";
  gamma.failure = AccountFailure{{ErrorKind::kUnauthorized, "list pools: no"}, kWall};
  gamma.failure->error.status = 401;
  gamma.pools_of_specs = 4;
  report.accounts = {contoso, gamma};
  report.problems = {{kWall - std::chrono::minutes(5), "the reload was refused"}};
  return report;
}

TEST_CASE("status report: a document holds all of it and fits the schema") {
  const Value document = StatusReportToJson(Full());
  CHECK(SchemaProblem("status.output.schema.json", document).empty());
  const auto back = StatusReportFromJson(document);
  REQUIRE(back);
  CHECK(WriteJson(StatusReportToJson(*back)) == WriteJson(document));
  CHECK(back->accounts[0].pools.front().differences.front().cause == "PoolChanged");
  CHECK(back->accounts[0].pools.front().node_states.at("running") == 8);
  CHECK(back->accounts[1].failure->error.kind == ErrorKind::kUnauthorized);
  CHECK(back->accounts[1].failure->error.status == 401);
  CHECK_FALSE(back->accounts[1].WasObserved());
  REQUIRE(back->problems.size() == 1);
  CHECK(back->problems[0].since == kWall - std::chrono::minutes(5));
}

TEST_CASE("status report: a document of another kind is refused with the place") {
  Value document = StatusReportToJson(Full());
  document.Set("formatVersion", "2");
  CHECK(StatusReportFromJson(document).error().message ==
        "formatVersion is '2', this poolkeeper reads '1'");
  document = StatusReportToJson(Full());
  document.Find("pools")->AsArray().front().Set("condition", "Fine");
  CHECK(StatusReportFromJson(document).error().message == "pools[].condition is not a known name");
  document = StatusReportToJson(Full());
  document.Erase("accounts");
  CHECK(StatusReportFromJson(document).error().message == "accounts is not a list");
  CHECK_FALSE(StatusReportFromJson(Value(Array{})));
}

TEST_CASE("status text: one pool, with all that explains it") {
  CHECK(ExplainPool(Degraded(), kWall, {}) ==
        "sim is Degraded (AllocationFailed) for 12 min\n"
        "  why       20 of 40 nodes, AllocationTimedout: no capacity\n"
        "  meaning   the service could not allocate all nodes; the resize is asked for again\n"
        "  to do     read the resize error; another size or region may have capacity\n"
        "  next      ask for the nodes again in 4 min 10 s (2026-07-01T12:04:10Z)\n"
        "  nodes     20 there, target 40: 12 idle, 8 running\n"
        "  image     reaches its end of life in 143 days\n"
        "  account   contoso\n"
        "  spec      pools/sim.yaml:3:18, revision sha256:0123456789ab\n"
        "  differs   targetDedicatedNodes: 20 -> 40, planned, PoolChanged, pools/sim.yaml:9:3\n"
        "  waits     AllocationFailed of scale: waits\n"
        "  note      the service keeps another value of vmSize\n"
        "  failures  2 calls in a row\n");
  cycle::PoolStatus absent = Degraded();
  absent.exists = false;
  absent.next = cycle::kNextIsAPerson;
  absent.message = "\x1b[2J";
  const std::string text = ExplainPool(absent, kWall, {});
  CHECK(text.find("  why       \\x1b[2J\n") != std::string::npos);
  CHECK(text.find("  next      nothing by itself: a person has to act\n") != std::string::npos);
  CHECK(text.find("  nodes     the pool does not exist\n") != std::string::npos);
}

TEST_CASE("status text: no line is wider than the terminal") {
  const Screen screen{.terminal = true, .color = true, .width = 40};
  const std::string text = ExplainPool(Degraded(), kWall, screen);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    CHECK(DisplayWidth(text.substr(at, end - at)) <= 40);
    at = end + 1;
  }
}

TEST_CASE("status text: it says where it comes from, and how old it is") {
  StatusReport report = Full();
  CHECK(DescribeSource(report, "") ==
        "From the daemon (process 812, up 3 h): it has not seen all pools yet, looks again in "
        "48 s.");
  report.accounts.pop_back();
  CHECK(DescribeSource(report, "") ==
        "From the daemon (process 812, up 3 h): looked 12 s ago, looks again in 48 s.");
  report.pid = 0;
  CHECK(DescribeSource(report, "no daemon answers at /run/poolkeeper/status.sock") ==
        "From a look at the service just now; no daemon answers at /run/poolkeeper/status.sock.");
}

}  // namespace
}  // namespace reconciler::daemon
