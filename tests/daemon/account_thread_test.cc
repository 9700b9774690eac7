#include "daemon/account_thread.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

struct NoEvents final : EventSink {
  void Emit(const Event&) override {}
};

template <class T>
T TakeInTime(std::promise<T>& promise) {
  auto future = promise.get_future();
  REQUIRE(future.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  return future.get();
}

TEST_CASE("account thread: it beats as it begins to wait, and again while its cycle asks") {
  const Stage stage;
  SystemClock clock;
  LoadedConfig loaded = LoadConfig(stage.folder() / "poolkeeper.yaml");
  REQUIRE(loaded.config);
  loaded.config->accounts.front().account.interval = std::chrono::hours(1);
  NoEvents events;
  auto world = World::Create(*loaded.config, clock, events);
  REQUIRE(world);
  SnapshotCell cell;  // empty: the thread begins by waiting

  std::promise<Tick> first_ended;
  std::atomic<Tick> beat_of_last{Tick{}};
  int cycle = 0;  // of the thread
  std::unique_ptr<AccountThread> thread;
  AccountThread::Listener listener;
  listener.on_plan = [&](const plan::AccountPlan&) {
    if (++cycle > 1) beat_of_last = thread->LastBeat();
  };
  listener.on_report = [&](const std::string&, const cycle::CycleReport&) {
    if (cycle == 1) first_ended.set_value(clock.Now());
  };
  thread = std::make_unique<AccountThread>(std::move(loaded.config->accounts.front()), **world,
                                           cell, std::move(listener));
  cell.Set(std::make_shared<const SpecSnapshot>());
  thread->Wake();

  const Tick ended = TakeInTime(first_ended);
  const Tick patience = ended + std::chrono::seconds(20);
  while (thread->LastBeat() < ended && clock.Now() < patience) std::this_thread::yield();
  REQUIRE(thread->LastBeat() >= ended);
  const Tick woken = clock.Now();
  thread->Wake();
  // The first wake may have been left for a cycle of its own: one that began later is waited for.
  while (beat_of_last.load() < woken && clock.Now() < woken + std::chrono::seconds(20)) {
    std::this_thread::yield();
  }
  CHECK(beat_of_last.load() >= woken);
}

}  // namespace
}  // namespace reconciler::daemon
