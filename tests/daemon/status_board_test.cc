#include "daemon/status_board.h"

#include <doctest/doctest.h>

#include <memory>

namespace reconciler::daemon {
namespace {

const Instant kWall = *ParseTime("2026-07-01T12:00:00Z");

struct StillClock final : Clock {
  Tick now{};
  Tick Now() override { return now; }
  Instant Wall() override { return kWall + now; }
  bool SleepUntil(Tick, std::stop_token) override { return true; }
};

StatusReport Identity() {
  StatusReport identity;
  identity.pid = 812;
  identity.owner = "fleet";
  identity.made = kWall - std::chrono::hours(1);
  identity.accounts.emplace_back().account = "ignored";
  return identity;
}

cycle::PoolStatus PoolThatIs(Condition condition, const std::string& name = "sim") {
  cycle::PoolStatus status;
  status.account = "contoso";
  status.pool = name;
  status.condition = condition;
  return status;
}

cycle::CycleReport Seen() {
  cycle::CycleReport report;
  report.observed = true;
  report.statuses = {PoolThatIs(Condition::kDegraded)};
  report.plan.unmanaged = {"old"};
  report.plan.parked = plan::Hold{.reason = Reason::kNone, .message = "too much"};
  report.next_due = std::chrono::seconds(60);
  return report;
}

cycle::CycleReport FailedWith(ErrorKind kind) {
  cycle::CycleReport report;
  report.failure = Error{kind, "list pools: gone"};
  report.next_due = std::chrono::seconds(90);
  return report;
}

TEST_CASE("status board: what was seen stays beside a failure, which knows since when") {
  StillClock clock;
  StatusBoard board(Identity(), {"contoso"}, clock);
  CHECK_FALSE(board.Report().accounts.front().WasObserved());
  board.TakeReport("contoso", Seen());
  for (const int at : {60, 75}) {
    clock.now = std::chrono::seconds(at);
    board.TakeReport("contoso", FailedWith(ErrorKind::kTransient));
  }
  const AccountStatus account = board.Report().accounts.front();
  REQUIRE(account.failure);
  CHECK(account.failure->since == kWall + std::chrono::seconds(60));
  CHECK(account.looked == kWall);
  CHECK(account.pools.size() == 1);
  CHECK(account.unmanaged.size() == 1);
  CHECK(account.parked == "too much");
  board.TakeReport("contoso", Seen());
  CHECK_FALSE(board.Report().accounts.front().failure);
}

TEST_CASE("status board: what a cycle saw before it failed takes the place of what was seen") {
  StillClock clock;
  StatusBoard board(Identity(), {"contoso"}, clock);
  board.TakeReport("contoso", Seen());
  clock.now = std::chrono::seconds(60);
  cycle::CycleReport half = FailedWith(ErrorKind::kTransient);
  half.observed = true;
  half.statuses = {PoolThatIs(Condition::kReady), PoolThatIs(Condition::kReady, "render")};
  board.TakeReport("contoso", half);
  const AccountStatus account = board.Report().accounts.front();
  CHECK(account.failure);
  CHECK(account.looked == kWall + std::chrono::seconds(60));
  CHECK(account.pools.size() == 2);
  CHECK(account.parked.empty());
}

TEST_CASE("status board: a first look that failed saw nothing") {
  StillClock clock;
  StatusBoard board(Identity(), {"contoso"}, clock);
  board.TakeReport("contoso", FailedWith(ErrorKind::kUnauthorized));
  const AccountStatus account = board.Report().accounts.front();
  CHECK_FALSE(account.WasObserved());
  CHECK(account.failure);
  CHECK(account.next_look == kWall + std::chrono::seconds(90));
}

TEST_CASE("status board: a cycle that was stopped says nothing about the account") {
  StillClock clock;
  StatusBoard board(Identity(), {"contoso"}, clock);
  board.TakeReport("contoso", Seen());
  clock.now = std::chrono::seconds(60);
  board.TakeReport("contoso", FailedWith(ErrorKind::kCancelled));
  const AccountStatus account = board.Report().accounts.front();
  CHECK_FALSE(account.failure);
  CHECK(account.looked == kWall);
}

TEST_CASE("status board: the next look is told in whole seconds, never early, never in the past") {
  StillClock clock;
  StatusBoard board(Identity(), {"contoso"}, clock);
  const auto next_after = [&](Tick due) {
    cycle::CycleReport report = Seen();
    report.next_due = due;
    board.TakeReport("contoso", report);
    return board.Report().accounts.front().next_look;
  };
  CHECK(next_after(std::chrono::milliseconds(60'001)) == kWall + std::chrono::seconds(61));
  clock.now = std::chrono::seconds(100);
  CHECK(next_after(std::chrono::seconds(40)) == kWall + std::chrono::seconds(100));
}

TEST_CASE("status board: the summary counts pools of all accounts and names those that failed") {
  StillClock clock;
  StatusBoard board(Identity(), {"contoso", "gamma", "delta"}, clock);
  CHECK(board.Summary() == "0 of 0 pools Ready; looked at 2026-07-01T12:00:00Z");
  cycle::CycleReport seen = Seen();
  seen.statuses = {PoolThatIs(Condition::kReady), PoolThatIs(Condition::kProgressing, "render")};
  board.TakeReport("contoso", seen);
  seen.statuses = {PoolThatIs(Condition::kReady)};
  board.TakeReport("delta", seen);
  board.TakeReport("gamma", FailedWith(ErrorKind::kUnauthorized));
  clock.now = std::chrono::seconds(5);
  CHECK(board.Summary() ==
        "2 of 3 pools Ready, 1 Progressing; gamma: unauthorized; looked at 2026-07-01T12:00:05Z");
}

TEST_CASE("status board: what is wrong with the daemon lasts until its observer says otherwise") {
  StillClock clock;
  StatusBoard board(Identity(), {"contoso"}, clock);
  board.SetProblems("reload", {"refused"});
  board.SetProblems("specs", {"disk full"});
  clock.now = std::chrono::seconds(60);
  board.SetProblems("specs", {"disk full", "unreadable"});
  std::vector<DaemonProblem> problems = board.Report().problems;
  REQUIRE(problems.size() == 3);
  CHECK(problems[0].message == "refused");
  CHECK(problems[1].since == kWall);
  CHECK(problems[2].since == kWall + std::chrono::seconds(60));
  CHECK(board.Summary() ==
        "refused; disk full; unreadable; 0 of 0 pools Ready; looked at 2026-07-01T12:01:00Z");
  board.SetProblems("reload", {});
  board.SetProblems("specs", {});
  CHECK(board.Report().problems.empty());
}

TEST_CASE("status board: a cycle tells of the state folder, and takes it back") {
  StillClock clock;
  StatusBoard board(Identity(), {"contoso"}, clock);
  cycle::CycleReport report = Seen();
  report.state_problem = "cannot write state/images.json: no space";
  board.TakeReport("contoso", report);
  CHECK(board.Report().problems.size() == 1);
  board.TakeReport("contoso", Seen());
  CHECK(board.Report().problems.empty());
  board.TakeReport("contoso", report);
  board.SetAccounts({"other"});
  CHECK(board.Report().problems.empty());
}

TEST_CASE("status board: the report says who made it, and when") {
  StillClock clock;
  StatusBoard board(Identity(), {"gamma", "contoso"}, clock);
  clock.now = std::chrono::seconds(7);
  const StatusReport report = board.Report();
  CHECK(report.pid == 812);
  CHECK(report.owner == "fleet");
  CHECK(report.made == kWall + std::chrono::seconds(7));
  REQUIRE(report.accounts.size() == 2);
  CHECK(report.accounts[0].account == "gamma");
  CHECK(report.accounts[1].account == "contoso");
}

TEST_CASE("status board: an account knows how many pools its specs have, seen or not") {
  cycle::CycleReport report = FailedWith(ErrorKind::kTransient);
  CHECK(AccountStatusOf("contoso", report, kWall).pools_of_specs == 0);
  SpecSnapshot specs;
  for (const char* account : {"contoso", "contoso", "gamma"}) {
    specs.pools.emplace_back().account = account;
  }
  report.specs = std::make_shared<const SpecSnapshot>(std::move(specs));
  CHECK(AccountStatusOf("contoso", report, kWall).pools_of_specs == 2);
}

TEST_CASE("status board: accounts that leave the configuration leave the board") {
  StillClock clock;
  StatusBoard board(Identity(), {"contoso", "gamma"}, clock);
  board.TakeReport("contoso", Seen());
  board.TakeReport("delta", Seen());  // a reload has just brought it
  CHECK(board.Report().accounts.size() == 3);
  board.SetAccounts({"delta", "gamma"});
  const StatusReport report = board.Report();
  REQUIRE(report.accounts.size() == 2);
  CHECK(report.accounts[0].account == "delta");
  CHECK(report.accounts[0].WasObserved());
  CHECK_FALSE(report.accounts[1].WasObserved());
  board.SetAccounts({"contoso", "delta", "gamma"});
  CHECK_FALSE(board.Report().accounts[0].WasObserved());  // come back, it is a new one
}

}  // namespace
}  // namespace reconciler::daemon
