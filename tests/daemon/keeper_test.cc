#include "daemon/keeper.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

struct NoEvents final : EventSink {
  void Emit(const Event&) override {}
};

/// What a keeper of the stage's configuration needs.
struct KeeperDoors {
  explicit KeeperDoors(const Stage& stage)
      : loaded(LoadConfig(stage.folder() / "poolkeeper.yaml")) {
    REQUIRE(loaded.config);
    auto made = World::Create(*loaded.config, clock, events);
    REQUIRE(made);
    world = std::move(*made);
  }
  std::unique_ptr<Keeper> Start(Keeper::OnProblems on_problems = {}) {
    return std::make_unique<Keeper>(
        std::move(*loaded.config), Keeper::Options{}, *world,
        AccountThread::Listener{[](const plan::AccountPlan&) {},
                                [](const std::string&, const cycle::CycleReport&) {}},
        [](const SpecSnapshot&) {}, std::move(on_problems));
  }

  SystemClock clock;
  NoEvents events;
  LoadedConfig loaded;
  std::unique_ptr<World> world;
};

TEST_CASE("keeper: a refused reload is a problem until one is taken") {
  const Stage stage;
  const std::string good = stage.folder().Read("poolkeeper.yaml");
  KeeperDoors doors(stage);
  std::vector<std::string> problems;
  const auto keeper =
      doors.Start([&](const std::string& observer, const std::vector<std::string>& found) {
        if (observer == "reload") problems = found;
      });
  const auto reload_with = [&](const std::string& config) {
    stage.folder().Write("poolkeeper.yaml", config);
    keeper->Reload();
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
  KeeperDoors doors(stage);
  const Tick before = doors.clock.Now();
  const auto keeper = doors.Start();
  CHECK(keeper->AccountNames() == std::vector<std::string>{"demo", "more"});
  const std::vector<Tick> beats = keeper->LastBeats();
  REQUIRE(beats.size() == 2);
  for (const Tick beat : beats) CHECK(beat >= before);
}

}  // namespace
}  // namespace reconciler::daemon
