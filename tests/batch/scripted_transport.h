// A transport in memory: each request is answered by a function, in the order of the requests.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/core/ports.h"

namespace reconciler::batch {

class ScriptedTransport final : public HttpTransport {
 public:
  using Script = std::function<HttpAnswer(const HttpRequest&)>;
  explicit ScriptedTransport(Script script) : script_(std::move(script)) {}

  std::vector<HttpAnswer> SendAll(const Endpoint& endpoint, std::vector<HttpRequest> requests,
                                  const ExchangeLimits& limits, std::stop_token) override {
    in_flight_max = limits.in_flight_max;
    std::vector<HttpAnswer> answers;
    for (HttpRequest& request : requests) {
      hosts.push_back(endpoint.host);
      answers.push_back(script_(request));
      sent.push_back(std::move(request));
    }
    return answers;
  }

  std::vector<HttpRequest> sent;
  std::vector<std::string> hosts;
  int in_flight_max = 0;

 private:
  Script script_;
};

inline HttpAnswer Json(int status, std::string body,
                       std::vector<std::pair<std::string, std::string>> headers = {}) {
  headers.emplace_back("Content-Type", "application/json;odata=minimalmetadata");
  return HttpAnswer{Delivery::kAnswered, status, std::move(body), "", std::move(headers)};
}

inline HttpAnswer ServiceSays(int status, const std::string& code,
                              std::vector<std::pair<std::string, std::string>> headers = {}) {
  return Json(status,
              R"({"code":")" + code + R"(","message":{"lang":"en-US","value":"It is so.\n)" +
                  R"(RequestId:1234\nTime:2025-07-01T12:00:00.0000000Z"}})",
              std::move(headers));
}

}  // namespace reconciler::batch
