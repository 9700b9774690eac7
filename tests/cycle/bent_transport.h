// A transport between the keeper and the simulated one that bends what is asked and answered.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/core/ports.h"

namespace keeper {

class BentTransport final : public reconciler::HttpTransport {
 public:
  explicit BentTransport(reconciler::HttpTransport& inner) : inner_(inner) {}

  std::vector<reconciler::HttpAnswer> SendAll(const reconciler::Endpoint& endpoint,
                                              std::vector<reconciler::HttpRequest> requests,
                                              const reconciler::ExchangeLimits& limits,
                                              std::stop_token stop) override {
    if (on_request) {
      for (reconciler::HttpRequest& request : requests) on_request(request);
    }
    auto answers = inner_.SendAll(endpoint, requests, limits, std::move(stop));
    if (on_answer) {
      for (std::size_t i = 0; i < answers.size(); ++i) on_answer(requests[i], answers[i]);
    }
    return answers;
  }

  std::function<void(reconciler::HttpRequest&)> on_request;
  std::function<void(const reconciler::HttpRequest&, reconciler::HttpAnswer&)> on_answer;

 private:
  reconciler::HttpTransport& inner_;
};

}  // namespace keeper
