#include "daemon/status_board.h"

#include <algorithm>
#include <utility>

#include "daemon/status_table.h"

namespace reconciler::daemon {
namespace {

constexpr std::string_view kAccountObserver = "account ";

}  // namespace

AccountStatus AccountStatusOf(const std::string& account, const cycle::CycleReport& report,
                              Instant wall) {
  AccountStatus status;
  status.account = account;
  if (report.specs != nullptr) status.pools_of_specs = report.specs->OfAccount(account).size();
  if (report.failure) status.failure = AccountFailure{*report.failure, wall};
  if (!report.observed) return status;
  status.looked = wall;
  if (report.plan.parked) status.parked = report.plan.parked->message;
  status.unmanaged = report.plan.unmanaged;
  status.pools = report.statuses;
  return status;
}

StatusBoard::StatusBoard(StatusReport identity, const std::vector<std::string>& accounts,
                         Clock& clock)
    : identity_(std::move(identity)), clock_(clock) {
  SetAccounts(accounts);
}

void StatusBoard::SetAccounts(const std::vector<std::string>& accounts) {
  const std::lock_guard lock(mutex_);
  order_ = accounts;
  std::erase_if(accounts_, [&](const auto& known) {
    return std::find(accounts.begin(), accounts.end(), known.first) == accounts.end();
  });
  for (const std::string& account : accounts) accounts_[account].account = account;
  std::erase_if(problems_, [&](const auto& known) {
    return known.first.starts_with(kAccountObserver) &&
           !accounts_.contains(known.first.substr(kAccountObserver.size()));
  });
}

void StatusBoard::SetProblems(const std::string& observer,
                              const std::vector<std::string>& problems) {
  const Instant wall = clock_.Wall();
  const std::lock_guard lock(mutex_);
  std::vector<DaemonProblem>& known = problems_[observer];
  std::vector<DaemonProblem> fresh;
  for (const std::string& message : problems) {
    const auto old = std::find_if(known.begin(), known.end(), [&](const DaemonProblem& problem) {
      return problem.message == message;
    });
    fresh.push_back({old == known.end() ? wall : old->since, message});
  }
  known = std::move(fresh);
}

void StatusBoard::TakeReport(const std::string& account, const cycle::CycleReport& report) {
  if (report.failure && report.failure->kind == ErrorKind::kCancelled) return;
  SetProblems(std::string(kAccountObserver) + account, report.state_problem.empty()
                                                           ? std::vector<std::string>{}
                                                           : std::vector{report.state_problem});
  const Instant wall = clock_.Wall();
  const auto wait = std::chrono::ceil<std::chrono::seconds>(report.next_due - clock_.Now());
  AccountStatus fresh = AccountStatusOf(account, report, wall);
  fresh.next_look = wall + std::max(wait, std::chrono::seconds(0));
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] = accounts_.try_emplace(account);
  if (is_new) order_.push_back(account);  // quicker than the reload that brought it
  AccountStatus& old = known->second;
  if (fresh.failure && old.failure) fresh.failure->since = old.failure->since;
  if (fresh.failure && !fresh.WasObserved()) {
    fresh.looked = old.looked;
    fresh.parked = std::move(old.parked);
    fresh.unmanaged = std::move(old.unmanaged);
    fresh.pools = std::move(old.pools);
  }
  old = std::move(fresh);
}

std::string StatusBoard::Summary() const {
  ConditionCounts counts;
  std::string problems;
  std::string failures;
  const std::lock_guard lock(mutex_);
  for (const auto& [observer, list] : problems_) {
    for (const DaemonProblem& problem : list) problems += problem.message + "; ";
  }
  for (const std::string& name : order_) {
    const AccountStatus& account = accounts_.at(name);
    for (const cycle::PoolStatus& status : account.pools) counts.Add(status);
    if (!account.failure) continue;
    failures += "; " + name + ": " + std::string(ErrorKindName(account.failure->error.kind));
  }
  return problems + counts.Text() + failures + "; looked at " + FormatTime(clock_.Wall());
}

StatusReport StatusBoard::Report() const {
  StatusReport report = identity_;
  report.made = clock_.Wall();
  const std::lock_guard lock(mutex_);
  report.accounts.clear();
  for (const std::string& account : order_) report.accounts.push_back(accounts_.at(account));
  for (const auto& [observer, list] : problems_) {
    report.problems.insert(report.problems.end(), list.begin(), list.end());
  }
  return report;
}

}  // namespace reconciler::daemon
