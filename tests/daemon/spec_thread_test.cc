#include "daemon/spec_thread.h"

#include <doctest/doctest.h>

#include <future>
#include <string>
#include <vector>

#include "daemon/system_clock.h"
#include "tests/daemon/temp_folder.h"
#include "tests/doors/sim_state.h"

namespace reconciler::daemon {
namespace {

struct NoEvents final : EventSink {
  void Emit(const Event&) override {}
};

/// What a thread over one good spec has to complain of first; "" if nothing by its first snapshot.
std::vector<std::string> FirstProblems(doors::SimState& state) {
  const TempFolder folder;
  folder.Write("specs/web.yaml",
               "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: web}\nspec:\n"
               "  vmSize: standard_d2_v3\n  virtualMachineConfiguration:\n"
               "    imageReference: {publisher: canonical, offer: o, sku: s}\n");
  SnapshotCell cell;
  SystemClock clock;
  NoEvents events;
  std::promise<std::vector<std::string>> told;
  SpecThreadOptions options;
  options.root = folder / "specs";
  options.state_folder = "state";
  options.timing.quiet = {};
  options.on_problems = [&](const std::vector<std::string>& problems) {
    if (!problems.empty()) told.set_value(problems);
  };
  SpecThread thread(options, cell, state, clock, events, [] {});
  auto future = told.get_future();
  REQUIRE(future.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  return future.get();
}

TEST_CASE("spec thread: last good specs that cannot be saved are a problem of the daemon") {
  doors::SimState state;
  state.full = true;
  const auto problems = FirstProblems(state);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find("no space left on device") != std::string::npos);
}

TEST_CASE("spec thread: last good specs that cannot be read are one, too") {
  doors::SimState state;
  state.broken = true;
  const auto problems = FirstProblems(state);
  REQUIRE_FALSE(problems.empty());
  CHECK(problems[0].find("state folder is gone") != std::string::npos);
}

}  // namespace
}  // namespace reconciler::daemon
