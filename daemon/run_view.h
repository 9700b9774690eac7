// What `run` shows of its accounts, and whether all is well by now.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/console.h"
#include "daemon/readiness.h"
#include "reconciler/core/ports.h"
#include "reconciler/cycle/account_cycle.h"

namespace reconciler::daemon {

/// Takes the reports of all account threads. Prints, if asked to, each plan that has something to
/// do when it appears or changes, and the table of all pools when they have become Ready.
/// Thread-safe.
class RunView {
 public:
  /// `accounts`: the names of those that are kept; `show`: print plans and the table.
  RunView(const Console& console, Clock& clock, std::vector<std::string> accounts, bool show);

  void TakeSpecs(const SpecSnapshot& specs);
  /// Before the cycle acts on it.
  void TakePlan(const plan::AccountPlan& plan);
  void TakeReport(const std::string& account, const cycle::CycleReport& report);

  /// The exit code once it is known how this ends: all pools Ready (0), or the rest cannot become
  /// so without a person. nullopt: still under way.
  std::optional<ExitCode> Verdict() const;
  /// What the code is if nobody waits any longer.
  ExitCode VerdictAtTimeout() const;
  /// The table, and what is not Ready.
  void PrintState() const;

 private:
  struct Lane {
    Readiness readiness;
    std::vector<cycle::PoolStatus> statuses;
    std::string plan_text;  // as last shown
    std::string parked;     // why a guard stopped the plan; empty: it did not
    std::string failure;
    bool reported = false;
  };

  bool AllReady() const;
  ExitFacts Facts() const;
  void PrintTable() const;

  const Console& console_;
  Clock& clock_;
  const bool show_;
  mutable std::mutex mutex_;
  std::map<std::string, Lane> lanes_;
  std::map<std::string, ReadinessJudge> judges_;
  bool have_specs_ = false;
  ExitFacts spec_facts_;
  std::vector<Finding> findings_;
  bool table_shown_ = false;  // for the present stretch of all being Ready
};

}  // namespace reconciler::daemon
