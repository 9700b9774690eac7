#include "daemon/account_thread.h"

#include <malloc.h>

#include <utility>

namespace reconciler::daemon {
namespace {

/// Whether memory of the one says anything about the other.
bool SameService(const cycle::AccountConfig& a, const cycle::AccountConfig& b) {
  return a.endpoint.scheme == b.endpoint.scheme && a.endpoint.host == b.endpoint.host &&
         a.endpoint.port == b.endpoint.port && a.api_version == b.api_version &&
         a.identity.owner == b.identity.owner && a.identity.source == b.identity.source;
}

}  // namespace

AccountThread::AccountThread(AccountSettings settings, World& world, const SnapshotCell& cell,
                             Listener listener)
    : name_(settings.account.name),
      world_(world),
      cell_(cell),
      listener_(std::move(listener)),
      account_(world.MakeAccount(std::move(settings))),
      thread_([this](std::stop_token stop) { Run(std::move(stop)); }) {}

void AccountThread::Replace(AccountSettings settings) {
  {
    const std::lock_guard lock(mutex_);
    replacement_ = std::make_unique<AccountSettings>(std::move(settings));
  }
  Wake();
}

void AccountThread::TakeReplacement() {
  std::unique_ptr<AccountSettings> fresh;
  {
    const std::lock_guard lock(mutex_);
    fresh = std::move(replacement_);
  }
  if (!fresh) return;
  cycle::Account& account = account_->account;
  if (!SameService(account.config, fresh->account)) {
    account_ = world_.MakeAccount(std::move(*fresh));
    return;
  }
  account.config = std::move(fresh->account);
  account.key = std::move(fresh->key);
  account.hold_until.reset();     // perhaps the key was mended
  account.prepared_from.reset();  // secrets may come from elsewhere
}

void AccountThread::Run(std::stop_token stop) {
  bool trim = true;
  cycle::CycleOptions options;
  options.on_plan = listener_.on_plan;
  while (!stop.stop_requested()) {
    TakeReplacement();
    Tick due = world_.clock().Now() + std::chrono::hours(1);
    // Without specs nothing is known about any pool: the thread that reads them will wake us.
    if (auto specs = cell_.Get(); specs != nullptr) {
      Doors doors = world_.DoorsOf(*account_);
      const cycle::CycleReport report =
          cycle::RunCycle(account_->account, std::move(specs), doors, options, stop);
      if (stop.stop_requested()) return;
      listener_.on_report(name_, report);
      due = report.next_due;
      // What a busy cycle needed is not kept. Quiet ones need the same again each time, and giving
      // it back and forth costs more than they do.
      if (trim) ::malloc_trim(0);
      trim = report.writes > 0 || !report.observed;
    }
    if (alarm_.WaitUntil(due, stop) == Alarm::Ended::kStopped) return;
  }
}

}  // namespace reconciler::daemon
