// What the daemon knows of its accounts, for who asks.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/status_report.h"
#include "reconciler/core/ports.h"
#include "reconciler/cycle/account_cycle.h"

namespace reconciler::daemon {

/// Keeps the last report of each account, and the last good one beside a failure. Thread-safe.
class StatusBoard {
 public:
  /// `identity`: pid, version, owner, source and start; its accounts are ignored.
  StatusBoard(StatusReport identity, const std::vector<std::string>& accounts, Clock& clock);

  void TakeReport(const std::string& account, const cycle::CycleReport& report);
  /// After a reload: others are forgotten, new ones are not observed yet.
  void SetAccounts(const std::vector<std::string>& accounts);

  StatusReport Report() const;
  /// "12 of 14 pools Ready, 2 Progressing; gamma: unauthorized; looked at 14:03:11Z": one line.
  std::string Summary() const;

 private:
  const StatusReport identity_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, AccountStatus> accounts_;
  std::vector<std::string> order_;
};

/// The status of one account after a cycle that has just ended; `next_look` is unset.
AccountStatus AccountStatusOf(const std::string& account, const cycle::CycleReport& report,
                              Instant wall);

}  // namespace reconciler::daemon
