#include "daemon/change_lines.h"

#include <fmt/format.h>

#include <ostream>

#include "daemon/exit_code.h"
#include "daemon/session.h"
#include "daemon/status_text.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

std::string PoolText(const cycle::PoolStatus& status) {
  return fmt::format("{} {} {} ({}) {}/{}{}{}", status.account, status.pool,
                     ConditionName(status.condition), ReasonName(status.reason),
                     status.nodes_current, status.nodes_target, status.message.empty() ? "" : ": ",
                     status.message);
}

}  // namespace

void ChangeLines::PrintSource(std::ostream& out, const StatusReport& report,
                              const std::string& absence) {
  // How old it is changes each time; from whom it comes is what matters.
  if (from_daemon_ == report.FromDaemon()) return;
  from_daemon_ = report.FromDaemon();
  out << FormatTime(report.made) << ' ' << Harmless(DescribeSource(report, absence)) << '\n';
}

void ChangeLines::Print(std::ostream& out, const StatusReport& report,
                        const std::vector<std::string>& pools) {
  for (const AccountStatus& account : report.accounts) {
    for (const cycle::PoolStatus& status : account.pools) {
      if (!Selects(pools, status.pool)) continue;
      Say(out, report, status.account + "/" + status.pool, PoolText(status));
    }
  }
  for (const AccountStatus& account : report.accounts) {
    if (!account.failure && last_[account.account].empty()) continue;  // never was a problem
    Say(out, report, account.account,
        account.failure ? DescribeFailure(account.account, account.failure->error.message)
                        : fmt::format("account '{}' can be read again", account.account));
  }
  PrintProblems(out, report);
  out.flush();
}

void ChangeLines::PrintProblems(std::ostream& out, const StatusReport& report) {
  std::set<std::string> now;
  for (const DaemonProblem& problem : report.problems) now.insert(problem.message);
  for (const std::string& problem : now) {
    if (problems_.contains(problem)) continue;
    out << FormatTime(report.made) << " the daemon: " << Harmless(problem) << '\n';
  }
  for (const std::string& problem : problems_) {
    if (now.contains(problem)) continue;
    out << FormatTime(report.made) << " the daemon: no more: " << Harmless(problem) << '\n';
  }
  problems_ = std::move(now);
}

void ChangeLines::Say(std::ostream& out, const StatusReport& report, const std::string& about,
                      const std::string& text) {
  std::string& last = last_[about];
  if (last == text) return;
  last = text;
  out << FormatTime(report.made) << ' ' << Harmless(text) << '\n';
}

}  // namespace reconciler::daemon
