#include "daemon/keeper.h"

#include <doctest/doctest.h>

#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

struct NoEvents final : EventSink {
  void Emit(const Event&) override {}
};

TEST_CASE("keeper: a refused reload is a problem until one is taken") {
  const Stage stage;
  const std::string good = stage.folder().Read("poolkeeper.yaml");
  SystemClock clock;
  LoadedConfig loaded = LoadConfig(stage.folder() / "poolkeeper.yaml");
  REQUIRE(loaded.config);
  NoEvents events;
  auto world = World::Create(*loaded.config, clock, events);
  REQUIRE(world);
  std::vector<std::string> problems;
  Keeper keeper(
      std::move(*loaded.config), {}, **world,
      {[](const plan::AccountPlan&) {}, [](const std::string&, const cycle::CycleReport&) {}},
      [](const SpecSnapshot&) {},
      [&](const std::string& observer, const std::vector<std::string>& found) {
        if (observer == "reload") problems = found;
      });
  const auto reload_with = [&](const std::string& config) {
    stage.folder().Write("poolkeeper.yaml", config);
    keeper.Reload();
    return problems.empty() ? std::string() : problems.front();
  };
  CHECK(reload_with(good + "interval: never\n")
            .starts_with("the reload was refused, the old configuration stays in use, and a "
                         "restart would fail: "));
  CHECK(problems.front().find("poolkeeper.yaml:") != std::string::npos);
  std::string moved = good;
  moved.replace(moved.find("owner: "), 7, "owner: x");
  CHECK(reload_with(moved).find("the old configuration stays in use: ") != std::string::npos);
  CHECK(problems.front().find("needs a restart") != std::string::npos);
  CHECK(reload_with(good).empty());
}

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
