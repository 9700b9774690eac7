#include "daemon/status_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/session.h"
#include "daemon/status_table.h"
#include "daemon/status_text.h"
#include "reconciler/core/text.h"
#include "reconciler/plan/name_list.h"

namespace reconciler::daemon {
namespace {

using cycle::PoolStatus;

constexpr int kLinesAbove = 2;          // the time, and a line of space
constexpr int kTableLinesMin = 6;       // a table is never cut to less, however small the window
constexpr std::size_t kNoteShared = 3;  // a note of so many pools is said once, for all

std::string Wrapped(const Screen& screen, const std::string& text) {
  std::string lines;
  for (const std::string& line : WrapToWidth(Harmless(text), screen.width)) lines += line + "\n";
  return lines;
}

/// Pools of accounts that never answered have no status, but they are not forgotten.
std::vector<UnknownPools> UnknownOf(const StatusReport& report) {
  std::vector<UnknownPools> unknown;
  for (const AccountStatus& account : report.accounts) {
    if (account.WasObserved()) continue;
    if (account.failure) {
      unknown.push_back({account.account, account.pools_of_specs,
                         std::string(ErrorKindName(account.failure->error.kind)),
                         DescribeFailure(account.account, account.failure->error.message)});
    } else {
      unknown.push_back({account.account, account.pools_of_specs, "not_read_yet", kNotReadYet});
    }
  }
  return unknown;
}

/// Conditions stand in the order in which a person should look at them; an orphan waits.
Condition Urgency(const PoolStatus& status) {
  return status.reason == Reason::kOrphaned ? Condition::kProtected : status.condition;
}

std::vector<PoolStatus> PoolsOf(const StatusReport& report, bool worst_first) {
  std::vector<PoolStatus> pools;
  for (const AccountStatus& account : report.accounts) {
    std::vector<PoolStatus> own = account.pools;
    std::stable_sort(own.begin(), own.end(), [](const PoolStatus& left, const PoolStatus& right) {
      return CompareNatural(left.pool, right.pool) < 0;
    });
    std::move(own.begin(), own.end(), std::back_inserter(pools));
  }
  if (worst_first) {
    std::stable_sort(pools.begin(), pools.end(),
                     [](const PoolStatus& left, const PoolStatus& right) {
                       return Urgency(left) < Urgency(right);
                     });
  }
  return pools;
}

/// Takes what many pools say alike out of them: the notes, each with its pools.
std::map<std::string, std::vector<std::string>> TakeSharedNotes(std::vector<PoolStatus>& pools) {
  std::map<std::string, std::vector<std::string>> shared;
  for (const PoolStatus& status : pools) {
    for (const std::string& note : status.notes) shared[note].push_back(status.pool);
  }
  std::erase_if(shared, [](const auto& note) { return note.second.size() < kNoteShared; });
  for (PoolStatus& status : pools) {
    std::erase_if(status.notes, [&](const std::string& note) { return shared.contains(note); });
  }
  return shared;
}

std::string Unmanaged(const StatusReport& report, const StatusPage& page) {
  std::string text;
  for (const AccountStatus& account : report.accounts) {
    if (account.unmanaged.empty()) continue;
    text += fmt::format("{} unmanaged {} in account {}{}\n", account.unmanaged.size(),
                        account.unmanaged.size() == 1 ? "pool" : "pools", account.account,
                        page.unmanaged ? ":" : " (--unmanaged lists them)");
    if (!page.unmanaged) continue;
    for (const std::string& pool : account.unmanaged) text += "  " + Harmless(pool) + "\n";
  }
  return text;
}

bool IsStale(const AccountStatus& account) { return account.failure && account.WasObserved(); }

bool IsStale(const StatusReport& report) {
  return std::any_of(report.accounts.begin(), report.accounts.end(),
                     [](const AccountStatus& account) { return IsStale(account); });
}

/// When the account of a pool was read for the last time, if that fails now.
std::optional<Instant> LastSeen(const StatusReport& report, const PoolStatus& status) {
  for (const AccountStatus& account : report.accounts) {
    if (account.account == status.account && IsStale(account)) return account.looked;
  }
  return std::nullopt;
}

/// What a daemon saw before an account stopped answering is shown, and that it is old.
std::string Stale(const StatusReport& report, const Screen& screen) {
  std::string text;
  for (const AccountStatus& account : report.accounts) {
    if (!IsStale(account)) continue;
    text += Wrapped(screen,
                    fmt::format("Not read since {}: {}", FormatTime(account.looked),
                                DescribeFailure(account.account, account.failure->error.message)));
  }
  if (!text.empty() && report.FromDaemon()) {
    text += Wrapped(screen, "`systemctl reload poolkeeper` (SIGHUP) makes it look at once.");
  }
  return text;
}

std::string Problems(const StatusReport& report, const Screen& screen) {
  std::string text;
  for (const std::string& problem : DescribeProblems(report)) text += Wrapped(screen, problem);
  return text;
}

/// All that stands below the table.
std::string Below(const StatusReport& report, const StatusPage& page,
                  const std::vector<PoolStatus>& all,
                  const std::map<std::string, std::vector<std::string>>& notes, bool count) {
  std::string text;
  for (const auto& [note, pools] : notes) {
    text += Wrapped(page.screen,
                    fmt::format("{} pools ({}): {}", pools.size(), plan::JoinSome(pools), note));
  }
  for (const AccountStatus& account : report.accounts) {
    if (!account.parked.empty()) text += Wrapped(page.screen, "Plan parked: " + account.parked);
  }
  text += Stale(report, page.screen);
  if (count) text += (IsStale(report) ? "As last seen: " : "") + CountStatuses(all) + "\n";
  text += Unmanaged(report, page);
  text += Problems(report, page.screen);
  return text + Wrapped(page.screen, DescribeSource(report, page.absence));
}

}  // namespace

bool IsFine(const PoolStatus& status) {
  return status.condition == Condition::kReady && status.reason != Reason::kOrphaned;
}

std::string RenderStatusPage(const StatusReport& report, const StatusPage& page) {
  const std::vector<PoolStatus> all = PoolsOf(report, page.in_window);
  const std::vector<UnknownPools> unknown = UnknownOf(report);
  std::vector<PoolStatus> shown = all;
  if (page.not_ready) std::erase_if(shown, IsFine);
  const auto notes = TakeSharedNotes(shown);
  const std::string below = Below(report, page, all, notes, unknown.empty() || !all.empty());
  std::size_t lines_max = 0;
  if (page.in_window && page.screen.height > 0) {
    const auto taken = std::count(below.begin(), below.end(), '\n') + kLinesAbove;
    lines_max = static_cast<std::size_t>(
        std::max<std::ptrdiff_t>(page.screen.height - 1 - taken, kTableLinesMin));
  }
  return RenderStatusTable(shown, report.made, page.screen, unknown, lines_max) + below;
}

std::string RenderPoolPages(const StatusReport& report, const std::vector<PoolStatus>& pools,
                            const StatusPage& page) {
  std::string text;
  for (const PoolStatus& status : pools) {
    text += ExplainPool(status, report.made, page.screen, LastSeen(report, status)) + "\n";
  }
  for (const UnknownPools& unknown : UnknownOf(report)) {
    text += Wrapped(page.screen, fmt::format("Nothing is known of the pools of account {}: {}",
                                             unknown.account, unknown.message));
  }
  text += Stale(report, page.screen) + Problems(report, page.screen);
  return text + Wrapped(page.screen, DescribeSource(report, page.absence));
}

}  // namespace reconciler::daemon
