// Users on nodes, against the emulator's service on virtual time.
#include "reconciler/cycle/node_users.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "reconciler/cycle/node_look.h"
#include "tests/cycle/keeper.h"

namespace reconciler::cycle {
namespace {

using doors::Fault;
using keeper::Keeper;
using Kind = NodeUserOutcome::Kind;
using std::chrono::seconds;

constexpr const char* kKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7";
constexpr const char* kOtherKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC8";
constexpr const char* kSshRule =
    "  networkConfiguration:\n    endpointConfiguration:\n      inboundNATPools:\n"
    "        - {name: ssh, protocol: tcp, backendPort: 22, frontendPortRangeStart: 15000, "
    "frontendPortRangeEnd: 15100}\n";

/// A settled pool of some nodes with the users that the service has on them.
struct Nodes {
  explicit Nodes(int count, keeper::Settings settings = {}) : world(Listening(settings, users)) {
    world.Spec("p1", "  targetDedicatedNodes: " + std::to_string(count) + "\n" + kSshRule);
    world.Settle();
  }
  static keeper::Settings Listening(keeper::Settings settings,
                                    std::map<std::string, std::string>& users) {
    settings.service.on_node_user = [&users](const emulator::NodeUserChange& change) {
      if (change.key) users[change.node] = *change.key;
      if (!change.key) users.erase(change.node);
    };
    return settings;
  }

  Doors TheDoors() {
    return {world.transport, world.clock, world.random, world.state, world.secrets, world.trace};
  }
  std::vector<std::string> Ids() {
    Doors doors = TheDoors();
    auto nodes = ClientOf(*world.account, doors).ListNodes("p1", {});
    REQUIRE(nodes);
    std::vector<std::string> ids;
    for (const auto& node : *nodes) ids.push_back(node.id);
    return ids;
  }
  NodeUserReport Add(const std::vector<std::string>& nodes = {}, const std::string& key = kKey) {
    Doors doors = TheDoors();
    NodeUser user{"ada", key, {}, false, world.clock.Wall() + std::chrono::hours{24}};
    return AddNodeUser(*world.account, doors, "p1", user, nodes,
                       [&](const NodeUserOutcome& outcome) { told.push_back(outcome.node); }, {});
  }
  NodeUserReport Remove() {
    Doors doors = TheDoors();
    return RemoveNodeUser(*world.account, doors, "p1", "ada", {}, [](const auto&) {}, {});
  }
  static std::size_t Count(const NodeUserReport& report, Kind kind) {
    return static_cast<std::size_t>(
        std::count_if(report.nodes.begin(), report.nodes.end(),
                      [&](const NodeUserOutcome& outcome) { return outcome.kind == kind; }));
  }

