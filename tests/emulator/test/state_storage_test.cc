// A service that was saved and loaded goes on as the one that never stopped.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/emulator/test/token_world.h"
#include "tests/emulator/test/walk.h"

namespace emulator {
namespace {

using std::chrono::seconds;

/// Status, headers and body.
std::string Whole(const Response& response) {
  std::string out = std::to_string(response.status);
  for (const auto& [name, value] : response.headers) out += fmt::format("\n{}: {}", name, value);
  return out + "\n\n" + response.body;
}

/// Where two texts part, and a part of both; empty: they are the same.
std::string FirstDifference(const std::string& a, const std::string& b) {
  if (a == b) return {};
  const auto at = static_cast<std::size_t>(
      std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  const std::size_t from = at < 200 ? 0 : at - 200;
  return fmt::format("{}\n<>\n{}", a.substr(from, 300), b.substr(from, 300));
}

/// A walk that also meets start tasks, users, schedules and wished failures, and keeps all answers.
struct FullWalk : Walk {
  explicit FullWalk(std::uint64_t seed) : Walk(seed) {
    Call("POST", "/pools",
         LinuxPool("s",
                   R"(,"targetDedicatedNodes":2,"startTask":{"commandLine":"a","waitForSuccess")"
                   R"(:true},"metadata":[{"name":"zero","value":"-0.0"}])"));
    Call("POST", "/jobschedules",
         R"({"id":"every","schedule":{"recurrenceInterval":"PT2M"},)"
         R"("jobSpecification":{"poolInfo":{"poolId":"p"}}})");
  }
  void FullStep() {
    Step();
    switch (random.Below(6)) {
      case 0:
        Call("POST", "/pools/s/nodes/" + NodeId("/pools/s") + "/users",
             R"({"name":"ann","password":"secret","isAdmin":true})");
        break;
      case 1:
        service.FailNextAllocation("demo", One("p", "s"), {"AllocationFailed", {1, 0}});
        service.FailStartTasks("demo", "s", random.Below(2) == 0);
        break;
      case 2:
        Call("POST", "/pools/s/nodes/" + NodeId("/pools/s") + "/reboot");
        break;
      case 3:
        Call("PATCH", "/pools/s", R"({"startTask":{"commandLine":"b"}})");
        break;
      case 4:
        Call("POST", "/jobschedules/every/" + One("disable", "enable"));
        break;
      default:
        token = Whole(AskToken());
    }
    if (random.Below(2) == 0) Pass(seconds{random.Below(90)} + Duration{random.Below(1000)});
  }
  Response AskToken() {
    std::string body;
    for (const auto& [name, value] : SecretForm()) body += name + '=' + PercentEncode(value) + '&';
    return service.Handle({"POST",
                           TokenWorld::TokenPath(),
                           {{"Host", "demo"},
                            {"Content-Type", "application/x-www-form-urlencoded"},
                            {"Content-Length", std::to_string(body.size())}},
                           body});
  }
  /// Everything that can be seen.
  std::string View() {
    std::string out = token;
    for (const char* const list :
         {"/pools?maxresults=2", "/jobs?maxresults=2", "/jobschedules", "/nodecounts",
          "/poolusagemetrics", "/supportedimages", "/jobs/j/tasks", "/jobs/k/tasks",
          "/jobs/j/taskcounts", "/pools/p/nodes", "/pools/q/nodes", "/pools/s/nodes"}) {
      out += Whole(Call("GET", list)) + "\n\n";
    }
    return out;
  }

  std::string token;
};

TEST_CASE("state: a service that was saved and loaded answers as the one that never stopped") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    FullWalk stayed(seed), loaded(seed);
    for (int step = 0; step < 60; ++step) stayed.FullStep();
    const std::string saved = stayed.service.SaveState();
    loaded.now = stayed.now;
    loaded.random = stayed.random;
    loaded.token = stayed.token;
    const auto outcome = loaded.service.LoadState(saved);
    REQUIRE(std::holds_alternative<Instant>(outcome));
    CHECK(std::get<Instant>(outcome) == stayed.now);
    REQUIRE(FirstDifference(loaded.service.SaveState(), saved) == "");
    CHECK(loaded.service.NextEvent() == stayed.service.NextEvent());
    for (int step = 0; step < 60; ++step) {
      CAPTURE(step);
      stayed.FullStep();
      loaded.FullStep();
      REQUIRE(FirstDifference(loaded.View(), stayed.View()) == "");
    }
    CHECK(loaded.service.counters().requests == stayed.service.counters().requests);
    CHECK(loaded.service.SaveState() == stayed.service.SaveState());
  }
}

TEST_CASE("state: what was damaged is refused, and nothing changes") {
  World world;
  world.Call("POST", "/pools", LinuxPool("p"));
  const std::string saved = world.service.SaveState();
  const auto problem = [&](const std::string& text) {
    World other;
    other.Call("POST", "/pools", LinuxPool("mine"));
    const auto outcome = other.service.LoadState(text);
    CHECK(other.service.PoolIds("demo") == std::vector<std::string>{"mine"});
    const auto* const message = std::get_if<std::string>(&outcome);
    return message == nullptr ? "" : *message;
  };
  CHECK(problem("") == "is empty");
  CHECK(problem(saved.substr(0, saved.size() / 2)) == "is no JSON, or only a part of a state");
  CHECK(problem("{}") == "is no state of the emulator");
  CHECK(problem(R"({"format":"batch-emulator state 9"})") ==
        "is of the format 'batch-emulator state 9', and this program reads 'batch-emulator state "
        "1'");
  std::string changed = saved;
  changed.replace(changed.find("\"id\":\"p\""), 8, "\"id\":\"q\"");
  CHECK(problem(changed) == "was changed since it was saved: its sha256 is another");
}

TEST_CASE("state: accounts are those of the configuration") {
  World world;
  ServiceConfig config = TestConfig();
  config.accounts.front().name = "other";
  World other(config);
  const auto outcome = other.service.LoadState(world.service.SaveState());
  REQUIRE(std::holds_alternative<std::string>(outcome));
  CHECK(std::get<std::string>(outcome) ==
        "has the account 'demo', which the configuration does not have");
}

TEST_CASE("state: values of any JSON come back as they were") {
  std::string deep = "1";
  for (int i = 0; i < 60; ++i) deep = '[' + deep + ']';
  for (const std::string& text :
       {std::string(
            R"([0.1,1e300,-0.0,5.0,5000000000,9223372036854775807,18446744073709551615,2.5e-8])"),
        std::string(R"({"a":1,"a":null,"":"\u0000\u00e9\""})"), deep}) {
    const auto once = ParseJson(text);
    REQUIRE(once);
    const auto twice = ParseJson(JsonText(*once));
    REQUIRE(twice);
    CHECK(JsonText(*twice) == JsonText(*once));
  }
}

}  // namespace
}  // namespace emulator
