// The daemon: one thread that reads specs, one per account, and what is reloaded between them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/account_thread.h"
#include "daemon/snapshot_cell.h"
#include "daemon/spec_thread.h"
#include "daemon/world.h"

namespace reconciler::daemon {

class Keeper {
 public:
  struct Options {
    std::string specs_override;  // --specs
    std::string only_account;    // --account
  };
  /// What is wrong with the daemon itself, in place of what the same observer said before: the
  /// reload in the thread that calls it, the specs in theirs.
  using OnProblems =
      std::function<void(const std::string& observer, const std::vector<std::string>& problems)>;
  /// Starts all threads. `world` outlives the keeper; `listener` runs in the accounts' threads,
  /// `on_specs` in that of the specs.
  Keeper(Config config, Options options, World& world, AccountThread::Listener listener,
         std::function<void(const SpecSnapshot&)> on_specs, OnProblems on_problems = {});
  /// Stops all threads at once and waits for them.
  ~Keeper();

  /// Reads the configuration again. A bad one, or one that needs a restart, is refused: the old
  /// one stays, and an event says so. Then looks at specs and accounts.
  void Reload();
  /// In the order of the configuration.
  std::vector<std::string> AccountNames();
  /// When each account's thread last did something, in the same order.
  std::vector<Tick> LastBeats();

 private:
  void StartSpecs();
  void StartAccounts();
  /// Why the new configuration needs a restart; empty: it does not.
  std::string NeedsRestart(const Config& fresh) const;
  void Adopt(Config fresh);
  /// Why it is refused; empty: the new configuration is in use.
  std::string TryReload();
  void Report(const std::string& observer, const std::vector<std::string>& problems) const;
  void WakeAccounts();
  void Tell(EventKind kind, Severity severity, std::string detail);

  Config config_;
  Options options_;
  World& world_;
  AccountThread::Listener listener_;
  std::function<void(const SpecSnapshot&)> on_specs_;
  OnProblems on_problems_;
  SnapshotCell cell_;
  std::mutex mutex_;  // of accounts_: the thread of the specs wakes them
  std::vector<std::unique_ptr<AccountThread>> accounts_;
  std::unique_ptr<SpecThread> specs_;
};

}  // namespace reconciler::daemon
