// Secrets that the service never returns: only their digests tell whether they changed.
#include <doctest/doctest.h>

#include "tests/cycle/keeper.h"

using namespace reconciler;

TEST_CASE("another digest key is a note: the pool stays Ready, and its next write records anew") {
  keeper::Keeper world;
  world.secrets.values["worker"] = "marker-of-the-password";
  const auto write = [&](const char* slots) {
    world.Spec("linux", std::string("  targetDedicatedNodes: 0\n"
                                    "  userAccounts: [{name: worker, password: {secretRef: "
                                    "worker}}]\n  metadata: [{name: team, value: ") +
                            slots + "}]\n");
  };
  write("film");
  world.Settle();
  world.secrets.digest_key = "another digest key of a test";
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.StatusOf("linux").condition == Condition::kReady);
  REQUIRE(world.StatusOf("linux").notes.size() == 1);
  CHECK(world.StatusOf("linux").notes[0].rfind("SecretUnknown: userAccounts: ", 0) == 0);
  write("games");
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites().size() == 1);
  CHECK(world.StatusOf("linux").notes.empty());
  CHECK(world.PlanText().find("marker") == std::string::npos);
}
