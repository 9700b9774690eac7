// Application packages that a spec names and the account has, or has not.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;
using Writes = std::vector<std::string>;

keeper::Settings WithApplications() {
  keeper::Settings settings;
  emulator::AccountConfig account;
  account.applications = {{"blender", "", {"4.1", "4.2"}, "4.2"}};
  settings.service.accounts = {account};
  return settings;
}

std::string Packages(const std::string& reference) {
  return "  targetDedicatedNodes: 0\n  applicationPackageReferences: [{" + reference + "}]\n";
}

std::string Id(const std::string& name) {
  return "applicationId: /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/r/"
         "providers/Microsoft.Batch/batchAccounts/demo/applications/" +
         name;
}

bool Lists(const std::string& target) { return target.starts_with("/applications"); }

auto ListsAsked(const keeper::Keeper& world) {
  return std::count_if(world.transport.log.begin(), world.transport.log.end(),
                       [](const auto& entry) { return Lists(entry.target); });
}

}  // namespace

TEST_CASE("a pool whose application is not there is not created, and is once it is named right") {
  keeper::Keeper world(WithApplications());
  world.Spec("linux", Packages(Id("blendr")));
  world.Run();
  CHECK(world.TakeWrites().empty());
  CHECK(world.StatusOf("linux").condition == Condition::kBlocked);
  CHECK(world.StatusOf("linux").reason == Reason::kPackageMissing);
  CHECK(world.StatusOf("linux").message ==
        "application 'blendr' has no package in account 'demo' (did you mean 'blender'?)");
  world.Spec("linux", Packages(Id("blender")));
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools"});
}

TEST_CASE("a version that is not there holds the packages alone, until it is there") {
  keeper::Keeper world(WithApplications());
  world.Spec("linux", Packages(Id("blender") + ", version: '4.1'"));
  world.Settle();
  world.Spec("linux", Packages(Id("blender") + ", version: '4.3'") +
                          "  metadata: [{name: team, value: render}]\n");
  world.RunNow();
  CHECK(world.TakeWrites() == Writes{"PATCH /pools/linux"});
  CHECK(world.Item("linux", "team") == "render");
  CHECK(world.StatusOf("linux").reason == Reason::kPackageMissing);
  CHECK(world.WritesOfCycles(3).empty());

  emulator::ServiceConfig config = world.service.config();
  config.accounts[0].applications->front().versions.push_back("4.3");
  world.service.Reconfigure(config);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"PATCH /pools/linux"});
}

TEST_CASE("a quiet pool with packages asks for no list of applications") {
  keeper::Keeper world(WithApplications());
  world.Spec("linux", Packages(Id("blender")));
  world.Settle();
  const auto asked = ListsAsked(world);
  CHECK(asked == 1);
  for (int cycle = 0; cycle < 5; ++cycle) world.Run();
  CHECK(ListsAsked(world) == asked);
}

TEST_CASE("where no application is listed the service says what it thinks of a package") {
  keeper::Settings settings = WithApplications();
  settings.service.accounts[0].applications->clear();
  keeper::Keeper world(settings);
  world.Spec("linux", Packages(Id("blender")));
  world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools"});
  CHECK(world.StatusOf("linux").reason == Reason::kWaitingToRetry);
  CHECK(world.StatusOf("linux").message.find("InvalidApplicationPackageReferences") !=
        std::string::npos);
}
