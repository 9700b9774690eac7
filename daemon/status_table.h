// The statuses of pools as a table for people.
#pragma once

#include <string>
#include <vector>

#include "daemon/terminal.h"
#include "reconciler/cycle/status.h"

namespace reconciler::daemon {

/// One line per pool, aligned. A message that finds no room beside the columns is wrapped below its
/// pool, as notes are. The account is a column only where there are several, the time only where
/// one is known; on a narrow screen columns are left out before any is cut. Ends with a line feed;
/// empty for no pools.
std::string RenderStatusTable(const std::vector<cycle::PoolStatus>& statuses, Instant wall,
                              const Screen& screen);

/// "2 of 3 pools Ready, 1 Blocked, 1 orphan." Orphans are no pools of specs.
std::string CountStatuses(const std::vector<cycle::PoolStatus>& statuses);

/// The same for machines: a list of objects, members sorted by name.
Value StatusesToJson(const std::vector<cycle::PoolStatus>& statuses);

}  // namespace reconciler::daemon
