#include "tests/emulator/faulty_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tests/emulator/api_error.h"
#include "tests/emulator/json.h"

namespace emulator {

namespace {

constexpr std::size_t kPastMax = 64;  // answers kept of one target
constexpr std::chrono::minutes kClockRefused{15};

/// '*' any letters, '?' one.
bool MatchesGlob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      if (MatchesGlob(pattern.substr(1), text.substr(skip))) return true;
    }
    return false;
  }
  return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
         MatchesGlob(pattern.substr(1), text.substr(1));
}

bool Matches(const FaultRule& rule, const Operation& operation) {
  const auto fits = [&](const std::string& name) {
    return name == "any" || name == operation.name || (name == "read" && !operation.write) ||
           (name == "write" && operation.write);
  };
  if (!rule.operations.empty() &&
      std::none_of(rule.operations.begin(), rule.operations.end(), fits)) {
    return false;
  }
  return rule.pool.empty() || MatchesGlob(Lower(rule.pool), Lower(operation.pool));
}

std::string_view UsualCode(int status) {
  switch (status) {
    case 400:
      return "InvalidRequestBody";
    case 401:
    case 403:
      return "AuthenticationFailed";
    case 404:
      return "PoolNotFound";
    case 408:
      return "OperationTimedOut";
    case 409:
      return "PoolBeingResized";
    case 412:
      return "ConditionNotMet";
    case 429:
      return "TooManyRequests";
    case 503:
      return "ServerBusy";
    default:
      return "InternalError";
  }
}

void SetHeader(Headers& headers, const std::string& name, std::string value) {
  std::erase_if(headers,
                [&](const auto& header) { return EqualsIgnoringCase(header.first, name); });
  headers.emplace_back(name, std::move(value));
}

/// A body of another length than before.
void SetBody(Response& response, std::string body) {
  response.body = std::move(body);
  if (FindHeader(response.headers, "Content-Length") != nullptr) {
    SetHeader(response.headers, "Content-Length", std::to_string(response.body.size()));
  }
}

void ChangeList(Response& response, const std::function<void(Json::List&)>& change) {
  auto body = ParseJson(response.body);
  const Json* const value = body ? body->Find("value") : nullptr;
  if (value == nullptr || value->AsList() == nullptr) return;
  Json::List items = *value->AsList();
  change(items);
  body->Set("value", Json(std::move(items)));
  SetBody(response, JsonText(*body));
}

}  // namespace

FaultyService::FaultyService(Service& service, FaultPlan plan, Clock now, Clock wall)
    : service_(service), now_(std::move(now)), wall_(std::move(wall)), random_(0) {
  Replace(std::move(plan));
}

void FaultyService::Replace(FaultPlan plan) {
  plan_ = std::move(plan);
  random_ = Random(plan_.seed);
  calls_.assign(plan_.rules.size(), 0);
  strikes_.assign(plan_.rules.size(), 0);
}

/// All rules count and draw, whichever strikes, so that one more rule moves no other.
const Fault* FaultyService::Draw(const Operation& operation) {
  const Fault* struck = nullptr;
  for (std::size_t i = 0; i < plan_.rules.size(); ++i) {
    const FaultRule& rule = plan_.rules[i];
    if (!Matches(rule, operation)) continue;
    const std::uint64_t call = ++calls_[i];
    const bool drawn = random_.Below(100) < static_cast<std::uint64_t>(rule.percent);
    if (struck != nullptr || !drawn || call < rule.first_call || call > rule.last_call) continue;
    ++strikes_[i];
    struck = &rule.fault;
  }
  return struck;
}

Response FaultyService::Handle(const Request& request) {
  if (plan_.rules.empty() && hidden_.empty()) return service_.Handle(request);
  const Operation operation = OperationOf(request.method, request.target);
  const Fault* const fault = Draw(operation);
  return fault == nullptr ? Ask(operation, request) : Strike(*fault, operation, request);
}

Response FaultyService::Ask(const Operation& operation, const Request& request) {
  Response answer = service_.Handle(request);
  DropHidden(operation, answer);
  Remember(request, answer);
  return answer;
}

void FaultyService::Remember(const Request& request, const Response& answer) {
  if (request.method != "GET" || answer.status != 200) return;
  std::vector<Past>& past = past_[request.target];
  past.push_back({now_(), answer});
  if (past.size() > kPastMax) past.erase(past.begin());
}

/// Where nothing is as old, the oldest.
Response FaultyService::StaleAnswer(const Fault& fault, const Operation& operation,
                                    const Request& request) {
  Response fresh = Ask(operation, request);
  const auto past = past_.find(request.target);
  if (past == past_.end()) return fresh;
  const Past* chosen = &past->second.front();
  for (const Past& answer : past->second) {
    if (answer.at <= now_() - fault.time) chosen = &answer;
  }
  return chosen->answer;
}

