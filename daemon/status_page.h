// What `status` shows people: all pools as a table, or some pools with all that explains them.
#pragma once

#include <string>
#include <vector>

#include "daemon/status_report.h"
#include "daemon/terminal.h"

namespace reconciler::daemon {

struct StatusPage {
  const Screen& screen;
  std::string absence;     // why this process looked itself: "no daemon answers at run/status.sock"
  bool unmanaged = false;  // list them
  bool not_ready = false;  // leave out what is Ready
  /// The page has to fit into the screen's height below two lines: what is worst comes first, and
  /// what finds no room is counted.
  bool in_window = false;
};

/// Whether nobody has to look at it.
bool IsFine(const cycle::PoolStatus& status);

/// The table, in natural order of the names, and below it what concerns whole accounts, the daemon,
/// and many pools alike. Ends with a line feed.
std::string RenderStatusPage(const StatusReport& report, const StatusPage& page);
/// Each of `pools` explained. Ends with a line feed.
std::string RenderPoolPages(const StatusReport& report, const std::vector<cycle::PoolStatus>& pools,
                            const StatusPage& page);

}  // namespace reconciler::daemon
