#include "tests/emulator/request_log.h"

#include <doctest/doctest.h>

#include "tests/emulator/faulty_service.h"
#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

const Instant kNoon = *ParseTime("2025-07-01T12:00:00Z");

TEST_CASE("log: a line has what was asked and answered, and nothing secret") {
  Request request{
      "POST",
      "/pools/p/nodes/n/users?api-version=2025-06-01",
      {{"Authorization", "SharedKey demo:c2lnbmF0dXJl"},
       {"If-Match", "0x1"},
       {"Content-Type", kBodyType}},
      R"({"name":"u","password":"hunter2","environmentSettings":[{"name":"A","value":"b"}]})"};
  CHECK(LogLine(request, Response{201, "", {}, ""}, kNoon, 2) ==
        R"({"time":"2025-07-01T12:00:00Z","method":"POST",)"
        R"("target":"/pools/p/nodes/n/users?api-version=2025-06-01","account":"demo",)"
        R"("operation":"addNodeUser","status":201,"fault":2,"If-Match":"0x1",)"
        R"("body":{"name":"u","password":"REDACTED",)"
        R"("environmentSettings":[{"name":"A","value":"REDACTED"}]}})"
        "\n");
  request.body =
      R"({"sshPrivateKey":"hunter2","protectedSettings":{"a":"hunter2"},"mountOptions":"-o hunter2",)"
      R"("httpUrl":"https://a.example/f?sig=hunter2"})";
  const std::string line = LogLine(request, Response{}, kNoon, {});
  CHECK(line.find("hunter2") == std::string::npos);
  CHECK(line.find(R"("httpUrl":"https://a.example/f?REDACTED")") != std::string::npos);
  request.body = "client_secret=hunter2";
  CHECK(LogLine(request, Response{}, kNoon, {}).find("hunter2") == std::string::npos);
}

/// The log of a day on a service with these faults.
std::string Day(const std::string& plan) {
  World world;
  FaultyService faulty(
      world.service, std::get<FaultPlan>(ReadFaultPlan(plan, "f")), [&] { return world.now; },
      [&] { return world.now; });
  std::string log;
  std::string etag;
  const auto call = [&](const std::string& method, const std::string& target,
                        const std::string& body = "", Headers headers = {},
                        const std::string& type = kBodyType) {
    headers.emplace_back("Host", "demo.batch.local");
    if (!type.empty()) headers.emplace_back("Content-Type", type);
    const Request request{method, target + "?api-version=2025-06-01", std::move(headers), body};
    const Response answer = faulty.Handle(request);
    log += LogLine(request, answer, world.now, std::nullopt);
    world.Pass(std::chrono::milliseconds{700});
    return answer;
  };
  etag = HeaderOf(call("POST", "/pools", LinuxPool("p")), "ETag");
  call("PATCH", "/pools/p", R"({"metadata":[]})", {{"If-Match", etag}});
  call("PATCH", "/pools/p", R"({"metadata":[]})", {{"If-Match", etag}});
  call("PATCH", "/pools/p", R"({"metadata":[]})", {}, "text/plain");
  call("PATCH", "/pools/p", R"({"metadata":[]})", {}, "");
  call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":1})");
  for (int i = 0; i < 4; ++i) call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":2})");
  call("DELETE", "/pools/p");
  call("GET", "/pools/p");
  return log;
}

TEST_CASE("log: a replay gets the answers of the log") {
  const std::string plan = "faults: [{operation: resizePool, percent: 50, status: 503}]";
  const auto calls = ReadLog(Day(plan), "log");
  REQUIRE(std::holds_alternative<std::vector<LoggedCall>>(calls));
  const auto& list = std::get<std::vector<LoggedCall>>(calls);
  CHECK(list.size() == 12);
  CHECK(list[1].status == 200);
  CHECK(list[2].status == 412);
  CHECK(Replay(list, TestConfig(), std::get<FaultPlan>(ReadFaultPlan(plan, "f"))).empty());
  const auto differences = Replay(list, TestConfig(), {.seed = 1, .rules = {FaultRule{}}});
  REQUIRE(differences.size() == 12);
  CHECK(differences[0] == "request 1: POST /pools?api-version=2025-06-01: 201 in the log, now 500");
}

TEST_CASE("log: callers who were refused and tokens are not replayed") {
  const auto calls = ReadLog(
      R"({"time":"2025-07-01T12:00:00Z","method":"GET","target":"/pools","status":401})"
      "\n"
      R"({"time":"2025-07-01T12:00:00Z","method":"POST","target":"/t/oauth2/v2.0/token","status":200})",
      "log");
  CHECK(Replay(std::get<std::vector<LoggedCall>>(calls), TestConfig(), {}).empty());
}

TEST_CASE("log: what is no log is named with its line") {
  const auto read = ReadLog("\nnonsense\n", "requests.log");
  CHECK(std::get<ConfigError>(read).message == "requests.log:2: no line of a request log");
}

}  // namespace
}  // namespace emulator
