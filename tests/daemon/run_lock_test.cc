#include "daemon/run_lock.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>

#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

TEST_CASE("lock: a second keeper of one owner is refused and told who holds it") {
  const TempFolder folder;
  {
    const auto first = RunLock::Take(folder.path(), "contoso");
    REQUIRE(first);
    const auto second = RunLock::Take(folder.path(), "contoso");
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::kConflict);
    CHECK(second.error().message ==
          "owner 'contoso' is already kept by process " + std::to_string(::getpid()) + " (" +
              (folder / "run-contoso.lock") + "): stop it, or use another state folder and owner");
    CHECK(RunLock::Take(folder.path(), "fabrikam"));
  }
  CHECK(RunLock::Take(folder.path(), "contoso"));  // what a dead one leaves behind locks nobody out
}

TEST_CASE("lock: a disk without space keeps nobody from it") {
  const TempFolder folder;
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto on_too_large = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &none);
  const auto first = RunLock::Take(folder.path(), "contoso");
  const auto second = RunLock::Take(folder.path(), "contoso");
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, on_too_large);
  CHECK(first);
  REQUIRE_FALSE(second);
  CHECK(second.error().message.find("already kept by another process") != std::string::npos);
}

TEST_CASE("lock: a process that is no more is not named as the holder") {
  const TempFolder folder;
  const auto first = RunLock::Take(folder.path(), "contoso");
  REQUIRE(first);
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ::waitpid(dead, nullptr, 0);
  // As it stands while the first has the lock and has not written its own number yet.
  folder.Write("run-contoso.lock", std::to_string(dead) + "\n");
  const auto second = RunLock::Take(folder.path(), "contoso");
  REQUIRE_FALSE(second);
  CHECK(second.error().message == "owner 'contoso' is already kept by another process (" +
                                      (folder / "run-contoso.lock") +
                                      "): stop it, or use another state folder and owner");
}

TEST_CASE("lock: a state folder that is not there is an error with its name") {
  const auto lock = RunLock::Take("/nowhere", "contoso");
  REQUIRE_FALSE(lock);
  CHECK(lock.error().message == "cannot open /nowhere/run-contoso.lock: no such file or directory");
}

}  // namespace
}  // namespace reconciler::daemon
