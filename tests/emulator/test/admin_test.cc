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
        "{\"error\":\"no such call; there are /_emulator/act, certificate, clock, config, faults, "
        "pools, requests and state\"}\n");
}

TEST_CASE("admin: no fault strikes the upload of a call") {
  AdminWorld world;
  CHECK(world.Ask("PUT", "/_emulator/faults", "faults: [{upload: cut}]").status == 200);
  CHECK(UploadFault({"PUT", "/_emulator/faults", {}, ""}, world.doors).empty());
  CHECK(UploadFault({"POST", "/pools?api-version=2025-06-01", {}, ""}, world.doors) == "cut");
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

TEST_CASE("admin: another certificate, a bad one or a good one") {
  AdminWorld world;
  CHECK(world.Ask("PUT", "/_emulator/certificate").body ==
        "{\"error\":\"there is no certificate; start with --tls\"}\n");
  std::string presented = "none";
  world.doors.present_certificate = [&](const std::string& fault) { presented = fault; };
  CHECK(world.Ask("PUT", "/_emulator/certificate", R"({"fault":"expired"})").status == 200);
  CHECK(presented == "expired");
  CHECK(world.Ask("PUT", "/_emulator/certificate").status == 200);
  CHECK(presented.empty());
  for (const char* const body : {R"({"fault":"odd"})", "no JSON"}) {
    const Response bad = world.Ask("PUT", "/_emulator/certificate", body);
    CHECK(bad.status == 400);
    CHECK(bad.body ==
          "{\"error\":\"expected {\\\"fault\\\": one of expired, wrongName, selfSigned, "
          "unknownAuthority, tls11, stalls, ends}, or none\"}\n");
  }
  CHECK(presented.empty());
  CHECK(world.Ask("POST", "/_emulator/certificate").status == 405);
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

TEST_CASE("admin: nodes are shown in any state, with errors, until they start anew") {
  AdminWorld world;
  world.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":3)"));
  world.Pass(std::chrono::minutes(1));
  const auto act = [&world](const std::string& body) {
    return world.Ask("POST", "/_emulator/act", R"({"pool":"p",)" + body + "}").status;
  };
  const auto counted = [&world](const char* name) {
    const Json counts = world.Get("/nodecounts");
    return IntegerAt(*counts.Find("value")->AsList()->front().Find("dedicated"), name);
  };
  CHECK(act(R"("do":"forceNodes","state":"unusable","count":2,"errors":true)") == 200);
  CHECK(counted("unusable") == 2);
  CHECK(counted("idle") == 1);
  const Json node = world.Get("/pools/p/nodes").Find("value")->AsList()->front();
  CHECK(node.Text("state") == "unusable");
  CHECK(node.Find("errors")->AsList()->size() == 1);
  const Response refused =
      world.Call("POST", "/pools/p/nodes/" + node.Text("id") + "/reboot", "{}");
  CHECK(refused.status == 409);
  CHECK(ParseJson(refused.body)->Text("code") == "NodeStateUnusable");
  CHECK(act(R"("do":"forceNodes","state":"upgradingos")") == 200);
  CHECK(counted("upgradingOS") == 3);
  CHECK(act(R"("do":"forceNodes")") == 200);
  CHECK(counted("idle") == 3);
  CHECK(act(R"("do":"forceNodes","state":"odd")") == 400);
}

