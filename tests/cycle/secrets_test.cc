// Secrets that the service never returns: only their digests tell whether they changed.
#include "reconciler/cycle/secrets.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"
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

TEST_CASE("a service that quotes a secret is not quoted in turn") {
  keeper::Keeper world;
  world.secrets.values["worker"] = "marker of the password";
  world.bent.on_answer = [](const HttpRequest& request, HttpAnswer& answer) {
    if (request.method != "POST") return;
    answer.status = 400;
    answer.headers = {{"Content-Type", "application/json"}, {"request-id", "r-1"}};
    answer.body =
        R"({"code": "InvalidPropertyValue", "message": {"value": "bad 'r of the pas...'"}})";
  };
  world.Spec("linux",
             "  targetDedicatedNodes: 0\n"
             "  userAccounts: [{name: worker, password: {secretRef: worker}}]\n");
  world.Run();
  CHECK(world.StatusOf("linux").reason == Reason::kServiceRefused);
  CHECK(world.StatusOf("linux").message ==
        "account 'demo': create pool 'linux': 400 InvalidPropertyValue: what the service said "
        "repeats a secret that was sent, and is not shown (request r-1)");
}

TEST_CASE("an error keeps what it says unless a part of a secret is in it") {
  const auto told = [](std::string_view secret, const std::string& message) {
    std::vector<Secret> sent;
    sent.emplace_back(secret);
    Error error{ErrorKind::kTerminal, message};
    error.code = "Code";
    return cycle::WithoutSecrets(error, sent).message;
  };
  const std::string hidden =
      "what the service said repeats a secret that was sent, and is not shown";
  CHECK(told("12345678", "patch pool 'p': 400 A: 1234567 is short") ==
        "patch pool 'p': 400 A: 1234567 is short");
  CHECK(told("12345678", "patch pool 'p': 400 A: 12345678") == "patch pool 'p': 400 A: " + hidden);
  CHECK(told("0123456789", "patch pool 'p': 400 A: x23456789x") ==
        "patch pool 'p': 400 A: " + hidden);
  CHECK(told("pin", "patch pool 'p': 400 A: no pin") == "patch pool 'p': 400 A: " + hidden);
  CHECK(told("12345678", "400 12345678") == hidden);
  CHECK(told("", "patch pool 'p': 400 A") == "patch pool 'p': 400 A");
}

TEST_CASE("a code or a request id that is a secret is none") {
  std::vector<Secret> sent;
  sent.emplace_back("12345678");
  Error error{ErrorKind::kTerminal, "patch pool 'p': 400 x12345678: no (request 12345678)"};
  error.code = "x12345678";
  error.request_id = "12345678";
  const Error shown = cycle::WithoutSecrets(error, sent);
  CHECK(shown.code.empty());
  CHECK(shown.request_id.empty());
  CHECK(shown.message ==
        "patch pool 'p': what the service said repeats a secret that was sent, and is not shown");
}
