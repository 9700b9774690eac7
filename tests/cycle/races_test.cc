// Somebody else acts between our read and our write, and specs change while something is under way.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "tests/cycle/scenario.h"

namespace {

using doors::Fault;
using namespace reconciler;
using Writes = std::vector<std::string>;

constexpr char kOne[] = "  targetDedicatedNodes: 1\n";
constexpr char kTask[] = "  targetDedicatedNodes: 1\n  startTask: {commandLine: hostname}\n";

std::string Nodes(int nodes) { return fmt::format("  targetDedicatedNodes: {}\n", nodes); }
std::string Name(int index) { return fmt::format("pool-{:02}", index); }

/// Before the first request of this kind reaches the service, somebody does this.
void Before(keeper::Keeper& world, const std::string& kind, std::function<void()> somebody) {
  world.transport.draw_fault = [kind, done = false](const HttpRequest& request) mutable {
    if (done || keeper::KindOf(request) != kind) return Fault::kNone;
    done = true;
    return Fault::kStaleEtag;
  };
  world.transport.foreign_edit = [somebody = std::move(somebody)](const HttpRequest&) {
    somebody();
  };
}

constexpr char kForeignBody[] =
    R"({"id":"linux","vmSize":"standard_d2_v3","virtualMachineConfiguration":{"imageReference":)"
    R"({"publisher":"canonical","offer":"ubuntuserver","sku":"18.04-lts"},)"
    R"("nodeAgentSKUId":"batch.node.ubuntu 18.04"}})";

}  // namespace

TEST_CASE("somebody creates the pool first: it is theirs, and is asked for no more") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  Before(world, "create", [&] { CHECK(world.Call("POST", "/pools", kForeignBody) == 201); });
  world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools"});
  CHECK(world.StatusOf("linux").reason == Reason::kNotOwned);
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.Item("linux", "poolkeeper.owner").empty());
}

TEST_CASE("somebody deletes the pool under our PATCH: it is made anew once it is gone") {
  keeper::Keeper world;
  world.Spec("linux", kTask);
  world.Settle();
  const std::string before = world.Item("linux", "poolkeeper.incarnation");
  world.Spec("linux", "  targetDedicatedNodes: 1\n  startTask: {commandLine: printenv}\n");
  Before(world, "patch", [&] {
    CHECK(world.Call("DELETE", "/pools/linux") == 202);
    world.clock.Advance(std::chrono::seconds(10));
  });
  REQUIRE(world.RunUntilReady());
  CHECK(world.Item("linux", "poolkeeper.incarnation") != before);
  CHECK(keeper::AppliedCreates(world) == 2);
  CHECK(world.WritesOfCycles(2).empty());
}

TEST_CASE("a pool that is being deleted is waited for, without a backoff") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  REQUIRE(world.Call("DELETE", "/pools/linux") == 202);
  world.RunNow();
  CHECK(world.StatusOf("linux").condition == Condition::kProgressing);
  CHECK(world.TakeWrites().empty());
  CHECK(world.last.next_due - world.clock.Now() <= std::chrono::seconds(5));
}

TEST_CASE("somebody takes the stamp off under our PATCH: nothing of ours is written") {
  keeper::Keeper world;
  world.Spec("linux", kTask);
  world.Settle();
  world.Spec("linux", "  targetDedicatedNodes: 2\n  startTask: {commandLine: printenv}\n");
  Before(world, "patch", [&] {
    CHECK(world.Call("PATCH", "/pools/linux", R"({"metadata":[{"name":"a","value":"b"}]})") == 200);
  });
  world.Run();
  CHECK(world.StatusOf("linux").reason == Reason::kOwnershipLost);
  const Value pool = world.Get("linux");
  CHECK(pool.FindPath("startTask.commandLine")->AsString() == "hostname");
  CHECK(pool.IntOr("targetDedicatedNodes", 0) == 1);
}

