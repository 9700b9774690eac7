#include "daemon/exit_code.h"

#include <doctest/doctest.h>

#include <vector>

namespace reconciler::daemon {
namespace {

using Fact = bool ExitFacts::*;

TEST_CASE("exit code: what only has to be awaited, or noted, is nothing to do") {
  const PoolSpec spec;
  cycle::CycleReport report;
  plan::PoolPlan pool;
  pool.pool = "render";
  pool.spec = &spec;
  pool.presence = plan::Presence::kPresent;
  const auto code_with = [&](Reason reason) {
    pool.holds = {{.reason = reason, .message = "x", .lifted_by_time = true}};
    report.plan.pools = {pool};
    return ExitCodeOf(FactsOfPlan(report, {}));
  };
  CHECK(code_with(Reason::kResizing) == kExitDone);
  CHECK(code_with(Reason::kSecretUnknown) == kExitDone);
  CHECK(code_with(Reason::kAllocationFailed) == kExitRemains);  // asked for again
  pool.changes.emplace_back();
  CHECK(code_with(Reason::kResizing) == kExitRemains);
}

TEST_CASE("exit code: of several facts the first of the documented order speaks") {
  const std::vector<std::pair<Fact, int>> order = {
      {&ExitFacts::usage, 64},  {&ExitFacts::invalid, 65}, {&ExitFacts::auth, 3},
      {&ExitFacts::refused, 4}, {&ExitFacts::error, 1},    {&ExitFacts::timeout, 9},
      {&ExitFacts::remains, 2}, {&ExitFacts::blocked, 5},  {&ExitFacts::frozen, 6}};
  CHECK(ExitCodeOf({}) == 0);
  for (unsigned facts = 1; facts < (1U << order.size()); ++facts) {
    CAPTURE(facts);
    ExitFacts set;
    int expected = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if ((facts & (1U << i)) == 0) continue;
      set.*order[i].first = true;
      if (expected == 0) expected = order[i].second;
    }
    CHECK(ExitCodeOf(set) == expected);
  }
}

TEST_CASE("exit code: a call that was cancelled says nothing, whoever stopped it does") {
  CHECK(ExitCodeOf(FactsOfError(Error{ErrorKind::kCancelled, "stopped"})) == 0);
  CHECK(ExitCodeOf(FactsOfError(Error{ErrorKind::kTransient, "reset"})) == 1);
}

/// A report of one account with one pool that has a spec.
struct Story {
  Story() {
    report.observed = true;
    report.plan.pools.emplace_back();
    pool().spec = &spec;
    pool().pool = "p1";
    pool().presence = plan::Presence::kPresent;
  }
  plan::PoolPlan& pool() { return report.plan.pools[0]; }
  void Hold(Reason reason, bool lifted_by_time) {
    plan::Hold hold;
    hold.reason = reason;
    hold.lifted_by_time = lifted_by_time;
    pool().holds.push_back(hold);
  }
  void Outcome(cycle::ActionOutcome::Result result) {
    cycle::ActionOutcome outcome;
    outcome.pool = "p1";
    outcome.result = result;
    report.outcomes.push_back(outcome);
  }
  int Plan() const { return ExitCodeOf(FactsOfPlan(report, {})); }
  int Apply() const { return ExitCodeOf(FactsOfApply(report, {})); }

