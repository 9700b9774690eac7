// The daemon that keeps the pools of this configuration, if one runs here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/status_report.h"
#include "reconciler/core/error.h"

namespace reconciler::daemon {

class OwnDaemon {
 public:
  /// Reads of the configuration where its socket is and whose pools it keeps, and no key: who may
  /// not read the keys may still ask. Without a configuration any daemon at the usual place counts.
  /// `account`: the only one that is asked for; empty: all.
  OwnDaemon(const std::string& config_file, std::string account);

  struct Answer {
    std::optional<StatusReport> report;  // of the wanted accounts; nullopt: no daemon of ours
    /// Of sockets that are there and did not answer as they should; kConflict: a daemon of another
    /// owner or source.
    std::vector<Error> refusals;
  };
  Answer Ask() const;
  /// What to do about such a refusal.
  static std::string_view AdviceFor(const Error& refusal);

  /// "/run/poolkeeper/status.sock or /var/lib/poolkeeper/status.sock"
  std::string Places() const;

 private:
  bool IsOfOurFleet(const StatusReport& report) const;
  /// False: it has not the wanted account, and says nothing of ours.
  bool KeepWanted(StatusReport& report) const;

  std::vector<std::string> sockets_;
  std::string owner_;  // empty: not known
  std::string source_;
  const std::string account_;
};

}  // namespace reconciler::daemon
