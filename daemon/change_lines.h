// What `status --watch` prints for a reader that is no terminal: a line for each change.
#pragma once

#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/status_report.h"

namespace reconciler::daemon {

/// Lines of what changed since the last look: pools, accounts that cannot be read, and who says so.
class ChangeLines {
 public:
  /// From whom it comes, when that changes. `place`: where no daemon answered.
  void PrintSource(std::ostream& out, const StatusReport& report, const std::string& place);
  /// `pools`: names of the only pools that are shown; empty: all.
  void Print(std::ostream& out, const StatusReport& report, const std::vector<std::string>& pools);

 private:
  void Say(std::ostream& out, const StatusReport& report, const std::string& about,
           const std::string& text);

  std::map<std::string, std::string> last_;  // by account, and by "account/pool"
  std::optional<bool> from_daemon_;
};

}  // namespace reconciler::daemon
