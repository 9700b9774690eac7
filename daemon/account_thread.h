// The thread of one account: cycle, wait, cycle.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "daemon/heartbeat.h"
#include "daemon/snapshot_cell.h"
#include "daemon/system_clock.h"
#include "daemon/world.h"
#include "reconciler/cycle/account_cycle.h"

namespace reconciler::daemon {

/// Runs until it is stopped. A stop ends a request that hangs; nothing else of the outside can hold
/// it up, nor can another account.
class AccountThread {
 public:
  using OnReport = std::function<void(const std::string& account, const cycle::CycleReport&)>;
  using OnPlan = std::function<void(const plan::AccountPlan&)>;
  /// Both run in the thread: in each cycle before it acts, and after it.
  struct Listener {
    OnPlan on_plan;
    OnReport on_report;
    /// How often the thread beats while it waits for its next cycle.
    std::chrono::nanoseconds beat_every{std::chrono::minutes(1)};
  };
  /// `world` and `cell` outlive the thread.
  AccountThread(AccountSettings settings, World& world, const SnapshotCell& cell,
                Listener listener);

  const std::string& name() const { return name_; }
  /// Look at the account now: the specs changed, or a person asked.
  void Wake() { alarm_.Wake(); }
  /// From the next cycle on. What the process remembers stays, unless it is another service now.
  void Replace(AccountSettings settings);
  /// When the thread last did something; it does so at least every `beat_every` and with every
  /// answer of the service.
  Tick LastBeat() const { return heartbeat_.Last(); }
  /// Asks for the end; the destructor waits for it.
  void RequestStop() { thread_.request_stop(); }

 private:
  void Run(std::stop_token stop);
  void TakeReplacement();
  /// Beats until the next cycle is due; false: a stop.
  bool WaitForCycle(Tick due, const std::stop_token& stop);

  const std::string name_;
  World& world_;
  const SnapshotCell& cell_;
  Listener listener_;
  Alarm alarm_;
  Heartbeat heartbeat_;
  std::unique_ptr<AccountWorld> account_;  // of the thread alone
  std::mutex mutex_;
  std::unique_ptr<AccountSettings> replacement_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace reconciler::daemon
