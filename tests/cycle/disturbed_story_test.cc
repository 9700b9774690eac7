// The same story with one fault, or one death, at each place where there could be one.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/cycle/scenario.h"

namespace {

using doors::Fault;
using namespace reconciler;

struct Undisturbed {
  std::string end;
  std::size_t writes = 0;
  std::size_t exchanges = 0;
  std::set<std::string> kinds;
};

Undisturbed PlayUndisturbed() {
  keeper::Keeper world;
  Undisturbed result;
  world.transport.draw_fault = [&](const HttpRequest& request) {
    result.kinds.insert(keeper::KindOf(request));
    return Fault::kNone;
  };
  REQUIRE(keeper::PlayStory(world));
  result.end = keeper::EndOfStory(world);
  result.writes = keeper::AppliedWrites(world);
  result.exchanges = world.transport.exchanges;
  CHECK(keeper::AppliedCreates(world) == 2);
  CHECK(world.WritesOfCycles(3).empty());
  return result;
}

/// The first `times` requests of `kind` meet the fault.
void PlayWithFault(const Undisturbed& calm, Fault fault, const std::string& kind, int times) {
  const int fault_number = static_cast<int>(fault);
  CAPTURE(fault_number);
  CAPTURE(kind);
  CAPTURE(times);
  keeper::Keeper world;
  int left = times;
  world.transport.draw_fault = [&](const HttpRequest& request) {
    if (left == 0 || keeper::KindOf(request) != kind) return Fault::kNone;
    --left;
    return fault;
  };
  // Somebody touches the pool without touching what is ours.
  world.transport.foreign_edit = [&](const HttpRequest& request) {
    const std::size_t end = request.target.find_first_of("/?", 7);
    if (request.target.rfind("/pools/", 0) != 0) return;
    const std::string path = request.target.substr(0, end);
    (void)world.Call("PATCH", path, R"({"applicationPackageReferences":[]})");
  };
  CHECK(keeper::PlayStory(world));
  CHECK(left < times);
  CHECK(keeper::EndOfStory(world) == calm.end);
  CHECK(keeper::AppliedCreates(world) == 2);
  CHECK(keeper::AppliedWrites(world) <= calm.writes);
  CHECK(world.WritesOfCycles(3).empty());
}

}  // namespace

TEST_CASE("the undisturbed story uses every call") {
  const Undisturbed calm = PlayUndisturbed();
  for (const char* kind : keeper::kReadKinds) CHECK(calm.kinds.contains(kind));
  for (const char* kind : keeper::kWriteKinds) CHECK(calm.kinds.contains(kind));
}

TEST_CASE("one fault of each sort at each write: the same end, and nothing is done twice") {
  const Undisturbed calm = PlayUndisturbed();
  for (int fault = 1; fault < doors::kFaultKinds; ++fault) {
    for (const char* kind : keeper::kWriteKinds) {
      PlayWithFault(calm, static_cast<Fault>(fault), kind, 1);
    }
  }
}

TEST_CASE("reads that fail once, or longer than they are tried again: the same end") {
  const Undisturbed calm = PlayUndisturbed();
  for (int fault = 1; fault < doors::kFaultKinds; ++fault) {
    for (const char* kind : keeper::kReadKinds) {
      PlayWithFault(calm, static_cast<Fault>(fault), kind, 1);
      PlayWithFault(calm, static_cast<Fault>(fault), kind, 4);
    }
  }
}

TEST_CASE("killed before or after any exchange, the next process ends where one would have") {
  const Undisturbed calm = PlayUndisturbed();
  int deaths = 0;
  for (int place = 0;; ++place) {
    CAPTURE(place);
    keeper::Keeper world;
    int left = place;
    world.transport.kill = [&](const HttpRequest&, bool) { return left-- == 0; };
    REQUIRE(keeper::PlayStory(world));
    CHECK(keeper::EndOfStory(world) == calm.end);
    CHECK(keeper::AppliedCreates(world) == 2);
    CHECK(keeper::AppliedWrites(world) <= calm.writes);
    if (left >= 0) break;  // the story ended before its turn
    ++deaths;
  }
  CHECK(deaths > 100);
}
