#include "daemon/account_thread.h"

#include <malloc.h>
#include <pthread.h>

#include <algorithm>
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
      heartbeat_(world.clock()),
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
  world_.SignIn(*account_, std::move(fresh->auth));
  account.hold_until.reset();  // perhaps the key was mended, or the way to the service:
  account.alerts.SayAgain(cycle::kObserveAlert);  // whoever did it waits to hear
  account.prepared_from.reset();                  // secrets may come from elsewhere
}

bool AccountThread::WaitForCycle(Tick due, const std::stop_token& stop) {
  while (true) {
    heartbeat_.Beat();
    const Tick until = std::min(due, world_.clock().Now() + listener_.beat_every);
    const Alarm::Ended ended = alarm_.WaitUntil(until, stop);
    if (ended == Alarm::Ended::kStopped) return false;
    if (ended == Alarm::Ended::kWoken || world_.clock().Now() >= due) return true;
  }
}

void AccountThread::Run(std::stop_token stop) {
  // For top -H and gdb; the kernel keeps 15 bytes.
  ::pthread_setname_np(::pthread_self(), ("acct " + name_).substr(0, 15).c_str());
  bool trim = true;
  cycle::CycleOptions options;
  options.on_plan = listener_.on_plan;
  while (!stop.stop_requested()) {
    TakeReplacement();
    Tick due = world_.clock().Now() + std::chrono::hours(1);
    // Without specs nothing is known about any pool: the thread that reads them will wake us.
    if (auto specs = cell_.Get(); specs != nullptr) {
      const Doors still = world_.DoorsOf(*account_);
      BeatingTransport transport(still.transport, heartbeat_);
      Doors doors{transport, still.clock, still.random, still.state, still.secrets, still.events};
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
    if (!WaitForCycle(due, stop)) return;
  }
}

}  // namespace reconciler::daemon
