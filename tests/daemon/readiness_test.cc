#include "daemon/readiness.h"

#include <doctest/doctest.h>

namespace reconciler::daemon {
namespace {

cycle::CycleReport ReportOf(std::vector<std::pair<Condition, Reason>> pools) {
  cycle::CycleReport report;
  report.observed = true;
  int number = 0;
  for (const auto& [condition, reason] : pools) {
    cycle::PoolStatus status;
    status.pool = "p" + std::to_string(++number);
    status.condition = condition;
    status.reason = reason;
    report.statuses.push_back(status);
  }
  return report;
}

TEST_CASE("readiness: no pools, and orphans alone, are all Ready") {
  ReadinessJudge judge({});
  CHECK(judge.Judge(ReportOf({})).AllReady());
  CHECK(judge.Judge(ReportOf({{Condition::kBlocked, Reason::kOrphaned}})).AllReady());
}

TEST_CASE("readiness: what could not be observed is not Ready, and not stuck") {
  cycle::CycleReport report;
  report.failure = Error{ErrorKind::kNotSent, "refused"};
  const Readiness readiness = ReadinessJudge({}).Judge(report);
  CHECK_FALSE(readiness.AllReady());
  CHECK_FALSE(readiness.stuck);
  CHECK(readiness.facts.error);
}

TEST_CASE("readiness: a pool that moves is waited for beside one that needs a person") {
  ReadinessJudge judge({});
  const Readiness moving = judge.Judge(ReportOf(
      {{Condition::kBlocked, Reason::kNotOwned}, {Condition::kProgressing, Reason::kResizing}}));
  CHECK_FALSE(moving.stuck);
  const Readiness settled = judge.Judge(
      ReportOf({{Condition::kBlocked, Reason::kNotOwned}, {Condition::kReady, Reason::kInSync}}));
  CHECK(settled.stuck);
  CHECK(ExitCodeOf(settled.facts) == 5);
  CHECK(settled.waiting == std::vector<std::string>{"p1 is Blocked (NotOwned)"});
}

TEST_CASE("readiness: a refused call ends the waiting although it will be tried again") {
  const Readiness readiness =
      ReadinessJudge({}).Judge(ReportOf({{Condition::kProgressing, Reason::kServiceRefused}}));
  CHECK(readiness.stuck);
  CHECK(ExitCodeOf(readiness.facts) == 4);
}

TEST_CASE("readiness: a failed resize stays failed while it is retried, until the pool is Ready") {
  ReadinessJudge judge({});
  CHECK(judge.Judge(ReportOf({{Condition::kDegraded, Reason::kAllocationFailed}})).stuck);
  const Readiness retried = judge.Judge(ReportOf({{Condition::kProgressing, Reason::kResizing}}));
  CHECK(retried.stuck);
  CHECK(ExitCodeOf(retried.facts) == 4);
  CHECK(judge.Judge(ReportOf({{Condition::kReady, Reason::kInSync}})).AllReady());
  CHECK_FALSE(judge.Judge(ReportOf({{Condition::kProgressing, Reason::kResizing}})).stuck);
}

TEST_CASE("readiness: only the pools that were asked for count") {
  const auto report =
      ReportOf({{Condition::kReady, Reason::kInSync}, {Condition::kBlocked, Reason::kNotOwned}});
  CHECK(ReadinessJudge({"P1"}).Judge(report).AllReady());
  CHECK_FALSE(ReadinessJudge({"p2"}).Judge(report).AllReady());
}

TEST_CASE("readiness: a status in words has the message, or the nodes, and steers no terminal") {
  cycle::PoolStatus status;
  status.pool = "p1";
  status.condition = Condition::kProgressing;
  status.reason = Reason::kResizing;
  status.exists = true;
  status.nodes_current = 1;
  status.nodes_target = 4;
  CHECK(DescribeStatus(status) == "p1 is Progressing (Resizing): 1 of 4 nodes");
  status.message = "a\x1b[2J";
  CHECK(DescribeStatus(status) == "p1 is Progressing (Resizing): a\\x1b[2J");
}

}  // namespace
}  // namespace reconciler::daemon
