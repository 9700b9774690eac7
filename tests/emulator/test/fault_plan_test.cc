#include "tests/emulator/fault_plan.h"

#include <doctest/doctest.h>

#include "tests/emulator/operation_name.h"

namespace emulator {
namespace {

FaultPlan PlanOf(const std::string& text) {
  auto read = ReadFaultPlan(text, "f.yaml");
  const auto* error = std::get_if<ConfigError>(&read);
  REQUIRE_MESSAGE(error == nullptr, (error == nullptr ? "" : error->message));
  return std::get<FaultPlan>(std::move(read));
}

std::string ProblemOf(const std::string& text) {
  const auto read = ReadFaultPlan(text, "f.yaml");
  const auto* error = std::get_if<ConfigError>(&read);
  return error == nullptr ? "" : error->message;
}

TEST_CASE("fault plan: a rule says where, how often and what") {
  const FaultPlan plan = PlanOf(
      "seed: 7\n"
      "faults:\n"
      "  - {operation: [createPool, write], pool: 'web-*', percent: 20, calls: 2-5, status: 429,\n"
      "     code: ServerBusy, retryAfter: 9, applied: true}\n"
      "  - {connection: reset}\n"
      "  - {operation: listPools, staleFor: 30s, calls: 3-}\n"
      "  - {clockSkew: -20m}\n"
      "  - {operation: patchPool, foreignResize: 4, calls: 1}\n");
  CHECK(plan.seed == 7);
  REQUIRE(plan.rules.size() == 5);
  const FaultRule& first = plan.rules[0];
  CHECK(first.operations == std::vector<std::string>{"createPool", "write"});
  CHECK(first.pool == "web-*");
  CHECK(first.percent == 20);
  CHECK(first.first_call == 2);
  CHECK(first.last_call == 5);
  CHECK(first.fault.kind == Fault::Kind::kStatus);
  CHECK(first.fault.status == 429);
  CHECK(first.fault.code == "ServerBusy");
  CHECK(first.fault.retry_after == std::vector<std::string>{"9"});
  CHECK(first.fault.applied);
  CHECK(plan.rules[1].fault.kind == Fault::Kind::kConnection);
  CHECK(plan.rules[1].fault.word == "reset");
  CHECK(plan.rules[2].fault.time == std::chrono::seconds(30));
  CHECK(plan.rules[2].first_call == 3);
  CHECK(plan.rules[2].last_call > 1'000'000);
  CHECK(plan.rules[3].fault.time == -std::chrono::minutes(20));
  CHECK(plan.rules[4].fault.number == 4);
  CHECK(plan.rules[4].last_call == 1);
  CHECK(PlanOf("").rules.empty());
}

TEST_CASE("fault plan: what is wrong is said with its place") {
  CHECK(ProblemOf("faults: 3") == "f.yaml:1:9: expected a list, found '3'");
  CHECK(ProblemOf("fault: []") == "f.yaml:1:1: unknown key 'fault'; known: faults, seed");
  CHECK(ProblemOf("faults:\n  - {status: 500, odds: 1}") == "f.yaml:2:19: unknown key 'odds'");
  CHECK(ProblemOf("faults:\n  - {percent: 3}") ==
        "f.yaml:2:5: a rule needs exactly one fault, found 0");
  CHECK(ProblemOf("faults:\n  - {status: 500, connection: reset}") ==
        "f.yaml:2:5: a rule needs exactly one fault, found 2");
  CHECK(ProblemOf("faults:\n  - {status: 99}") == "f.yaml:2:14: expected a status from 100 to 999");
  CHECK(ProblemOf("faults:\n  - {connection: gone}") ==
        "f.yaml:2:18: expected reset, closed, hang, headersOnly");
  CHECK(ProblemOf("faults:\n  - {foreignResize: -1}") ==
        "f.yaml:2:21: expected a number that is not negative");
  CHECK(ProblemOf("faults:\n  - {member: {name: state}}") ==
        "f.yaml:2:14: expected a name and a value, or a name and an act");
  CHECK(ProblemOf("faults:\n  - {bucket: {tokens: 0}}") ==
        "f.yaml:2:14: expected tokens and perSecond above 0");
  CHECK(ProblemOf("faults:\n  - {status: 500, headers: 3}") ==
        "f.yaml:2:28: expected a mapping of names to values");
  CHECK(ProblemOf("faults:\n  - {status: 500, per: pool}") ==
        "f.yaml:2:24: expected call, connection");
  CHECK(ProblemOf("faults:\n  - {status: 500, percent: 101}") ==
        "f.yaml:2:28: expected a number from 0 to 100");
  CHECK(ProblemOf("faults:\n  - {status: 500, calls: 0}") ==
        "f.yaml:2:26: expected calls counted from 1, such as 3, 3-5 or 3-");
  CHECK(ProblemOf("faults:\n  - {status: 500, calls: 5-3}") ==
        "f.yaml:2:26: the last call is before the first");
  CHECK(ProblemOf("faults:\n  - {slowFor: soon}") ==
        "f.yaml:2:15: expected a duration such as 250ms, 2s or 1m, found 'soon'");
  CHECK(ProblemOf("faults:\n  - {status: 500, operation: resize}")
            .starts_with("f.yaml:2:30: unknown operation 'resize': any, read, write, listPools, "));
  CHECK(ProblemOf("faults: [").starts_with("f.yaml:1:"));
}

TEST_CASE("fault plan: all that a rule can be matched with, and say beside its fault") {
  const FaultPlan plan = PlanOf(
      "faults:\n"
      "  - {node: 'tvm*', account: demo, clientRequestId: 'a*', path: '/pools*', phase: resizing,\n"
      "     page: next, per: connection, percent: 0.1, times: 2, from: 1s, for: 2s, healsFor: 3s,\n"
      "     seed: 9, status: 503, values: 0, gateway: true, retryAfter: [5, abc],\n"
      "     retryAfterDate: -5, retryAfterMs: 500, appliedAfter: 4s}\n"
      "  - {headers: {ETag: ~, X: '1'}, reason: Odd, text: '{}'}\n");
  const FaultRule& rule = plan.rules[0];
  CHECK(rule.node == "tvm*");
  CHECK(rule.account == "demo");
  CHECK(rule.client_request_id == "a*");
  CHECK(rule.path == "/pools*");
  CHECK(rule.phase == "resizing");
  CHECK(rule.page == "next");
  CHECK(rule.per_connection);
  CHECK(rule.percent == doctest::Approx(0.1));
  CHECK(rule.times == 2);
  CHECK(rule.from == std::chrono::seconds(1));
  CHECK(rule.length == std::chrono::seconds(2));
  CHECK(rule.heals == std::chrono::seconds(3));
  CHECK(rule.seed == 9);
  CHECK(rule.fault.values == 0);
  CHECK(rule.fault.gateway);
  CHECK(rule.fault.retry_after == std::vector<std::string>{"5", "abc"});
  CHECK(rule.fault.retry_after_date == -5);
  CHECK(rule.fault.retry_after_ms == 500);
  CHECK(rule.fault.applied_after == std::chrono::seconds(4));
  const Fault& kept = plan.rules[1].fault;
  CHECK(kept.kind == Fault::Kind::kKept);
  CHECK(kept.headers.size() == 2);
  CHECK_FALSE(kept.headers[0].second);
  CHECK(kept.reason == "Odd");
  CHECK(kept.text == "{}");
}

TEST_CASE("operation name: method, path and the id in a create tell") {
  const auto of = [](const char* method, const char* target, const char* body = "") {
    return OperationOf({method, target, {}, body});
  };
  const Operation resize = of("POST", "/pools/a%20b/resize?api-version=1");
  CHECK(resize.name == "resizePool");
  CHECK(resize.pool == "a b");
  CHECK(resize.write);
  const Operation create = of("POST", "/pools", R"({"id":"web"})");
  CHECK(create.name == "createPool");
  CHECK(create.pool == "web");
  CHECK(of("POST", "/pools", "[1]").pool.empty());
  CHECK(of("GET", "/pools").name == "listPools");
  CHECK(of("HEAD", "/pools/p").name == "poolExists");
  CHECK_FALSE(of("HEAD", "/pools/p").write);
  CHECK_FALSE(of("POST", "/pools/p/evaluateautoscale").write);
  const Operation login = of("GET", "/pools/p/nodes/n/remoteloginsettings");
  CHECK(login.name == "getRemoteLogin");
  CHECK(login.node == "n");
  CHECK(of("POST", "/tenant/oauth2/token").token);
  CHECK(of("GET", "/pools/").name == "other");
  CHECK(of("GET", "/pools/p/nothing").pool == "p");
  CHECK(of("GET", "/nothing").name == "other");
}

}  // namespace
}  // namespace emulator
