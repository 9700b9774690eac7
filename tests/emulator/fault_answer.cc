#include "tests/emulator/fault_answer.h"

#include <fmt/format.h>

#include <utility>

#include "tests/emulator/api_error.h"
#include "tests/emulator/json.h"
#include "tests/emulator/service_headers.h"

namespace emulator {

namespace {

std::string_view UsualCode(int status) {
  switch (status) {
    case 400:
      return "InvalidRequestBody";
    case 401:
    case 403:
      return "AuthenticationFailed";
    case 404:
      return "PoolNotFound";
    case 405:
      return "UnsupportedHttpVerb";
    case 408:
      return "OperationTimedOut";
    case 409:
      return "PoolBeingResized";
    case 411:
      return "MissingContentLengthHeader";
    case 412:
      return "ConditionNotMet";
    case 413:
      return "RequestBodyTooLarge";
    case 416:
      return "InvalidRange";
    case 429:
      return "TooManyRequests";
    case 503:
      return "ServerBusy";
    default:
      return "InternalError";
  }
}

std::string_view IssuerCode(int status) {
  if (status == 401) return "invalid_client";
  if (status == 429 || status >= 500) return "temporarily_unavailable";
  return "invalid_request";
}

std::string IssuerBody(const std::string& code, int status) {
  Json body{Json::Object{}};
  body.Set("error", Json(code.empty() ? std::string(IssuerCode(status)) : code));
  body.Set("error_description", Json(fmt::format("A fault answers {}.", status)));
  return JsonText(body);
}

std::string GatewayPage(int status) {
  const std::string title = fmt::format("{} {}", status, ReasonPhrase(status));
  return fmt::format(
      "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>",
      title);
}

ApiError ErrorOf(const Fault& fault) {
  ApiError error{fault.code.empty() ? std::string(UsualCode(fault.status)) : fault.code, {}};
  for (int i = 0; i < fault.values.value_or(0); ++i) {
    error.details.push_back({fmt::format("Detail{}", i), fmt::format("value {}", i)});
  }
  return error;
}

}  // namespace

void RemoveHeader(Headers& headers, std::string_view name) {
  std::erase_if(headers,
                [&](const auto& header) { return EqualsIgnoringCase(header.first, name); });
}

void SetHeader(Headers& headers, const std::string& name, std::string value) {
  RemoveHeader(headers, name);
  headers.emplace_back(name, std::move(value));
}

void SetBody(Response& response, std::string body) {
  response.body = std::move(body);
  if (FindHeader(response.headers, "Content-Length") != nullptr) {
    SetHeader(response.headers, "Content-Length", std::to_string(response.body.size()));
  }
}

Response ErrorAnswer(const Fault& fault, const FaultFacts& facts) {
  const bool error = fault.status >= 400;
  const ApiError what = ErrorOf(fault);
  const std::string id = facts.ids.Guid();
  Response response;
  response.status = fault.status;
  response.reason = error && !fault.gateway ? SentenceOf(what.code) : ReasonPhrase(fault.status);
  const char* type = "application/json;odata=minimalmetadata";
  if (fault.gateway) {
    response.body = GatewayPage(fault.status);
    type = "text/html";
  } else if (facts.operation.token) {
    response.body = IssuerBody(fault.code, fault.status);
    type = "application/json; charset=utf-8";
  } else if (error) {
    response.body = ErrorBody(what, facts.endpoint, id, FormatTime(facts.now));
  }
  if (facts.request.method == "HEAD") response.body.clear();
  response.headers = {{"Server", fault.gateway ? "gateway" : "Microsoft-HTTPAPI/2.0"},
                      {"Date", FormatHttpDate(facts.wall)},
                      {"request-id", id},
                      {"Content-Type", type},
                      {"Content-Length", std::to_string(response.body.size())}};
  if (!fault.gateway && !facts.operation.token) AddServiceHeaders(response.headers);
  return response;
}

Response TokenAnswer(const Fault& fault, const FaultFacts& facts) {
  std::string_view sentence = "The access token expired";
  if (fault.word == "revoked") sentence = "The access token was revoked";
  if (fault.word == "otherAudience") sentence = "The audience is invalid";
  Fault refusal;
  refusal.status = 401;
  Response response = ErrorAnswer(refusal, facts);
  response.headers.emplace_back(
      "WWW-Authenticate",
      fmt::format(R"(Bearer error="invalid_token", error_description="{}")", sentence));
  return response;
}

void Decorate(const Fault& fault, Instant wall, Response& answer) {
  for (const std::string& text : fault.retry_after) {
    answer.headers.emplace_back("Retry-After", text);
  }
  if (fault.retry_after_date) {
    const Instant at = wall + std::chrono::seconds(*fault.retry_after_date);
    answer.headers.emplace_back("Retry-After", FormatHttpDate(at));
  }
  if (fault.retry_after_ms) {
    const std::string text = std::to_string(*fault.retry_after_ms);
    answer.headers.emplace_back("retry-after-ms", text);
    answer.headers.emplace_back("x-ms-retry-after-ms", text);
  }
  if (fault.reason) answer.reason = *fault.reason;
  if (fault.text) SetBody(answer, *fault.text);
  for (const auto& [name, value] : fault.headers) {
    if (value) {
      SetHeader(answer.headers, name, *value);
    } else {
      RemoveHeader(answer.headers, name);
    }
  }
}

}  // namespace emulator
