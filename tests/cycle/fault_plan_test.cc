// Each fault that the emulator knows against each call of poolkeeper: the story ends as without it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "tests/cycle/scenario.h"
#include "tests/emulator/faulty_service.h"

namespace {

using namespace reconciler;

/// What makes an answer unreadable, late, wrong or lost, and leaves the pools to the two of them.
const std::vector<std::string>& Spoilt() {
  static const std::vector<std::string> kFaults = {
      "status: 302, headers: {Location: 'http://evil.example/pools'}",
      "status: 304",
      "status: 408, applied: true",
      "status: 411",
      "status: 416",
      "status: 429, retryAfter: [1e9, abc]",
      "status: 429, retryAfterDate: -7",
      "status: 500, code: OperationTimedOut, applied: true",
      "status: 502, gateway: true, applied: true",
      "status: 503, retryAfter: -5",
      "status: 504, gateway: true",
      "status: 999",
      "token: expired",
      "connection: reset",
      "connection: closed, applied: true",
      "connection: hang, appliedAfter: 90s",
      "connection: headersOnly",
      "refuseFor: 1s",
      "outcome: lost",
      "outcome: twiceFirst",
      "outcome: twiceSecond",
      "hideFor: 45s",
      "staleFor: 60s",
      "etag: missing",
      "etag: quoted",
      "etag: weak",
      "etag: goesBack",
      "etag: headerDiffers",
      "etag: changes",
      "body: html",
      "body: xml",
      "body: noType",
      "body: otherType",
      "body: invalidJson",
      "body: empty",
      "body: error",
      "body: deep",
      "body: manyItems",
      "body: nul",
      "body: invalidUtf8",
      "body: bom",
      "body: loneSurrogate",
      "cutBodyAt: 1",
      "cutBodyAt: 200",
      "headers: {ETag: ~, Location: ~, Date: ~}, text: '{\"value\": 3}'",
  };
  return kFaults;
}

/// What ends a write until its spec changes, and a read until the next cycle.
const std::vector<std::string> kRefusals{"status: 400, code: InvalidPropertyValue, values: 100",
                                         "status: 413"};

const std::vector<std::string>& SpoiltLists() {
  static const std::vector<std::string> kFaults = {
      "list: missesItem",
      "list: repeatsItem",
      "list: empty",
      "list: half",
      "list: emptyPage",
      "list: endless",
      "list: loopsToItself",
      "list: loopsToFirst",
      "pageSize: 1",
      "nextLink: otherHost",
      "nextLink: file",
      "nextLink: userinfo",
      "nextLink: otherAccount",
      "nextLink: otherVersion",
      "nextLink: otherPath",
      "nextLink: noText",
      "member: {name: state, value: '\"migrating\"'}",
      "member: {name: allocationState, value: '\"pondering\"'}",
      "member: {name: allocationState, act: drop}",
      "member: {name: targetDedicatedNodes, value: 1e400}",
      "member: {name: targetDedicatedNodes, value: -1}",
      "member: {name: targetDedicatedNodes, value: 2147483648}",
      "member: {name: targetDedicatedNodes, value: 3.0}",
      "member: {name: targetDedicatedNodes, value: '\"5\"'}",
      "member: {name: targetDedicatedNodes, act: twice}",
      "member: {name: id, act: upperCase}",
      "member: {name: eTag, value: 'null'}",
      "member: {name: metadata, value: 'null'}",
      "member: {name: metadata, act: drop}",
      "member: {name: startTask, act: drop}",
      "member: {name: unknown, value: '[{}]'}",
  };
  return kFaults;
}

struct Ending {
  bool rests = false;
  std::string end;
  std::vector<std::string> writes_afterwards;
  std::uint64_t strikes = 0;
};

Ending PlayUnder(const std::string& plan) {
  keeper::Keeper world;
  auto read = emulator::ReadFaultPlan(plan, "plan");
  const auto* const problem = std::get_if<emulator::ConfigError>(&read);
  REQUIRE_MESSAGE(problem == nullptr, (problem == nullptr ? "" : problem->message));
  const auto now = [&world] { return world.clock.Wall(); };
  emulator::FaultyService faulty(world.service, std::get<emulator::FaultPlan>(std::move(read)), now,
                                 now);
  world.transport.serve = [&faulty](const emulator::Request& request) {
    return faulty.Handle(request);
  };
  Ending ending;
  ending.rests = keeper::PlayStory(world);
  ending.end = keeper::EndOfStory(world);
  ending.writes_afterwards = world.WritesOfCycles(3);
  for (const std::uint64_t count : faulty.strikes()) ending.strikes += count;
  return ending;
}

/// Each fault strikes the first two calls of each operation.
void CheckAll(const std::vector<std::string>& operations, const std::vector<std::string>& faults) {
  const Ending calm = PlayUnder("");
  REQUIRE(calm.rests);
  for (const std::string& operation : operations) {
    for (const std::string& fault : faults) {
      CAPTURE(operation);
      CAPTURE(fault);
      const Ending ending =
          PlayUnder(fmt::format("faults: [{{operation: {}, times: 2, {}}}]", operation, fault));
      CHECK(ending.strikes > 0);
      CHECK(ending.rests);
      CHECK(ending.end == calm.end);
      CHECK(ending.writes_afterwards.empty());
    }
  }
}

const std::vector<std::string> kWrites{"createPool", "patchPool", "resizePool", "enableAutoScale"};

}  // namespace

TEST_CASE("fault plan: reads that are spoilt delay the story and change nothing of its end") {
  CheckAll({"listPools", "listNodeCounts", "listSupportedImages"}, Spoilt());
  CheckAll({"listPools", "listNodeCounts", "listSupportedImages"}, kRefusals);
  CheckAll({"listPools", "listNodeCounts"}, SpoiltLists());
}

TEST_CASE("fault plan: writes that are spoilt are done once and no more") {
  CheckAll(kWrites, Spoilt());
}

TEST_CASE("fault plan: what was accepted is dropped, or arrives again") {
  CheckAll(kWrites, {"dropAfter: 20s", "duplicateAfter: 50s"});
}

TEST_CASE("fault plan: somebody moves between the look and the write") {
  CheckAll({"patchPool", "resizePool", "enableAutoScale"},
           {"foreign: deletes", "foreign: recreates", "foreignResize: 7"});
  // Later in the story no spec names a start task, and what somebody sets is theirs to keep.
  CheckAll({"patchPool", "resizePool"}, {"foreign: changesStartTask"});
}