TEST_CASE("admin: resizes, evaluations and targets as the service makes them") {
  AdminWorld world;
  world.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":1)"));
  world.Pass(std::chrono::minutes(1));
  const auto act = [&world](const std::string& body) {
    const Response answer = world.Ask("POST", "/_emulator/act", R"({"pool":"p",)" + body + "}");
    CHECK(answer.status == 200);
    return ParseJson(answer.body)->Find("pool") == nullptr ? Json{}
                                                           : *ParseJson(answer.body)->Find("pool");
  };
  const Json errors =
      act(R"("do":"setResizeErrors","errors":[{"code":"Odd","message":"said so"}])");
  CHECK(errors.Find("resizeErrors")->AsList()->front().Text("code") == "Odd");
  CHECK(IntegerAt(act(R"("do":"setTargets","dedicated":4)"), "targetDedicatedNodes") == 4);
  world.Pass(std::chrono::minutes(1));
  act(R"("do":"failAllocation","code":"AllocationTimedOut","dedicated":1)");
  CHECK(act(R"("do":"setTargets","dedicated":9)").Text("allocationState") == "resizing");
  world.Pass(std::chrono::minutes(1));
  const Json failed = world.Get("/pools/p");
  CHECK(IntegerAt(failed, "currentDedicatedNodes") == 5);
  CHECK(failed.Find("resizeErrors")->AsList()->front().Text("code") == "AllocationTimedOut");
  const std::string etag = failed.Text("eTag");
  CHECK(act(R"("do":"touch")").Text("eTag") != etag);
  CHECK(act(R"("do":"recreate")").Text("creationTime") != failed.Text("creationTime"));
  act(R"("do":"drop")");
  CHECK(world.Call("GET", "/pools/p").status == 404);
  CHECK(world.Ask("POST", "/_emulator/act", R"({"do":"drop","pool":"p"})").status == 404);
  CHECK(world.Ask("POST", "/_emulator/act", R"({"do":"x"})").status == 400);
  CHECK(world.Ask("GET", "/_emulator/act").status == 405);
}

TEST_CASE("admin: a configuration that a running service cannot take is refused") {
  AdminWorld world;
  const auto refusal = [&world](const std::string& config) {
    const Response answer = world.Ask("PUT", "/_emulator/config", config);
    CHECK(answer.status == 400);
    return ParseJson(answer.body)->Text("error");
  };
  CHECK(refusal("accounts: [{name: other}]") ==
        "account 'other' is not there: accounts come with the start; there are demo");
  CHECK(refusal("seed: 99") == "the seed is that of the start");
}

TEST_CASE("admin: an act says what it does not take") {
  AdminWorld world;
  world.Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":1)"));
  const auto refusal = [&world](const std::string& body) {
    const Response answer = world.Ask("POST", "/_emulator/act", R"({"pool":"p",)" + body + "}");
    CHECK(answer.status == 400);
    return ParseJson(answer.body)->Text("error");
  };
  CHECK(refusal(R"("do":"touch","foo":1)") == "touch takes no 'foo'");
  CHECK(refusal(R"("do":"preempt","count":"x")") ==
        "'count' of preempt: expected a whole number from 0, found \"x\"");
  CHECK(refusal(R"("do":"setTargets","dedicated":-1)") ==
        "'dedicated' of setTargets: expected a whole number from 0, found -1");
  CHECK(refusal(R"("do":"forceNodes","errors":[{"code":"X"}])") ==
        "'errors' of forceNodes: expected true or false, found [{\"code\":\"X\"}]");
  CHECK(refusal(R"("do":"failEvaluation","message":"m")") == "failEvaluation needs 'code'");
  CHECK(refusal(R"("do":"setResizeErrors","errors":[{"message":"m"}])") ==
        "'errors' of setResizeErrors: expected a list of {\"code\", \"message\"}, found "
        "[{\"message\":\"m\"}]");
  CHECK(IntegerAt(world.Get("/pools/p"), "targetDedicatedNodes") == 1);
}

TEST_CASE("admin: a formula that failed shows its error until the next evaluation") {
  AdminWorld world;
  world.Call(
      "POST", "/pools",
      LinuxPool("p", R"(,"enableAutoScale":true,"autoScaleFormula":"$TargetDedicatedNodes=1")"));
  world.Ask("POST", "/_emulator/act",
            R"({"do":"failEvaluation","pool":"p","code":"Odd","message":"said so"})");
  CHECK(world.Get("/pools/p").At({"autoScaleRun", "error"})->Text("code") == "Odd");
  CHECK(world.Get("/pools/p")
            .Find("autoScaleRun")
            ->Text("results")
            .starts_with("$TargetDedicatedNodes=1;"));
}

TEST_CASE("admin: the configuration changes while the service runs") {
  AdminWorld world;
  world.Call("POST", "/pools", LinuxPool("p"));
  world.Pass(std::chrono::minutes(1));
  CHECK(world
            .Ask("PUT", "/_emulator/config",
                 "timings: {resize: 100h}\naccounts: [{name: demo, poolQuota: 1}]")
            .status == 200);
  CHECK(CodeOf(world.Call("POST", "/pools", LinuxPool("q"))) == "PoolQuotaReached");
  CHECK(world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":1})").status == 202);
  world.Pass(std::chrono::hours(99));
  CHECK(world.Get("/pools/p").Text("allocationState") == "resizing");
  CHECK(world.Ask("PUT", "/_emulator/config", "timing: {}").status == 400);
  CHECK(world.Ask("GET", "/_emulator/config").status == 405);
}

