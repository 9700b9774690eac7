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
                              const std::string& place) {
  // How old it is changes each time; from whom it comes is what matters.
  if (from_daemon_ == report.FromDaemon()) return;
  from_daemon_ = report.FromDaemon();
  out << FormatTime(report.made) << ' ' << Harmless(DescribeSource(report, place)) << '\n';
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
  out.flush();
}

void ChangeLines::Say(std::ostream& out, const StatusReport& report, const std::string& about,
                      const std::string& text) {
  std::string& last = last_[about];
  if (last == text) return;
  last = text;
  out << FormatTime(report.made) << ' ' << Harmless(text) << '\n';
}

}  // namespace reconciler::daemon