  std::map<std::string, std::string> users;  // key by node
  std::vector<std::string> told;
  Keeper world;
};

TEST_CASE("node users: on every node, renewed by the next call, taken off again") {
  Nodes nodes(3);
  CHECK(Nodes::Count(nodes.Add(), Kind::kAdded) == 3);
  CHECK(nodes.told.size() == 3);
  CHECK(nodes.users.size() == 3);
  CHECK(Nodes::Count(nodes.Add({}, kOtherKey), Kind::kUpdated) == 3);
  for (const auto& [node, key] : nodes.users) CHECK(key == kOtherKey);
  CHECK(Nodes::Count(nodes.Remove(), Kind::kRemoved) == 3);
  CHECK(nodes.users.empty());
  CHECK(Nodes::Count(nodes.Remove(), Kind::kAbsent) == 3);
}

TEST_CASE("node users: only the named nodes, by their beginnings") {
  Nodes nodes(3);
  const auto ids = nodes.Ids();
  CHECK(Nodes::Count(nodes.Add({ids[1].substr(0, 16)}), Kind::kAdded) == 1);
  CHECK(nodes.users.contains(ids[1]));
  const NodeUserReport wrong = nodes.Add({"tvmps_", "x"});
  CHECK(wrong.nodes.empty());
  CHECK(wrong.wrong_nodes ==
        std::vector<std::string>{"3 nodes begin with 'tvmps_'", "no node 'x'"});
  CHECK(nodes.users.size() == 1);
}

TEST_CASE("node users: a lost answer is asked again and ends as one user") {
  for (const Fault fault : {Fault::kResetAfter, Fault::kResetBefore, Fault::kError500,
                            Fault::kApplied500, Fault::kThrottled, Fault::kServerBusy}) {
    CAPTURE(static_cast<int>(fault));
    Nodes nodes(2);
    int left = 1;
    nodes.world.transport.draw_fault = [&](const HttpRequest& request) {
      const bool hit = request.method == "POST" && left > 0;
      if (hit) --left;
      return hit ? fault : Fault::kNone;
    };
    const NodeUserReport report = nodes.Add();
    CHECK(left == 0);
    CHECK(Nodes::Count(report, Kind::kFailed) == 0);
    CHECK(report.nodes.size() == 2);
    CHECK(nodes.users.size() == 2);
  }
}

TEST_CASE("node users: a call that fails again and again is told with the service's words") {
  Nodes nodes(1);
  nodes.world.transport.draw_fault = [](const HttpRequest& request) {
    return request.method == "POST" ? Fault::kError500 : Fault::kNone;
  };
  const NodeUserReport report = nodes.Add();
  REQUIRE(report.nodes.size() == 1);
  CHECK(report.nodes.front().kind == Kind::kFailed);
  CHECK(report.nodes.front().detail.find("account 'demo': add user 'ada' on node 'tvmps_") == 0);
}

TEST_CASE("node users: nodes that appear meanwhile are included, those that boot are named") {
  Nodes nodes(1);
  const auto first = nodes.Ids().front();
  bool resized = false;
  nodes.world.transport.draw_fault = [&](const HttpRequest& request) {
    if (request.method == "POST" && !resized) {
      resized = true;
      CHECK(nodes.world.Call("POST", "/pools/p1/resize",
                             R"({"targetDedicatedNodes":3,"targetLowPriorityNodes":0})") == 202);
      nodes.world.clock.Advance(seconds{20});
    }
    return Fault::kNone;
  };
  const NodeUserReport grown = nodes.Add();
  CHECK(Nodes::Count(grown, Kind::kAdded) == 3);
  CHECK(nodes.users.size() == 3);

  nodes.world.transport.draw_fault = nullptr;
  CHECK(nodes.world.Call("POST", "/pools/p1/resize",
                         R"({"targetDedicatedNodes":4,"targetLowPriorityNodes":0})") == 202);
  nodes.world.clock.Advance(std::chrono::milliseconds{2'200});
  const NodeUserReport booting = nodes.Add();
  CHECK(Nodes::Count(booting, Kind::kUpdated) == 3);
  REQUIRE(Nodes::Count(booting, Kind::kSkipped) == 1);
  CHECK(booting.nodes.back().detail == "the node is creating (NodeBeingCreated)");
}

TEST_CASE("nodes: one that vanishes is a row, not a failure") {
  Nodes nodes(2);
  bool removed = false;
  nodes.world.transport.draw_fault = [&](const HttpRequest& request) {
    if (request.target.find("remoteloginsettings") != std::string::npos && !removed) {
      removed = true;
      CHECK(nodes.world.Call("POST", "/pools/p1/resize",
                             R"({"targetDedicatedNodes":0,"targetLowPriorityNodes":0})") == 202);
      nodes.world.clock.Advance(seconds{20});
    }
    return Fault::kNone;
  };
  Doors doors = nodes.TheDoors();
  const auto look = LookAtNodes(*nodes.world.account, doors, {"P1"}, {});
  REQUIRE(look);
  REQUIRE(look->pools.size() == 1);
  REQUIRE(look->pools.front().rows.size() == 2);
  for (const NodeRow& row : look->pools.front().rows) {
    CHECK(row.gone);
    CHECK(row.no_login == "the node has left the pool");
  }
  CHECK(LookAtNodes(*nodes.world.account, doors, {"p2"}, {})->pools.empty());
}

}  // namespace
}  // namespace reconciler::cycle