  PoolSpec spec;
  cycle::CycleReport report;
};

TEST_CASE("exit code: nothing to do is 0, work is 2 for plan") {
  Story story;
  CHECK(story.Plan() == 0);
  CHECK(story.Apply() == 0);
  story.pool().steps.emplace_back();
  CHECK(story.Plan() == 2);
  CHECK(story.Apply() == 0);  // the plan of before: it was carried out
  story.report.work_left = true;
  CHECK(story.Apply() == 2);
}

TEST_CASE("exit code: a hold says whether a person, a freeze or time is waited for") {
  const auto codes = [](Reason reason, bool lifted_by_time) {
    Story story;
    story.pool().changes.emplace_back();
    story.Hold(reason, lifted_by_time);
    return std::pair(story.Plan(), story.Apply());
  };
  CHECK(codes(Reason::kNotOwned, false) == std::pair(5, 5));
  CHECK(codes(Reason::kFreezeFile, false) == std::pair(6, 6));
  CHECK(codes(Reason::kSpecUnreadable, false) == std::pair(6, 6));
  CHECK(codes(Reason::kWaitingToRetry, true) == std::pair(2, 2));
  CHECK(codes(Reason::kServiceRefused, true) == std::pair(4, 4));
  CHECK(codes(Reason::kUnauthorized, true) == std::pair(3, 3));
}

TEST_CASE("exit code: a freeze that holds nothing up is not reported") {
  Story story;
  story.Hold(Reason::kFreezeFile, false);
  CHECK(story.Plan() == 0);
  CHECK(story.Apply() == 0);
  story.pool().presence = plan::Presence::kAbsent;
  CHECK(story.Plan() == 6);
  CHECK(story.Apply() == 6);
}

TEST_CASE("exit code: blocked differences and a parked plan are 5") {
  Story blocked;
  blocked.pool().blocked.emplace_back();
  CHECK(blocked.Plan() == 5);
  CHECK(blocked.Apply() == 5);
  Story parked;
  parked.pool().steps.emplace_back();
  parked.report.plan.parked = plan::Hold{};
  parked.report.work_left = true;
  CHECK(parked.Plan() == 5);
  CHECK(parked.Apply() == 5);
}

TEST_CASE("exit code: observed differences are 2 for plan and 5 for apply") {
  Story story;
  story.pool().observe_only = true;
  CHECK(story.Plan() == 0);
  CHECK(story.Apply() == 0);
  story.pool().changes.emplace_back();
  story.Hold(Reason::kObserveMode, false);
  CHECK(story.Plan() == 2);
  CHECK(story.Apply() == 5);
}

TEST_CASE("exit code: outcomes of calls count for apply") {
  using Result = cycle::ActionOutcome::Result;
  const auto code = [](Result result) {
    Story story;
    story.Outcome(result);
    return story.Apply();
  };
  CHECK(code(Result::kDone) == 0);
  CHECK(code(Result::kWait) == 0);
  CHECK(code(Result::kRetry) == 2);
  CHECK(code(Result::kUnknown) == 2);
  CHECK(code(Result::kSlowRetry) == 4);
  CHECK(code(Result::kStop) == 4);
}

TEST_CASE("exit code: a resize that ended with an error is 4 for apply") {
  Story story;
  story.report.statuses.emplace_back();
  story.report.statuses[0].pool = "p1";
  story.report.statuses[0].reason = Reason::kAllocationFailed;
  CHECK(story.Apply() == 4);
  CHECK(story.Plan() == 0);
}

TEST_CASE("exit code: pools that were not asked for do not count") {
  Story story;
  story.pool().blocked.emplace_back();
  CHECK(ExitCodeOf(FactsOfPlan(story.report, {"other"})) == 0);
  CHECK(ExitCodeOf(FactsOfPlan(story.report, {"other", "P1"})) == 5);
  Story orphan;
  orphan.pool().spec = nullptr;
  orphan.Hold(Reason::kOrphaned, false);
  CHECK(orphan.Plan() == 0);
}

TEST_CASE("exit code: a failed call is classed by what it was") {
  const auto code = [](ErrorKind kind, int status) {
    Error error{kind, "x"};
    error.status = status;
    return ExitCodeOf(FactsOfError(error));
  };
  CHECK(code(ErrorKind::kUnauthorized, 403) == 3);
  CHECK(code(ErrorKind::kTerminal, 400) == 4);
  CHECK(code(ErrorKind::kSlow, 403) == 4);
  CHECK(code(ErrorKind::kTerminal, 0) == 1);
  CHECK(code(ErrorKind::kNotSent, 0) == 1);
  CHECK(code(ErrorKind::kTransient, 503) == 1);
  CHECK(code(ErrorKind::kInvalidSpec, 0) == 65);
}

TEST_CASE("exit code: an error in a spec is 65, a warning is not, an incomplete tree is") {
  SpecSnapshot specs;
  specs.complete = true;
  CHECK(ExitCodeOf(FactsOfSpecs(specs)) == 0);
  specs.findings.emplace_back().level = Finding::Level::kWarning;
  CHECK(ExitCodeOf(FactsOfSpecs(specs)) == 0);
  specs.findings.emplace_back();
  CHECK(ExitCodeOf(FactsOfSpecs(specs)) == 65);
  specs.findings.clear();
  specs.complete = false;
  CHECK(ExitCodeOf(FactsOfSpecs(specs)) == 65);
}

}  // namespace
}  // namespace reconciler::daemon