TEST_CASE("admin: what a fault put off is done when the clock gets there") {
  AdminWorld world;
  world.Ask("PUT", "/_emulator/faults",
            "faults: [{operation: createPool, connection: hang, appliedAfter: 30s}]");
  (void)world.faulty.Handle(
      {"POST", "/pools?api-version=2025-06-01", {{"Content-Type", kBodyType}}, LinuxPool("late")});
  world.Ask("POST", "/_emulator/clock", R"({"advance":"31s"})");
  CHECK(world.service.PoolIds("demo").size() == 1);
}

TEST_CASE("admin: pools and counters") {
  AdminWorld world;
  world.Call("POST", "/pools", LinuxPool("p"));
  const auto state = ParseJson(world.Ask("GET", "/_emulator/pools").body);
  REQUIRE(state);
  const Json& account = (*state->Find("accounts")->AsList())[0];
  CHECK(account.Text("name") == "demo");
  CHECK((*account.Find("pools")->AsList())[0].Text("id") == "p");
  CHECK(world.Ask("GET", "/_emulator/requests").body ==
        "{\"requests\":1,\"writes\":1,\"writesApplied\":1}\n");
}

TEST_CASE("admin: a state goes out and comes back, with its time; a seed begins anew") {
  AdminWorld world;
  world.doors.go_on_from = [&](Instant instant) { world.now = instant; };
  world.Call("POST", "/pools", LinuxPool("p"));
  const Instant then = world.now;
  const std::string saved = world.Ask("GET", "/_emulator/state").body;
  world.Pass(std::chrono::hours{1});
  world.Call("DELETE", "/pools/p");
  CHECK(world.Ask("PUT", "/_emulator/state", saved).body == "{}\n");
  CHECK(world.now == then);
  CHECK(world.Get("/pools/p").Text("state") == "active");
  const Response bad = world.Ask("PUT", "/_emulator/state", "pools: 5");
  CHECK(bad.status == 400);
  CHECK(bad.body == "{\"error\":\"body:1:8: expected a list, found '5'\"}\n");
  const std::string cut = saved.substr(0, saved.size() / 2);
  CHECK(world.Ask("PUT", "/_emulator/state", cut).body ==
        "{\"error\":\"body: is no JSON, or only a part of a state\"}\n");
  CHECK(world.service.PoolIds("demo").size() == 1);
  CHECK(world.Ask("PUT", "/_emulator/state", "pools: []").status == 200);
  CHECK(world.service.PoolIds("demo").empty());
  CHECK(world.Ask("DELETE", "/_emulator/state").status == 405);
}

TEST_CASE("admin: another state knows nothing of what faults hid or put off") {
  AdminWorld world;
  world.Ask(
      "PUT", "/_emulator/faults",
      "faults: [{operation: createPool, hideFor: 1h}, {operation: deletePool, connection: hang, "
      "appliedAfter: 30s}]");
  (void)world.faulty.Handle(
      {"POST", "/pools?api-version=2025-06-01", {{"Content-Type", kBodyType}}, LinuxPool("p")});
  (void)world.faulty.Handle({"DELETE", "/pools/p?api-version=2025-06-01", {}, ""});
  const Request get{"GET", "/pools/p?api-version=2025-06-01", {}, ""};
  CHECK(world.faulty.Handle(get).status == 404);
  CHECK(world.Ask("PUT", "/_emulator/state", world.Ask("GET", "/_emulator/state").body).status ==
        200);
  world.Pass(std::chrono::minutes{1});
  CHECK(world.faulty.Handle(get).status == 200);
}

TEST_CASE("admin: without a file there is nothing to save to") {
  AdminWorld world;
  const Response refused = world.Ask("POST", "/_emulator/state/save");
  CHECK(refused.status == 409);
  CHECK(refused.body == "{\"error\":\"there is no file to save to; start with --state FILE\"}\n");
  StateFile file("/nowhere/state.json", world.service);
  world.doors.state_file = &file;
  CHECK(world.Ask("POST", "/_emulator/state/save").status == 500);
}

}  // namespace
}  // namespace emulator
