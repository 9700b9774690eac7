// What `status --watch` prints for a reader that is no terminal: a line for each change.
#pragma once

#include <iosfwd>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/status_report.h"

namespace reconciler::daemon {

/// Lines of what changed since the last look: pools, accounts that cannot be read, what is wrong
/// with the daemon, and who says so.
class ChangeLines {
 public:
  /// From whom it comes, when that changes. `absence`: why no daemon was heard.
  void PrintSource(std::ostream& out, const StatusReport& report, const std::string& absence);
  /// `pools`: names of the only pools that are shown; empty: all.
  void Print(std::ostream& out, const StatusReport& report, const std::vector<std::string>& pools);

 private:
  void PrintProblems(std::ostream& out, const StatusReport& report);
  void Say(std::ostream& out, const StatusReport& report, const std::string& about,
           const std::string& text);

  std::map<std::string, std::string> last_;  // by account, and by "account/pool"
  std::set<std::string> problems_;           // of the daemon, that last
  std::optional<bool> from_daemon_;
};

}  // namespace reconciler::daemon
