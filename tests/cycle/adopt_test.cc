// Pools that are there and are not ours, or not any more.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "reconciler/core/json.h"
#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;
using Writes = std::vector<std::string>;

constexpr char kSpec[] = "  targetDedicatedNodes: 1\n  startTask: {commandLine: hostname}\n";
constexpr char kAdopt[] = "  adopt: true\n";

/// Somebody creates a pool of the guide's image.
void CreateForeign(keeper::Keeper& world, const std::string& id, const std::string& metadata = "",
                   int nodes = 0) {
  const std::string body = fmt::format(
      R"({{"id":"{}","vmSize":"standard_d2_v3","targetDedicatedNodes":{},)"
      R"("virtualMachineConfiguration":{{"imageReference":{{"publisher":"canonical",)"
      R"("offer":"ubuntuserver","sku":"18.04-lts"}},"nodeAgentSKUId":"batch.node.ubuntu 18.04"}})"
      R"({}}})",
      id, nodes, metadata.empty() ? "" : R"(,"metadata":)" + metadata);
  REQUIRE(world.Call("POST", "/pools", body) == 201);
}

/// Replaces the metadata of a pool, as `az batch pool set --metadata` does.
void SetMetadata(keeper::Keeper& world, const std::string& id,
                 const std::vector<MetadataItem>& items) {
  Value patch;
  patch.Set("metadata", WriteMetadata(items));
  REQUIRE(world.Call("PATCH", "/pools/" + id, WriteJson(patch)) == 200);
}

std::vector<MetadataItem> StampOf(const std::string& owner, const std::string& source,
                                  const std::string& pool, const std::string& incarnation) {
  return {{"poolkeeper.owner", owner},
          {"poolkeeper.source", source},
          {"poolkeeper.pool", pool},
          {"poolkeeper.incarnation", incarnation}};
}

std::string Json(const std::vector<MetadataItem>& items) { return WriteJson(WriteMetadata(items)); }

std::size_t WarningsOf(const keeper::Keeper& world, Reason reason) {
  std::size_t count = 0;
  for (const Event& event : world.trace.events) {
    if (event.reason == reason && event.severity == Severity::kWarning) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a pool without a stamp is never written; its differences show without a cause") {
  keeper::Keeper world;
  CreateForeign(world, "linux");
  world.Spec("linux", kSpec);
  CHECK(world.WritesOfCycles(4).empty());
  CHECK(world.StatusOf("linux").condition == Condition::kBlocked);
  CHECK(world.StatusOf("linux").reason == Reason::kNotOwned);
  CHECK(world.StatusOf("linux").message.find("policy.adopt") != std::string::npos);
  REQUIRE(world.PlanOf("linux").changes.size() == 2);
  for (const auto& change : world.PlanOf("linux").changes) CHECK(change.cause == Cause::kNone);
  const auto told = world.Events(EventKind::kUnclaimedFound);
  REQUIRE(told.size() == 1);
  CHECK(told[0].severity == Severity::kInfo);
  CHECK(world.Events(EventKind::kDifferenceFound).empty());
  CHECK_FALSE(world.last.work_left);
}

TEST_CASE("the first start on an account with 30 pools writes nothing and counts the others") {
  keeper::Keeper world;
  for (int i = 0; i < 30; ++i) CreateForeign(world, fmt::format("pool-{:02}", i));
  for (int i = 0; i < 10; ++i) world.Spec(fmt::format("pool-{:02}", i), kSpec);
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.last.unmanaged == 20);
  CHECK(world.last.plan.Blocked() == 10);
  CHECK(world.last.plan.orphans.empty());
  CHECK(world.Events(EventKind::kUnclaimedFound).size() == 10);
  CHECK(world.Events(EventKind::kOrphanFound).empty());
  CHECK(world.service.counters().writes == 30);  // the creates of the test itself
}

TEST_CASE("adopting is one conditional PATCH of metadata; the differences follow a cycle later") {
  keeper::Keeper world;
  CreateForeign(world, "linux", R"([{"name":"cost","value":"7"},{"name":"boss","value":"ann"}])");
  world.clock.Advance(std::chrono::minutes(1));
  world.Spec("linux", kSpec, kAdopt);
  world.Run();
  CHECK(world.TakeWrites() == Writes{"PATCH /pools/linux"});
  const auto& patch = world.transport.log[world.transport.log.size() - 2];
  CHECK_FALSE(patch.if_match.empty());
  const auto body = ParseJson(patch.body);
  REQUIRE(body);
  CHECK(body->AsObject().size() == 1);
  const auto items = ReadMetadata(world.Get("linux"));
  REQUIRE(items.size() == 6);
  CHECK(items[0] == MetadataItem{"cost", "7"});
  CHECK(items[1] == MetadataItem{"boss", "ann"});

  world.Run();
  for (const auto& change : world.PlanOf("linux").changes) CHECK(change.cause == Cause::kAdopted);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"PATCH /pools/linux", "POST /pools/linux/resize"});
  CHECK(world.Get("linux").FindPath("startTask.commandLine")->AsString() == "hostname");
  CHECK(ReadMetadata(world.Get("linux"))[1] == MetadataItem{"boss", "ann"});
  CHECK(world.WritesOfCycles(3).empty());
}

TEST_CASE("an adopted pool that is as its spec says needs no second write") {
  keeper::Keeper world;
  CreateForeign(world, "linux", "", 1);
  world.clock.Advance(std::chrono::minutes(1));
  world.Spec("linux", "  targetDedicatedNodes: 1\n", kAdopt);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"PATCH /pools/linux"});
  CHECK(world.WritesOfCycles(3).empty());
}

