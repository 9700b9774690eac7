#include "tests/emulator/issuer_error.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "tests/emulator/access_token.h"
#include "tests/emulator/json.h"

namespace emulator {

IssuerError InvalidRequest(std::int64_t code, std::string sentence) {
  return {400, "invalid_request", code, std::move(sentence)};
}

IssuerError InvalidClient(std::int64_t code, std::string sentence) {
  return {401, "invalid_client", code, std::move(sentence)};
}

Response IssuerResponse(int status, std::string body, Instant now) {
  Response response;
  response.status = status;
  response.reason = ReasonPhrase(status);
  response.headers = {{"Cache-Control", "no-store, no-cache"},
                      {"Content-Type", "application/json; charset=utf-8"},
                      {"Date", FormatHttpDate(now)},
                      {"Content-Length", std::to_string(body.size())}};
  response.body = std::move(body);
  return response;
}

Response ErrorResponse(const IssuerError& error, const Request& request, Random& random,
                       Instant now) {
  const std::string trace = random.Guid();
  const std::string* const sent = FindHeader(request.headers, "client-request-id");
  const std::string correlation = sent != nullptr ? *sent : random.Guid();
  const std::string time = fmt::format("{:%Y-%m-%d %H:%M:%S}Z",
                                       fmt::gmtime(static_cast<std::time_t>(EpochSeconds(now))));
  Json body{Json::Object{}};
  body.Set("error", Json{error.error});
  body.Set("error_description",
           Json{fmt::format("AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {}",
                            error.code, error.sentence, trace, correlation, time)});
  body.Set("error_codes", Json{Json::List{Json{error.code}}});
  body.Set("timestamp", Json{time});
  body.Set("trace_id", Json{trace});
  body.Set("correlation_id", Json{correlation});
  Response response = IssuerResponse(error.status, JsonText(body), now);
  response.headers.emplace_back("x-ms-request-id", trace);
  return response;
}

}  // namespace emulator