TEST_CASE("a target that changes twice while the pool resizes ends at the last one") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  world.Spec("linux", Nodes(5));
  world.Run();
  world.Spec("linux", Nodes(3));
  world.RunNow();
  CHECK(world.StatusOf("linux").reason == Reason::kResizing);
  world.Spec("linux", Nodes(2));
  REQUIRE(world.RunUntilReady());
  CHECK(world.StatusOf("linux").nodes_current == 2);
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/resize", "POST /pools/linux/resize"});
}

TEST_CASE("many pools are looked at through the list, and learn the same from it") {
  keeper::Keeper world;
  constexpr int kPools = 25;
  const auto write = [&](const std::string& command) {
    for (int i = 0; i < kPools; ++i) {
      world.Spec(Name(i),
                 "  targetDedicatedNodes: 0\n  startTask: {commandLine: " + command + "}\n");
    }
  };
  write("hostname");
  world.Settle();
  world.bent.on_answer = [](const HttpRequest& request, HttpAnswer& answer) {
    if (request.method != "GET") return;
    const std::string sent = R"("commandLine":"printenv")";
    for (std::size_t at = 0; (at = answer.body.find(sent, at)) != std::string::npos;) {
      answer.body.replace(at, sent.size(), R"("commandLine":"PrintEnv")");
    }
  };
  write("printenv");
  const std::size_t first = world.transport.log.size();
  world.Run();
  CHECK(world.last.writes == 2 * kPools);
  CHECK(std::none_of(world.transport.log.begin() + static_cast<std::ptrdiff_t>(first),
                     world.transport.log.end(), [](const auto& entry) {
                       return entry.method == "GET" && entry.target.rfind("/pools/", 0) == 0;
                     }));
  CHECK(world.last.plan.pools.size() == kPools);
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.last.plan.Kept() == kPools);
}

TEST_CASE("the look through the list fails: nothing is known, and nothing is written twice") {
  keeper::Keeper world;
  constexpr int kPools = 25;
  for (int i = 0; i < kPools; ++i) world.Spec(Name(i), "  targetDedicatedNodes: 0\n");
  bool created = false;
  world.transport.draw_fault = [&](const HttpRequest& request) {
    created = created || request.method == "POST";
    return created && keeper::KindOf(request) == "list" ? Fault::kError500 : Fault::kNone;
  };
  world.Run();
  CHECK(world.last.writes == kPools);
  for (const auto& status : world.last.statuses) CHECK(status.condition != Condition::kReady);
  world.transport.draw_fault = nullptr;
  REQUIRE(world.RunUntilReady());
  CHECK(keeper::AppliedCreates(world) == kPools);
}

TEST_CASE("killed between the record of a loss and the call, the next process is not parked") {
  keeper::Keeper world;
  for (int i = 0; i < 8; ++i) world.Spec(Name(i), Nodes(10));
  world.Settle();
  world.clock.Advance(std::chrono::hours(2));
  for (int i = 0; i < 2; ++i) world.Spec(Name(i), Nodes(0));
  for (int death = 0; death < 3; ++death) {
    world.transport.kill = [](const HttpRequest& request, bool) {
      return request.method == "POST";
    };
    CHECK_THROWS_AS(world.Run(), doors::KeeperKilled);
    world.Restart();
  }
  world.transport.kill = nullptr;
  REQUIRE(world.RunUntilReady());
  CHECK(world.Get(Name(1)).IntOr("targetDedicatedNodes", -1) == 0);
}

TEST_CASE("the story ends alike at each api-version") {
  std::string end;
  for (const char* version :
       {"2022-10-01.16.0", "2023-11-01.18.0", "2024-07-01.20.0", "2025-06-01"}) {
    CAPTURE(version);
    keeper::Settings settings;
    settings.api_version = version;
    keeper::Keeper world(settings);
    REQUIRE(keeper::PlayStory(world));
    if (end.empty()) end = keeper::EndOfStory(world);
    CHECK(keeper::EndOfStory(world) == end);
    CHECK(world.WritesOfCycles(3).empty());
  }
}
