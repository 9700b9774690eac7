// What systemd is told, read from a socket as it reads it.
#include "daemon/service_notify.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <vector>

#include "tests/daemon/notify_socket.h"
#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

using Messages = std::vector<std::string>;

TEST_CASE("service notify: each message is one datagram, as sd_notify(3) spells it") {
  const TempFolder folder;
  const std::string path = folder / "notify";
  NotifySocket systemd(path);
  const Variable variable("NOTIFY_SOCKET", path);
  NotifyReady();
  CHECK(systemd.Take() == Messages{"READY=1"});
  NotifyAlive();
  CHECK(systemd.Take() == Messages{"WATCHDOG=1"});
  NotifyStopping();
  CHECK(systemd.Take() == Messages{"STOPPING=1"});
  NotifyStatus("2 of 2 pools Ready");
  CHECK(systemd.Take() == Messages{"STATUS=2 of 2 pools Ready"});
  NotifyReady();
  NotifyStopping();
  CHECK(systemd.Take() == Messages{"READY=1", "STOPPING=1"});
}

TEST_CASE("service notify: a reload carries the time of the monotonic clock in microseconds") {
  const TempFolder folder;
  const std::string path = folder / "notify";
  NotifySocket systemd(path);
  const Variable variable("NOTIFY_SOCKET", path);
  NotifyReloading(std::chrono::seconds(7) + std::chrono::nanoseconds(1'234'567));
  CHECK(systemd.Take() == Messages{"RELOADING=1\nMONOTONIC_USEC=7001234"});
}

TEST_CASE("service notify: a status of several lines cannot say anything but a status") {
  const TempFolder folder;
  const std::string path = folder / "notify";
  NotifySocket systemd(path);
  const Variable variable("NOTIFY_SOCKET", path);
  NotifyStatus("gamma: no\nWATCHDOG=trigger\n");
  CHECK(systemd.Take() == Messages{"STATUS=gamma: no WATCHDOG=trigger "});
}

TEST_CASE("service notify: a socket in the abstract namespace is reached, too") {
  const std::string name = "@poolkeeper-test-" + std::to_string(::getpid());
  NotifySocket systemd(name);
  const Variable variable("NOTIFY_SOCKET", name);
  NotifyReady();
  CHECK(systemd.Take() == Messages{"READY=1"});
}

TEST_CASE("service notify: without the variable, or with nobody behind it, nothing happens") {
  const TempFolder folder;
  NotifySocket systemd(folder / "notify");
  const auto tell_all = [] {
    NotifyReady();
    NotifyReloading(std::chrono::seconds(1));
    NotifyStatus("fine");
    NotifyAlive();
    NotifyStopping();
  };
  tell_all();
  for (const std::string& nobody : {std::string(), folder / "gone", std::string("relative")}) {
    const Variable variable("NOTIFY_SOCKET", nobody);
    tell_all();
  }
  CHECK(systemd.Take().empty());
}

TEST_CASE("service notify: the watchdog's time is known only to the process it watches") {
  CHECK_FALSE(WatchdogTime());
  const Variable time("WATCHDOG_USEC", "240000000");
  CHECK(WatchdogTime() == std::chrono::minutes(4));
  {
    const Variable ours("WATCHDOG_PID", std::to_string(::getpid()));
    CHECK(WatchdogTime() == std::chrono::minutes(4));
  }
  {
    const Variable another("WATCHDOG_PID", std::to_string(::getppid()));
    CHECK_FALSE(WatchdogTime());
  }
  const Variable rubbish("WATCHDOG_USEC", "soon");
  CHECK_FALSE(WatchdogTime());
}

TEST_CASE("service notify: a daemon tells of its start, its cycles, a reload and its end") {
  const Stage stage;
  stage.WritePool("render", 0);
  const std::string path = stage.folder() / "notify";
  NotifySocket systemd(path);
  const Variable variable("NOTIFY_SOCKET", path);
  const auto daemon = stage.Start({"run", "--no-show"});
  REQUIRE(systemd.WaitFor("READY=1"));
  CHECK(systemd.WaitFor("STATUS=1 of 1 pool Ready; looked at "));
  daemon->Signal(SIGHUP);
  CHECK(systemd.WaitFor("RELOADING=1\nMONOTONIC_USEC="));
  CHECK(systemd.WaitFor("READY=1"));
  daemon->Signal(SIGTERM);
  CHECK(daemon->Wait() == 0);
  CHECK(systemd.WaitFor("STOPPING=1"));
  for (const std::string& message : systemd.read()) {
    CHECK(message.find("WATCHDOG") == std::string::npos);  // nobody watches it
  }
}

TEST_CASE("service notify: an account that only waits for its next cycle feeds the watchdog") {
  const Stage stage;
  const std::string config = stage.folder().Read("poolkeeper.yaml");
  const std::size_t at = config.find("interval: 1s");
  stage.folder().Write("poolkeeper.yaml", std::string(config).replace(at, 12, "interval: 1h"));
  stage.folder().Write("specs/.keep", "");
  const std::string path = stage.folder() / "notify";
  NotifySocket systemd(path);
  const Variable variable("NOTIFY_SOCKET", path);
  const Variable time("WATCHDOG_USEC", "400000");
  const auto daemon = stage.Start({"run", "--no-show"});
  REQUIRE(systemd.WaitFor("STATUS="));
  for (int i = 0; i < 10; ++i) REQUIRE(systemd.WaitFor("WATCHDOG=1"));
}

}  // namespace
}  // namespace reconciler::daemon
