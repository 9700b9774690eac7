// The statuses of pools as a table for people.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/terminal.h"
#include "reconciler/cycle/status.h"

namespace reconciler::daemon {

/// Pools of an account that could not be read: no condition is known.
struct UnknownPools {
  std::string account;
  std::size_t pools = 0;
  std::string reason;  // "unauthorized"
  std::string message;
};

/// One line per pool, aligned. A message that finds no room beside the columns is wrapped below its
/// pool, as notes are. The account is a column only where there are several, the time and what
/// comes next only where one is known; on a narrow screen columns are left out before any is cut,
/// and what matters of them goes below. Of more than `lines_max` lines the last says how many pools
/// find no room; 0: all do. Ends with a line feed; empty for no lines.
std::string RenderStatusTable(const std::vector<cycle::PoolStatus>& statuses, Instant wall,
                              const Screen& screen, const std::vector<UnknownPools>& unknown = {},
                              std::size_t lines_max = 0);

/// "ask for the nodes again in 4 min", "a person", "-".
std::string NextText(const cycle::PoolStatus& status, Instant wall);
Color ColorOf(Condition condition);
/// "ended", "143 d", "-"
std::string ImageText(const cycle::PoolStatus& status);

/// Counts pools by condition. Orphans are no pools of specs.
class ConditionCounts {
 public:
  void Add(const cycle::PoolStatus& status);
  /// "2 of 3 pools Ready, 1 Blocked, 1 orphan"
  std::string Text() const;

 private:
  std::map<Condition, std::size_t> counts_;
  std::size_t pools_ = 0;
  std::size_t orphans_ = 0;
};
/// The same with a full stop.
std::string CountStatuses(const std::vector<cycle::PoolStatus>& statuses);

}  // namespace reconciler::daemon