void FaultyService::DropHidden(const Operation& operation, Response& answer) {
  std::erase_if(hidden_, [&](const auto& pool) { return pool.second <= now_(); });
  if (hidden_.empty() || answer.status != 200) return;
  const auto is_hidden = [&](const std::string& id) { return hidden_.contains(Lower(id)); };
  if ((operation.name == "getPool" || operation.name == "poolExists") &&
      is_hidden(operation.pool)) {
    Fault absent;
    absent.status = 404;
    answer = ErrorAnswer(absent, {});
  } else if (operation.name == "listPools" || operation.name == "listNodeCounts") {
    const char* const name = operation.name == "listPools" ? "id" : "poolId";
    ChangeList(answer, [&](Json::List& items) {
      std::erase_if(items, [&](const Json& item) { return is_hidden(item.Text(name)); });
    });
  }
}

Response FaultyService::ErrorAnswer(const Fault& fault, const Request& request) {
  const std::string code = fault.code.empty() ? std::string(UsualCode(fault.status)) : fault.code;
  const std::string id = random_.Guid();
  Response response;
  response.status = fault.status;
  response.reason = SentenceOf(code);
  if (request.method != "HEAD") {
    response.body = ErrorBody({code, {}}, "http://fault.local", id, FormatTime(now_()));
  }
  response.headers = {{"Server", "Microsoft-HTTPAPI/2.0"},
                      {"Date", FormatHttpDate(wall_())},
                      {"request-id", id},
                      {"Content-Type", "application/json;odata=minimalmetadata"},
                      {"Content-Length", std::to_string(response.body.size())}};
  if (fault.retry_after) {
    response.headers.emplace_back(
        "Retry-After", fault.retry_after_as_date
                           ? FormatHttpDate(wall_() + std::chrono::seconds(*fault.retry_after))
                           : std::to_string(*fault.retry_after));
  }
  return response;
}

Response FaultyService::Strike(const Fault& fault, const Operation& operation,
                               const Request& request) {
  using Kind = Fault::Kind;
  switch (fault.kind) {
    case Kind::kStatus:
      if (fault.applied) Ask(operation, request);
      return ErrorAnswer(fault, request);
    case Kind::kReset:
    case Kind::kHang:
    case Kind::kRefuse: {
      if (fault.applied) Ask(operation, request);
      Response response;
      response.wire = fault.kind == Kind::kReset  ? Wire::kReset
                      : fault.kind == Kind::kHang ? Wire::kHang
                                                  : Wire::kRefuse;
      response.wire_time = fault.time;
      return response;
    }
    case Kind::kTruncate:
    case Kind::kSlow: {
      Response response = Ask(operation, request);
      response.wire = fault.kind == Kind::kSlow ? Wire::kSlow : Wire::kTruncate;
      response.wire_time = fault.time;
      return response;
    }
    case Kind::kHtml: {
      Response response;
      response.status = 200;
      response.reason = "OK";
      response.body = "<html><body>Please sign in to the network.</body></html>";
      response.headers = {{"Content-Type", "text/html"},
                          {"Content-Length", std::to_string(response.body.size())}};
      return response;
    }
    case Kind::kInvalidJson: {
      Response response = Ask(operation, request);
      if (!response.body.empty()) {
        SetBody(response, response.body.substr(0, response.body.size() - 1));
      }
      return response;
    }
    case Kind::kStale:
      return StaleAnswer(fault, operation, request);
    case Kind::kMissItem:
    case Kind::kRepeatItem: {
      Response response = Ask(operation, request);
      ChangeList(response, [&](Json::List& items) {
        if (items.empty()) return;
        if (fault.kind == Kind::kMissItem) {
          items.pop_back();
        } else {
          items.push_back(Json(items.front()));
        }
      });
      return response;
    }
    case Kind::kHide: {
      Response response = Ask(operation, request);
      const auto body = ParseJson(request.body);
      if (response.status == 201 && body) hidden_[Lower(body->Text("id"))] = now_() + fault.time;
      return response;
    }
    case Kind::kClockSkew: {
      const Instant theirs = wall_() + std::chrono::duration_cast<Duration>(fault.time);
      Fault refused;
      refused.status = 403;
      Response response = std::chrono::abs(fault.time) > kClockRefused
                              ? ErrorAnswer(refused, request)
                              : Ask(operation, request);
      SetHeader(response.headers, "Date", FormatHttpDate(theirs));
      return response;
    }
    case Kind::kChangeETag:
      service_.TouchPool(service_.AccountOf(request), operation.pool);
      return Ask(operation, request);
    case Kind::kForeignResize:
      service_.ResizePool(service_.AccountOf(request), operation.pool, fault.nodes);
      return Ask(operation, request);
  }
  return Ask(operation, request);
}

}  // namespace emulator
