#include "tests/emulator/admin.h"

#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

class AdminWorld : public World {
 public:
  AdminWorld()
      : faulty(
            service, {}, [this] { return now; }, [this] { return now; }),
        doors{
            service, faulty, {"demo"}, [this] { return now; }, [this](Duration by) { now += by; }} {
  }
  Response Ask(const std::string& method, const std::string& target, const std::string& body = "") {
    return AnswerAdmin({method, target, {}, body}, doors).value_or(Response{});
  }
  FaultyService faulty;
  AdminDoors doors;
};

TEST_CASE("admin: other paths are none of its calls") {
  AdminWorld world;
  CHECK_FALSE(AnswerAdmin({"GET", "/pools", {}, ""}, world.doors));
  CHECK(world.Ask("GET", "/_emulator/other").body ==
        "{\"error\":\"no such call; there are /_emulator/clock, faults, requests and state\"}\n");
}

TEST_CASE("admin: a clock by hand moves when it is told to") {
  AdminWorld world;
  const Response moved = world.Ask("POST", "/_emulator/clock", R"({"advance":"90s"})");
  CHECK(moved.status == 200);
  CHECK(moved.body == "{\"now\":\"2025-07-01T12:01:30.1234567Z\"}\n");
  CHECK(world.Ask("GET", "/_emulator/clock").body == moved.body);
  const Response bad = world.Ask("POST", "/_emulator/clock", "{}");
  CHECK(bad.status == 400);
  CHECK(bad.body == "{\"error\":\"expected {\\\"advance\\\": \\\"30s\\\"}, in ms, s or m\"}\n");
  world.doors.advance = nullptr;
  const Response running = world.Ask("POST", "/_emulator/clock", R"({"advance":"1s"})");
  CHECK(running.status == 409);
  CHECK(running.body == "{\"error\":\"the clock runs by itself; start with --manual-clock\"}\n");
}

TEST_CASE("admin: faults are set, counted and lifted") {
  AdminWorld world;
  const Request list{"GET", "/pools?api-version=2025-06-01", {}, ""};
  CHECK(world.Ask("PUT", "/_emulator/faults", "faults: [{status: 503}]").body ==
        "{\"strikes\":[0]}\n");
  CHECK(world.faulty.Handle(list).status == 503);
  CHECK(world.Ask("GET", "/_emulator/faults").body == "{\"strikes\":[1]}\n");
  const Response bad = world.Ask("PUT", "/_emulator/faults", "faults: [{status: x}]");
  CHECK(bad.status == 400);
  CHECK(bad.body.find("{\"error\":\"body:1:19: ") == 0);
  CHECK(world.faulty.Handle(list).status == 503);
  CHECK(world.Ask("DELETE", "/_emulator/faults").status == 200);
  CHECK(world.faulty.Handle(list).status == 200);
  CHECK(world.Ask("POST", "/_emulator/faults").status == 405);
}

TEST_CASE("admin: state and counters") {
  AdminWorld world;
  world.Call("POST", "/pools", LinuxPool("p"));
  const auto state = ParseJson(world.Ask("GET", "/_emulator/state").body);
  REQUIRE(state);
  const Json& account = (*state->Find("accounts")->AsList())[0];
  CHECK(account.Text("name") == "demo");
  CHECK((*account.Find("pools")->AsList())[0].Text("id") == "p");
  CHECK(world.Ask("GET", "/_emulator/requests").body ==
        "{\"requests\":1,\"writes\":1,\"writesApplied\":1}\n");
}

}  // namespace
}  // namespace emulator
