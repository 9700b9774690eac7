#include "tests/emulator/admin.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "tests/emulator/admin_act.h"
#include "tests/emulator/admin_answer.h"
#include "tests/emulator/certificate.h"
#include "tests/emulator/config_file.h"
#include "tests/emulator/fault_plan.h"
#include "tests/emulator/seed_file.h"

namespace emulator {

namespace {

Json ClockFacts(const AdminDoors& doors) {
  return Json(Json::Object{{"now", Json(FormatTime(doors.now()))}});
}

Response AnswerClock(const Request& request, const AdminDoors& doors) {
  if (request.method == "GET") return AdminOk(ClockFacts(doors));
  if (request.method != "POST") return AdminWrongMethod("/_emulator/clock", "GET and POST");
  if (!doors.advance) {
    return AdminRefusal(409, "Conflict", "the clock runs by itself; start with --manual-clock");
  }
  const auto body = ParseJson(request.body);
  const auto by = ParseShortDuration(body ? body->Text("advance") : "");
  if (!by) return AdminBadRequest(R"(expected {"advance": "30s"}, in ms, s or m)");
  doors.advance(*by);
  doors.faulty.Settle();
  if (request.method != "GET" && doors.state_file != nullptr) doors.state_file->MarkChanged();
  return AdminOk(ClockFacts(doors));
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
    if (auto* const error = std::get_if<ConfigError>(&read)) return AdminBadRequest(error->message);
    doors.faulty.Replace(std::get<FaultPlan>(std::move(read)));
  } else if (request.method == "DELETE") {
    doors.faulty.Replace({});
  } else if (request.method != "GET") {
    return AdminWrongMethod("/_emulator/faults", "GET, PUT and DELETE");
  }
  return AdminOk(FaultFacts(doors.faulty));
}

Response Saved(const AdminDoors& doors) {
  if (const auto problem = doors.state_file->Save()) {
    return AdminRefusal(500, "Internal Server Error", *problem);
  }
  return AdminOk(Json(Json::Object{{"saved", Json(doors.state_file->path())}}));
}

Response AnswerSave(const Request& request, const AdminDoors& doors) {
  if (request.method != "POST") return AdminWrongMethod("/_emulator/state/save", "POST");
  if (doors.state_file == nullptr) {
    return AdminRefusal(409, "Conflict", "there is no file to save to; start with --state FILE");
  }
  return Saved(doors);
}

/// What is wrong with a state that was saved, or with a seed.
std::optional<std::string> TakeState(const std::string& text, const AdminDoors& doors) {
  if (!IsSavedState(text)) {
    const auto seed = ReadSeed(text, "body");
    if (const auto* error = std::get_if<ConfigError>(&seed)) return error->message;
    return doors.service.Plant(std::get<Seed>(seed));
  }
  const auto loaded = doors.service.LoadState(text);
  if (const auto* problem = std::get_if<std::string>(&loaded)) return "body: " + *problem;
  if (doors.go_on_from) doors.go_on_from(std::get<Instant>(loaded));
  return std::nullopt;
}

Response AnswerState(const Request& request, const AdminDoors& doors) {
  if (request.method == "GET") return AdminText(doors.service.SaveState());
  if (request.method != "PUT") return AdminWrongMethod("/_emulator/state", "GET and PUT");
  if (auto problem = TakeState(request.body, doors)) return AdminBadRequest(*std::move(problem));
  doors.faulty.Forget();
  return doors.state_file == nullptr ? AdminOk(Json(Json::Object{})) : Saved(doors);
}

Response AnswerPools(const Request& request, const AdminDoors& doors) {
  if (request.method != "GET") return AdminWrongMethod("/_emulator/pools", "GET");
  Json::List accounts;
  for (const std::string& name : doors.accounts) {
    Json::List pools;
    for (const std::string& id : doors.service.PoolIds(name)) {
      pools.push_back(ParseJson(doors.service.PoolJson(name, id)).value_or(Json{}));
    }
    accounts.emplace_back(Json::Object{{"name", Json(name)}, {"pools", Json(std::move(pools))}});
  }
  return AdminOk(Json(Json::Object{{"now", Json(FormatTime(doors.now()))},
                                   {"accounts", Json(std::move(accounts))}}));
}

/// What a service that runs cannot take.
std::optional<std::string> Unchangeable(const AdminDoors& doors, const ServiceConfig& wanted) {
  for (const AccountConfig& account : wanted.accounts) {
    const bool known =
        std::any_of(doors.accounts.begin(), doors.accounts.end(),
                    [&](const auto& name) { return EqualsIgnoringCase(name, account.name); });
    if (known) continue;
    return fmt::format("account '{}' is not there: accounts come with the start; there are {}",
                       account.name, fmt::join(doors.accounts, ", "));
  }
  if (wanted.seed != doors.service.config().seed) return "the seed is that of the start";
  return std::nullopt;
}

/// What the text leaves out stays as it is.
Response AnswerConfig(const Request& request, const AdminDoors& doors) {
  if (request.method != "PUT") return AdminWrongMethod("/_emulator/config", "PUT");
  auto read = ReadConfig(request.body, "body", doors.service.config());
  if (auto* const error = std::get_if<ConfigError>(&read)) return AdminBadRequest(error->message);
  if (auto problem = Unchangeable(doors, std::get<ServiceConfig>(read))) {
    return AdminBadRequest(*std::move(problem));
  }
  doors.service.Reconfigure(std::get<ServiceConfig>(std::move(read)));
  return AdminOk(Json(Json::Object{}));
}

Response AnswerCertificate(const Request& request, const AdminDoors& doors) {
  if (request.method != "PUT") return AdminWrongMethod("/_emulator/certificate", "PUT");
  if (!doors.present_certificate) {
    return AdminRefusal(409, "Conflict", "there is no certificate; start with --tls");
  }
  const auto body = ParseJson(request.body.empty() ? "{}" : request.body);
  const std::string fault = body ? body->Text("fault") : "?";
  const auto& faults = TlsFaults();
  if (!fault.empty() && std::find(faults.begin(), faults.end(), fault) == faults.end()) {
    return AdminBadRequest(
        fmt::format(R"(expected {{"fault": one of {}}}, or none)", fmt::join(faults, ", ")));
  }
  doors.present_certificate(fault);
  return AdminOk(Json(Json::Object{}));
}

Response AnswerRequests(const Request& request, const AdminDoors& doors) {
  if (request.method != "GET") return AdminWrongMethod("/_emulator/requests", "GET");
  const Counters& counters = doors.service.counters();
  const auto number = [](std::uint64_t value) { return Json(static_cast<std::int64_t>(value)); };
  return AdminOk(Json(Json::Object{{"requests", number(counters.requests)},
                                   {"writes", number(counters.writes)},
                                   {"writesApplied", number(counters.writes_applied)}}));
}

bool IsAdminPath(std::string_view path) { return path.starts_with("/_emulator/"); }

}  // namespace

