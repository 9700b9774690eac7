// All that is known of one pool, for who asks why it does or does not act.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/status_report.h"
#include "daemon/terminal.h"

namespace reconciler::daemon {

/// A headline and below it a line for each thing that explains it, wrapped to the screen.
/// `seen`: when its account was read for the last time, where that has failed since.
std::string ExplainPool(const cycle::PoolStatus& status, Instant wall, const Screen& screen,
                        std::optional<Instant> seen = std::nullopt);

/// "From the daemon (process 812, up 3 h): looked 12 s ago, looks again in 48 s.", or where it
/// comes from else. `absence`: why no daemon was heard, "no daemon answers at run/status.sock". Of
/// several accounts the oldest look counts.
std::string DescribeSource(const StatusReport& report, const std::string& absence);
/// "The daemon, since 3 min: the reload was refused, ...", one for each problem.
std::vector<std::string> DescribeProblems(const StatusReport& report);

}  // namespace reconciler::daemon
