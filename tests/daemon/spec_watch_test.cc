#include "daemon/spec_watch.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "daemon/system_clock.h"
#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

namespace fs = std::filesystem;
using Ended = SpecWatch::Ended;

constexpr WatchTiming kQuick{std::chrono::milliseconds(1), std::chrono::milliseconds(50)};

/// A watch over `root`; a change that it should see ends a wait long before it is due.
class Watch {
 public:
  explicit Watch(const std::string& root, WatchTiming timing = kQuick)
      : watch_(root, timing, clock_) {}
  bool Sees() {
    return watch_.Wait(clock_.Now() + std::chrono::seconds(20), {}) == Ended::kChanged;
  }
  bool SeesNothing() {
    return watch_.Wait(clock_.Now() + std::chrono::milliseconds(20), {}) == Ended::kDue;
  }
  SystemClock clock_;
  SpecWatch watch_;
};

TEST_CASE("watch: new, changed and removed specs are seen") {
  const TempFolder folder;
  folder.Write("a.yaml", "x: 1\n");
  Watch watch(folder.path());
  REQUIRE(watch.watch_.usable());
  CHECK(watch.SeesNothing());
  folder.Write("b.yml", "x: 1\n");
  CHECK(watch.Sees());
  folder.Write("a.yaml", "x: 2\n");
  CHECK(watch.Sees());
  fs::remove(folder / "a.yaml");
  CHECK(watch.Sees());
  fs::rename(folder / "b.yml", folder / "b.txt");
  CHECK(watch.Sees());
  CHECK(watch.SeesNothing());
}

TEST_CASE("watch: hidden files and files of other kinds are not") {
  const TempFolder folder;
  Watch watch(folder.path());
  folder.Write(".a.yaml.swp", "x");
  folder.Write("README.md", "x");
  CHECK(watch.SeesNothing());
  fs::create_directory(folder / ".git");
  folder.Write(".git/index", "x");
  CHECK(watch.SeesNothing());
}

TEST_CASE("watch: folders that appear later are watched too") {
  const TempFolder folder;
  Watch watch(folder.path());
  folder.Write("sub/deep/a.yaml", "x: 1\n");
  CHECK(watch.Sees());
  folder.Write("sub/deep/a.yaml", "x: 2\n");
  CHECK(watch.Sees());
}

TEST_CASE("watch: a root that appears, or a link that is swapped, is seen") {
  const TempFolder folder;
  Watch watch(folder / "srv/pools");
  folder.Write("srv/pools/a.yaml", "x: 1\n");
  CHECK(watch.Sees());
  folder.Write("srv/pools/a.yaml", "x: 2\n");
  CHECK(watch.Sees());

  folder.Write("v1/pools/a.yaml", "x: 1\n");
  folder.Write("v2/pools/a.yaml", "x: 2\n");
  REQUIRE(::symlink("v1", (folder / "current").c_str()) == 0);
  Watch linked(folder / "current/pools");
  CHECK(linked.SeesNothing());
  REQUIRE(::symlink("v2", (folder / "next").c_str()) == 0);
  fs::rename(folder / "next", folder / "current");
  CHECK(linked.Sees());
  folder.Write("v2/pools/a.yaml", "x: 3\n");
  CHECK(linked.Sees());
}

TEST_CASE("watch: it waits for quiet, and not for ever") {
  const TempFolder folder;
  Watch watch(folder.path(), {std::chrono::milliseconds(200), std::chrono::milliseconds(300)});
  std::jthread writer([&](std::stop_token stop) {
    while (!stop.stop_requested()) folder.Write("a.yaml", "x: 1\n");
  });
  const Tick begun = watch.clock_.Now();
  CHECK(watch.Sees());
  CHECK(watch.clock_.Now() - begun >= std::chrono::milliseconds(300));
}

TEST_CASE("watch: a stop and a wake end the wait") {
  const TempFolder folder;
  Watch watch(folder.path());
  const Tick later = watch.clock_.Now() + std::chrono::hours(1);
  watch.watch_.Wake();
  CHECK(watch.watch_.Wait(later, {}) == Ended::kWoken);
  std::stop_source stop;
  stop.request_stop();
  CHECK(watch.watch_.Wait(later, stop.get_token()) == Ended::kStopped);
}

TEST_CASE("watch: neither a wake nor what is due ends the wait for quiet") {
  const TempFolder folder;
  Watch watch(folder.path(), {std::chrono::milliseconds(50), std::chrono::seconds(20)});
  const Tick begun = watch.clock_.Now();
  folder.Write("a.yaml", "x: 1\n");
  SUBCASE("a wake") {
    watch.watch_.Wake();
    CHECK(watch.watch_.Wait(begun + std::chrono::hours(1), {}) == Ended::kWoken);
  }
  SUBCASE("due") { CHECK(watch.watch_.Wait(begun, {}) == Ended::kChanged); }
  CHECK(watch.clock_.Now() - begun >= std::chrono::milliseconds(50));
}

TEST_CASE("alarm: a wake before the wait counts, a stop wins") {
  SystemClock clock;
  Alarm alarm;
  const Tick later = clock.Now() + std::chrono::hours(1);
  alarm.Wake();
  CHECK(alarm.WaitUntil(later, {}) == Alarm::Ended::kWoken);
  CHECK(alarm.WaitUntil(clock.Now(), {}) == Alarm::Ended::kDue);
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  CHECK(alarm.WaitUntil(later, stop.get_token()) == Alarm::Ended::kStopped);
  CHECK_FALSE(clock.SleepUntil(later, stop.get_token()));
}

}  // namespace
}  // namespace reconciler::daemon
