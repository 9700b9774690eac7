#include "tests/emulator/admin.h"

#include <fmt/format.h>

#include <utility>

#include "tests/emulator/config_file.h"
#include "tests/emulator/fault_plan.h"

namespace emulator {

namespace {

Response JsonAnswer(int status, std::string_view reason, const Json& body) {
  Response response{status, std::string(reason), {{"Content-Type", "application/json"}}, {}};
  response.body = JsonText(body) + '\n';
  response.headers.emplace_back("Content-Length", std::to_string(response.body.size()));
  return response;
}
Response Ok(Json body) { return JsonAnswer(200, "OK", body); }
Response Refusal(int status, std::string_view reason, std::string message) {
  return JsonAnswer(status, reason, Json(Json::Object{{"error", Json(std::move(message))}}));
}
Response BadRequest(std::string message) { return Refusal(400, "Bad Request", std::move(message)); }
Response WrongMethod(std::string_view path, std::string_view methods) {
  return Refusal(405, "Method Not Allowed", fmt::format("{} takes {}", path, methods));
}

Json ClockFacts(const AdminDoors& doors) {
  return Json(Json::Object{{"now", Json(FormatTime(doors.now()))}});
}

Response AnswerClock(const Request& request, const AdminDoors& doors) {
  if (request.method == "GET") return Ok(ClockFacts(doors));
  if (request.method != "POST") return WrongMethod("/_emulator/clock", "GET and POST");
  if (!doors.advance) {
    return Refusal(409, "Conflict", "the clock runs by itself; start with --manual-clock");
  }
  const auto body = ParseJson(request.body);
  const auto by = ParseShortDuration(body ? body->Text("advance") : "");
  if (!by) return BadRequest(R"(expected {"advance": "30s"}, in ms, s or m)");
  doors.advance(*by);
  return Ok(ClockFacts(doors));
}

Json FaultFacts(const FaultyService& faulty) {
  Json::List strikes;
  for (const std::uint64_t count : faulty.strikes()) {
    strikes.emplace_back(static_cast<std::int64_t>(count));
  }
  return Json(Json::Object{{"strikes", Json(std::move(strikes))}});
}

Response AnswerFaults(const Request& request, const AdminDoors& doors) {
  if (request.method == "PUT") {
    auto read = ReadFaultPlan(request.body, "body");
    if (auto* const error = std::get_if<ConfigError>(&read)) return BadRequest(error->message);
    doors.faulty.Replace(std::get<FaultPlan>(std::move(read)));
  } else if (request.method == "DELETE") {
    doors.faulty.Replace({});
  } else if (request.method != "GET") {
    return WrongMethod("/_emulator/faults", "GET, PUT and DELETE");
  }
  return Ok(FaultFacts(doors.faulty));
}

Response AnswerState(const Request& request, const AdminDoors& doors) {
  if (request.method != "GET") return WrongMethod("/_emulator/state", "GET");
  Json::List accounts;
  for (const std::string& name : doors.accounts) {
    Json::List pools;
    for (const std::string& id : doors.service.PoolIds(name)) {
      pools.push_back(ParseJson(doors.service.PoolJson(name, id)).value_or(Json{}));
    }
    accounts.emplace_back(Json::Object{{"name", Json(name)}, {"pools", Json(std::move(pools))}});
  }
  return Ok(Json(Json::Object{{"now", Json(FormatTime(doors.now()))},
                              {"accounts", Json(std::move(accounts))}}));
}

Response AnswerRequests(const Request& request, const AdminDoors& doors) {
  if (request.method != "GET") return WrongMethod("/_emulator/requests", "GET");
  const Counters& counters = doors.service.counters();
  const auto number = [](std::uint64_t value) { return Json(static_cast<std::int64_t>(value)); };
  return Ok(Json(Json::Object{{"requests", number(counters.requests)},
                              {"writes", number(counters.writes)},
                              {"writesApplied", number(counters.writes_applied)}}));
}

}  // namespace

std::optional<Response> AnswerAdmin(const Request& request, const AdminDoors& doors) {
  const std::string path = ParseTarget(request.target).path;
  if (path.rfind("/_emulator/", 0) != 0) return std::nullopt;
  if (path == "/_emulator/clock") return AnswerClock(request, doors);
  if (path == "/_emulator/faults") return AnswerFaults(request, doors);
  if (path == "/_emulator/state") return AnswerState(request, doors);
  if (path == "/_emulator/requests") return AnswerRequests(request, doors);
  return Refusal(404, "Not Found",
                 "no such call; there are /_emulator/clock, faults, requests and state");
}

}  // namespace emulator
