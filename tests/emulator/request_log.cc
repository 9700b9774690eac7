#include "tests/emulator/request_log.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "tests/emulator/authentication.h"
#include "tests/emulator/content_type.h"
#include "tests/emulator/faulty_service.h"
#include "tests/emulator/json.h"
#include "tests/emulator/operation_name.h"

namespace emulator {

namespace {

constexpr std::array<std::string_view, 4> kConditions{"If-Match", "If-None-Match",
                                                      "If-Modified-Since", "If-Unmodified-Since"};
constexpr std::array<std::string_view, 10> kSecretWords{
    "password",     "secret",     "sas",           "token",        "accountkey",
    "containerurl", "privatekey", "protectedsett", "mountoptions", "blobfuseoptions"};

bool IsSecret(const std::string& name) {
  const std::string lower = Lower(name);
  for (const std::string_view word : kSecretWords) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

/// A URL without what its query carries; any other text as it is.
Json WithoutQuery(const std::string& text) {
  const std::size_t mark = text.find('?');
  const bool is_url = text.starts_with("http://") || text.starts_with("https://");
  if (!is_url || mark == std::string::npos) return Json(text);
  return Json(text.substr(0, mark) + "?REDACTED");
}

Json Blanked(const Json& value, bool environment) {
  if (const Json::List* const list = value.AsList()) {
    Json::List items;
    for (const Json& item : *list) items.push_back(Blanked(item, environment));
    return Json(std::move(items));
  }
  if (const std::string* const text = value.AsString()) return WithoutQuery(*text);
  const Json::Object* const object = value.AsObject();
  if (object == nullptr) return value;
  Json::Object members;
  for (const JsonMember& member : *object) {
    const bool secret = IsSecret(member.name) || (environment && member.name == "value");
    members.push_back(
        {member.name, secret && !member.value.IsNull()
                          ? Json(std::string("REDACTED"))
                          : Blanked(member.value, member.name == "environmentSettings")});
  }
  return Json(std::move(members));
}

/// The account that the caller names, by key or by host.
std::string NamedAccount(const Request& request) {
  const std::string* const authorization = FindHeader(request.headers, "Authorization");
  if (authorization != nullptr) {
    if (const auto header = ParseSharedKey(*authorization)) return header->account;
  }
  const std::string* const host = FindHeader(request.headers, "Host");
  return host == nullptr ? "" : host->substr(0, host->find_first_of(".:"));
}

Request RequestOf(const Json& line) {
  Request request{line.Text("method"), line.Text("target"), {{"Host", line.Text("account")}}, ""};
  for (const std::string_view name : kConditions) {
    if (line.Find(name) != nullptr) request.headers.emplace_back(name, line.Text(name));
  }
  if (const Json* const body = line.Find("body")) request.body = JsonText(*body);
  const bool usual = line.Find("Content-Type") == nullptr;
  const std::string type = usual ? kBodyType : line.Text("Content-Type");
  if (!request.body.empty() && !type.empty()) request.headers.emplace_back("Content-Type", type);
  return request;
}

}  // namespace

std::string LogLine(const Request& request, const Response& answer, Instant now,
                    std::optional<std::size_t> fault) {
  Json line(Json::Object{{"time", Json(FormatTime(now))},
                         {"method", Json(request.method)},
                         {"target", Json(request.target)},
                         {"account", Json(NamedAccount(request))},
                         {"operation", Json(std::string(OperationOf(request).name))},
                         {"status", Json(std::int64_t{answer.status})}});
  if (fault) line.Set("fault", Json(static_cast<std::int64_t>(*fault)));
  for (const std::string_view name : kConditions) {
    const std::string* const value = FindHeader(request.headers, name);
    if (value != nullptr) line.Set(name, Json(*value));
  }
  const std::string* const type = FindHeader(request.headers, "Content-Type");
  if (!request.body.empty() && (type == nullptr || *type != kBodyType)) {
    line.Set("Content-Type", Json(type == nullptr ? std::string{} : *type));
  }
  const auto body = ParseJson(request.body);
  if (body && body->AsObject() != nullptr) {
    line.Set("body", Blanked(*body, false));
  } else if (!request.body.empty()) {
    line.Set("body", Json(std::string("left out")));
  }
  return JsonText(line) + '\n';
}

std::variant<std::vector<LoggedCall>, ConfigError> ReadLog(const std::string& text,
                                                           const std::string& file_name) {
  std::vector<LoggedCall> calls;
  std::size_t number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    const auto read = ParseJson(line);
    const auto at = read ? ParseTime(read->Text("time")) : std::nullopt;
    const Json* const status = read ? read->Find("status") : nullptr;
    if (!at || status == nullptr || status->AsInteger() == nullptr) {
      return ConfigError{fmt::format("{}:{}: no line of a request log", file_name, number)};
    }
    LoggedCall call{*at, RequestOf(*read), static_cast<int>(*status->AsInteger()), true};
    const bool refused = call.status == 401 || call.status == 403;
    call.replayed = (!refused || read->Find("fault") != nullptr) &&
                    call.request.target.find("/oauth2/") == std::string::npos;
    calls.push_back(std::move(call));
  }
  return calls;
}

std::vector<std::string> Replay(const std::vector<LoggedCall>& calls, ServiceConfig config,
                                FaultPlan plan) {
  Instant now = calls.empty() ? Instant{} : calls.front().at;
  const auto clock = [&now] { return now; };
  config.verify_signatures = false;
  Service service(std::move(config), clock);
  FaultyService faulty(service, std::move(plan), clock, clock);
  std::vector<std::string> differences;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const LoggedCall& call = calls[i];
    if (!call.replayed) continue;
    now = call.at;
    const int status = faulty.Handle(call.request).status;
    if (status == call.status) continue;
    differences.push_back(fmt::format("request {}: {} {}: {} in the log, now {}", i + 1,
                                      call.request.method, call.request.target, call.status,
                                      status));
  }
  return differences;
}

}  // namespace emulator
