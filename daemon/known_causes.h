// Who moved, where only a daemon knows: it saw the pool before this process was born.
#pragma once

#include <optional>
#include <string>

#include "daemon/status_report.h"
#include "reconciler/plan/plan.h"

namespace reconciler::daemon {

class KnownCauses {
 public:
  /// Asks the daemon that keeps the pools of this configuration, if one runs here.
  static KnownCauses Ask(const std::string& config_file, const std::string& account);
  explicit KnownCauses(std::optional<StatusReport> report) : report_(std::move(report)) {}

  /// Why a daemon that runs said nothing: it hangs. Empty: it did, or none runs.
  const std::string& silence() const { return silence_; }

  /// Takes the daemon's word for each difference of which `plan` knows no cause.
  void FillIn(plan::AccountPlan& plan) const;

 private:
  const cycle::PoolStatus* Find(const std::string& account, const std::string& pool) const;

  std::optional<StatusReport> report_;
  std::string silence_;
};

}  // namespace reconciler::daemon