std::string UploadFault(const Request& head, const AdminDoors& doors) {
  const bool strikes = !IsAdminPath(ParseTarget(head.target).path);
  return strikes ? doors.faulty.UploadFault(head) : std::string{};
}

std::optional<Response> AnswerAdmin(const Request& request, const AdminDoors& doors) {
  const std::string path = ParseTarget(request.target).path;
  if (!IsAdminPath(path)) return std::nullopt;
  doors.faulty.Settle();
  if (path == "/_emulator/clock") return AnswerClock(request, doors);
  if (path == "/_emulator/faults") return AnswerFaults(request, doors);
  if (path == "/_emulator/pools") return AnswerPools(request, doors);
  if (path == "/_emulator/state") return AnswerState(request, doors);
  if (path == "/_emulator/act") return AnswerAct(request, doors);
  if (path == "/_emulator/config") return AnswerConfig(request, doors);
  if (path == "/_emulator/state/save") return AnswerSave(request, doors);
  if (path == "/_emulator/certificate") return AnswerCertificate(request, doors);
  if (path == "/_emulator/requests") return AnswerRequests(request, doors);
  return AdminRefusal(
      404, "Not Found",
      "no such call; there are /_emulator/act, certificate, clock, config, faults, pools, requests "
      "and state");
}

}  // namespace emulator
