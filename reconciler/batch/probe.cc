#include "reconciler/batch/probe.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "reconciler/batch/errors.h"
#include "reconciler/batch/paging.h"
#include "reconciler/core/json_list.h"
#include "reconciler/core/time_text.h"

namespace reconciler::batch {
namespace {

using std::chrono::seconds;

HttpRequest BuildRequest(const AccountEndpoint& account, const Credential* credential,
                         Instant wall) {
  HttpRequest request;
  request.method = "GET";
  request.target =
      WithParameter(WithParameter("/pools", "api-version", account.api_version), "maxresults", "1");
  request.headers = {{"Accept", "application/json"}, {"ocp-date", FormatHttpDate(wall)}};
  if (credential != nullptr) {
    std::string authorization = credential->Authorization(request);
    request.headers.emplace_back("Authorization", std::move(authorization));
  }
  return request;
}

bool IsPoolList(const HttpAnswer& answer) {
  const auto pass = [](std::string_view) -> Status { return Ok{}; };
  return Succeeded(answer, false) && SplitJsonList(answer.body, pass).has_value();
}

std::optional<seconds> ClockAhead(const HttpAnswer& answer, Instant before, Instant after) {
  const auto theirs = ParseHttpDate(HeaderOf(answer, "Date"));
  if (!theirs) return std::nullopt;
  return std::chrono::duration_cast<seconds>(before + (after - before) / 2 - *theirs);
}

}  // namespace

Probe ProbeAccount(const AccountEndpoint& account, const Credential* credential,
                   HttpTransport& transport, Clock& clock, std::stop_token stop) {
  Probe probe;
  const Instant before = clock.Wall();
  const Tick begun = clock.Now();
  std::vector<HttpAnswer> answers = transport.SendAll(
      account.endpoint, {BuildRequest(account, credential, before)}, ExchangeLimits{}, stop);
  const Instant after = clock.Wall();
  probe.took = std::chrono::duration_cast<std::chrono::milliseconds>(clock.Now() - begun);
  probe.answer = std::move(answers.front());
  probe.clock_ahead = ClockAhead(probe.answer, before, after);
  if (IsPoolList(probe.answer)) return probe;
  probe.service = ReadServiceError(probe.answer);
  probe.failure =
      ErrorOf(probe.answer, {fmt::format("account '{}': list pools", account.account),
                             false,
                             stop.stop_requested(),
                             after,
                             {},
                             credential == nullptr ? std::string_view() : credential->Advice()});
  return probe;
}

}  // namespace reconciler::batch
