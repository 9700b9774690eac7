// Two accounts of one fleet: what one of them suffers, the other does not see.
#include <doctest/doctest.h>

#include "tests/cycle/scenario.h"

namespace {

using namespace reconciler;
using std::chrono::seconds;

constexpr char kOne[] = "  targetDedicatedNodes: 1\n";

/// Two keepers with the state folder of the first: as two accounts of one process have it.
struct Pair {
  Pair() {
    hanging.Spec("linux", kOne);
    working.Spec("linux", kOne);
    hanging.transport.draw_fault = [](const HttpRequest&) { return doors::Fault::kHang; };
  }
  keeper::Keeper hanging;
  keeper::Keeper working;
};

}  // namespace

TEST_CASE("an account that hangs takes its own time alone, and ends at its own deadline") {
  Pair pair;
  const Tick start = pair.hanging.clock.Now();
  pair.hanging.Run();
  CHECK_FALSE(pair.hanging.last.observed);
  CHECK(pair.hanging.clock.Now() - start <= seconds(90));
  CHECK(pair.hanging.Events(EventKind::kCycleFailed).size() == 1);
  REQUIRE(pair.working.RunUntilReady());
  CHECK(pair.working.clock.Now() < seconds(60));
  CHECK_FALSE(pair.working.account->hold_until.has_value());
  pair.hanging.transport.draw_fault = nullptr;
  REQUIRE(pair.hanging.RunUntilReady());
}

TEST_CASE("an account sees the specs that name it and no other") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.accounts = {"demo", "lab"};
  world.Restart();
  std::string text = keeper::PoolText("linux", kOne);
  text.replace(text.find("{name: linux}"), 13, "{name: linux, account: lab}");
  world.tree.Write("lab.yaml", text);
  text.replace(text.find("account: lab"), 12, "account: demo");
  world.tree.Write("linux.yaml", text);
  REQUIRE(world.RunUntilReady());
  CHECK(world.last.statuses.size() == 1);
  CHECK(world.last.statuses.front().account == "demo");
  CHECK(world.last.plan.checked == 1);
}

TEST_CASE("the deadline of a cycle ends it between two calls, and the next one goes on") {
  keeper::Keeper world;
  for (const char* pool : {"a", "b", "c"}) world.Spec(pool, "  targetDedicatedNodes: 0\n");
  world.transport.exchange_time = seconds(20);
  world.Run({.deadline = seconds(70)});  // images, list, counts, one create
  CHECK(world.last.observed);
  CHECK(keeper::AppliedCreates(world) >= 1);
  CHECK(keeper::AppliedCreates(world) < 3);
  CHECK(world.clock.Now() <= seconds(100));
  world.transport.exchange_time = std::chrono::milliseconds(20);
  REQUIRE(world.RunUntilReady(60));
  CHECK(keeper::AppliedCreates(world) == 3);
}
