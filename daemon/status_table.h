// The statuses of pools as a table for people.
#pragma once

#include <string>
#include <vector>

#include "daemon/terminal.h"
#include "reconciler/cycle/status.h"

namespace reconciler::daemon {

/// One line per pool, aligned; the last column is cut at the width of the screen. Notes stand below
/// their pool. The account is a column only where there are several. Ends with a line feed; empty
/// for no pools.
std::string RenderStatusTable(const std::vector<cycle::PoolStatus>& statuses, Instant wall,
                              const Screen& screen);

/// "2 of 3 pools Ready, 1 Blocked."
std::string CountStatuses(const std::vector<cycle::PoolStatus>& statuses);

}  // namespace reconciler::daemon
