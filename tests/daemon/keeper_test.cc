#include "daemon/keeper.h"

#include <doctest/doctest.h>

#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

struct NoEvents final : EventSink {
  void Emit(const Event&) override {}
};

TEST_CASE("keeper: the watchdog hears the beat of every account's thread") {
  const Stage stage;
  const std::string config = stage.folder().Read("poolkeeper.yaml");
  std::string second = config.substr(config.find("  - name: demo"));
  second.replace(second.find("demo"), 4, "more");
  second.replace(second.find("127.0.0.1:"), 10, "localhost:");  // no endpoint twice
  stage.folder().Write("poolkeeper.yaml", config + second);
  SystemClock clock;
  LoadedConfig loaded = LoadConfig(stage.folder() / "poolkeeper.yaml");
  REQUIRE(loaded.config);
  NoEvents events;
  auto world = World::Create(*loaded.config, clock, events);
  REQUIRE(world);
  const Tick before = clock.Now();
  Keeper keeper(
      std::move(*loaded.config), {}, **world,
      {[](const plan::AccountPlan&) {}, [](const std::string&, const cycle::CycleReport&) {}},
      [](const SpecSnapshot&) {});
  CHECK(keeper.AccountNames() == std::vector<std::string>{"demo", "more"});
  const std::vector<Tick> beats = keeper.LastBeats();
  REQUIRE(beats.size() == 2);
  for (const Tick beat : beats) CHECK(beat >= before);
}

}  // namespace
}  // namespace reconciler::daemon
