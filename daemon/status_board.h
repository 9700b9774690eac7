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

  /// What is wrong with the daemon itself, seen by `observer`, in place of what that one said last;
  /// nothing: all is well there. What stays the same keeps the time since when.
  void SetProblems(const std::string& observer, const std::vector<std::string>& problems);

  StatusReport Report() const;
  /// "12 of 14 pools Ready, 2 Progressing; gamma: unauthorized; looked at 14:03:11Z": one line.
  /// What is wrong with the daemon itself comes first.
  std::string Summary() const;

 private:
  const StatusReport identity_;
  Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, AccountStatus> accounts_;
  std::vector<std::string> order_;
  std::map<std::string, std::vector<DaemonProblem>> problems_;  // by observer
};

/// The status of one account after a cycle that has just ended; `next_look` is unset.
AccountStatus AccountStatusOf(const std::string& account, const cycle::CycleReport& report,
                              Instant wall);

}  // namespace reconciler::daemon