TEST_CASE("an adopted pool with secrets leaves nothing to say, and a new secret is noticed") {
  keeper::Keeper world;
  CreateForeign(world, "linux");
  world.clock.Advance(std::chrono::minutes(1));
  REQUIRE(world.Call("PATCH", "/pools/linux",
                     R"({"userAccounts":[{"name":"alice","password":"secret-of-alice"}]})") == 200);
  world.secrets.values["alice"] = "secret-of-alice";
  world.Spec("linux", "  userAccounts: [{name: alice, password: {secretRef: alice}}]\n", kAdopt);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"PATCH /pools/linux"});
  CHECK(world.WritesOfCycles(2).empty());
  CHECK(world.StatusOf("linux").notes.empty());

  world.secrets.values["alice"] = "another-secret";
  world.RunNow();
  const plan::PoolPlan& plan = world.PlanOf("linux");
  const auto& differences = plan.changes.empty() ? plan.blocked : plan.changes;
  REQUIRE(differences.size() == 1);
  CHECK(differences[0].path == "userAccounts[alice].password");
}

TEST_CASE("a pool of another owner is reported and never adopted") {
  keeper::Keeper world;
  CreateForeign(world, "linux", Json(StampOf("fabrikam", "x", "linux", "00")));
  world.Spec("linux", kSpec, kAdopt);
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.StatusOf("linux").reason == Reason::kOtherOwner);
  CHECK(world.StatusOf("linux").message.find("fabrikam") != std::string::npos);
  CHECK(WarningsOf(world, Reason::kOtherOwner) == 1);
}

TEST_CASE("a pool of our owner and another source is reported and never touched") {
  keeper::Keeper world;
  CreateForeign(world, "linux", Json(StampOf("contoso-batch", "pools-lab", "linux", "00")));
  world.Spec("linux", kSpec, kAdopt);
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.StatusOf("linux").reason == Reason::kOtherSource);
  CHECK(world.StatusOf("linux").message.find("pools-lab") != std::string::npos);
  world.tree.Remove("linux.yaml");
  world.Spec("other");
  world.Run();
  CHECK(world.last.plan.orphans.empty());  // it is no orphan of ours either
}

TEST_CASE("a pool that was created from an exported body is left alone, the older one goes on") {
  keeper::Keeper world;
  world.Spec("linux", kSpec);
  world.Settle();
  auto items = ReadMetadata(world.Get("linux"));
  for (MetadataItem& item : items) {
    if (item.name == "poolkeeper.pool") item.value = "copy";  // even with its own name in it
  }
  CreateForeign(world, "copy", Json(items));
  world.Spec("copy", kSpec);
  world.Spec("linux", "  targetDedicatedNodes: 1\n  startTask: {commandLine: printenv}\n");
  world.RunAfter(std::chrono::minutes(1));
  CHECK(world.TakeWrites() == Writes{"PATCH /pools/linux"});
  CHECK(world.StatusOf("copy").condition == Condition::kBlocked);
  CHECK(world.StatusOf("copy").reason == Reason::kStampCopied);
  CHECK(WarningsOf(world, Reason::kStampCopied) == 1);
  CHECK(world.WritesOfCycles(3).empty());
}

TEST_CASE("a stamp that names another pool stands for no spec and makes no orphan") {
  keeper::Keeper world;
  CreateForeign(world, "linux", Json(StampOf("contoso-batch", "pools-main", "render", "00")));
  world.Spec("linux", kSpec, kAdopt);
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.StatusOf("linux").reason == Reason::kForeignName);
  CHECK(world.StatusOf("linux").message.find("render") != std::string::npos);
}

TEST_CASE("a stamp that somebody removed is an alert, and nothing is written") {
  keeper::Keeper world;
  world.Spec("linux", kSpec);
  world.Settle();
  SetMetadata(world, "linux", {{"team", "lab"}});
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.StatusOf("linux").reason == Reason::kOwnershipLost);
  CHECK(world.StatusOf("linux").message.find("policy.adopt: true") != std::string::npos);
  CHECK(WarningsOf(world, Reason::kOwnershipLost) == 1);
  world.Restart();  // the next process knows that it was ours
  world.Run();
  CHECK(world.StatusOf("linux").reason == Reason::kOwnershipLost);
  world.state.blobs.clear();  // without a state folder nobody does
  world.Restart();
  world.Run();
  CHECK(world.StatusOf("linux").reason == Reason::kNotOwned);
}

TEST_CASE("with adopt a removed stamp is put back at once and said loudly") {
  keeper::Keeper world;
  world.Spec("linux", kSpec, kAdopt);
  world.Settle();
  SetMetadata(world, "linux", {{"team", "lab"}});
  world.Run();
  CHECK(world.TakeWrites() == Writes{"PATCH /pools/linux"});
  CHECK(world.Item("linux", "poolkeeper.owner") == "contoso-batch");
  CHECK(world.Item("linux", "team") == "lab");
  CHECK(WarningsOf(world, Reason::kReadopted) == 1);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites().empty());
}

TEST_CASE("observe mode shows what differs on a foreign pool and adopts nothing") {
  keeper::Settings settings;
  settings.mode = Mode::kObserve;
  keeper::Keeper world(settings);
  CreateForeign(world, "linux");
  world.Spec("linux", kSpec, kAdopt);
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.PlanOf("linux").observe_only);
  CHECK(world.PlanOf("linux").changes.size() == 2);
}
