#include "tests/doors/sim_transport.h"

namespace doors {
namespace {

using reconciler::Delivery;
using reconciler::HttpAnswer;
using reconciler::HttpRequest;

bool IsMutation(const HttpRequest& request) {
  return request.method != "GET" && request.method != "HEAD";
}

HttpAnswer NoAnswer(Delivery delivery, std::string detail) {
  HttpAnswer answer;
  answer.delivery = delivery;
  answer.detail = std::move(detail);
  return answer;
}

HttpAnswer ErrorAnswer(int status, const std::string& code,
                       std::vector<std::pair<std::string, std::string>> headers = {}) {
  HttpAnswer answer;
  answer.delivery = Delivery::kAnswered;
  answer.status = status;
  answer.headers = std::move(headers);
  answer.headers.emplace_back("Content-Type", "application/json;odata=minimalmetadata");
  answer.body = R"({"odata.metadata":"x","code":")" + code +
                R"(","message":{"lang":"en-US","value":"an injected fault"}})";
  return answer;
}

}  // namespace

HttpAnswer SimTransport::Deliver(const reconciler::Endpoint& endpoint, const HttpRequest& request) {
  emulator::Request incoming;
  incoming.method = request.method;
  incoming.target = request.target;
  incoming.headers = request.headers;
  incoming.headers.emplace_back("Host", endpoint.host);
  if (IsMutation(request)) {
    incoming.headers.emplace_back("Content-Length", std::to_string(request.body.size()));
    ++writes;
  }
  incoming.body = request.body;
  const emulator::Response response = serve ? serve(incoming) : service_.Handle(incoming);
  ++exchanges;
  if (keep_log) {
    Entry entry{request.method, request.target, request.body, response.status, ""};
    for (const auto& [name, value] : request.headers) {
      if (name == "If-Match") entry.if_match = value;
    }
    log.push_back(std::move(entry));
  }
  if (response.wire != emulator::Wire::kWhole) return Broken(response);
  HttpAnswer answer;
  answer.delivery = Delivery::kAnswered;
  answer.status = response.status;
  answer.headers = response.headers;
  answer.body = response.body;
  return answer;
}

/// What a client makes of an answer that does not come whole.
HttpAnswer SimTransport::Broken(const emulator::Response& response) {
  switch (response.wire) {
    case emulator::Wire::kRefuse:
    case emulator::Wire::kResetNew:
      return NoAnswer(Delivery::kNotSent, "connection refused");
    case emulator::Wire::kHang:
    case emulator::Wire::kHeadersOnly:
    case emulator::Wire::kSlow:
    case emulator::Wire::kTrickle:
      clock_.Advance(std::chrono::seconds{40});
      return NoAnswer(Delivery::kUnknown, "no answer within the time");
    default:
      return NoAnswer(Delivery::kUnknown, "connection reset");
  }
}

HttpAnswer SimTransport::Exchange(const reconciler::Endpoint& endpoint,
                                  const HttpRequest& request) {
  const Fault fault = draw_fault ? draw_fault(request) : Fault::kNone;
  switch (fault) {
    case Fault::kNone:
      break;
    case Fault::kRefused:
      return NoAnswer(Delivery::kNotSent, "connection refused");
    case Fault::kResetBefore:
      return NoAnswer(Delivery::kUnknown, "connection reset");
    case Fault::kResetAfter:
      (void)Deliver(endpoint, request);
      return NoAnswer(Delivery::kUnknown, "connection reset");
    case Fault::kHang:
      hang_applies_ = !hang_applies_;
      if (hang_applies_) (void)Deliver(endpoint, request);
      clock_.Advance(std::chrono::seconds{40});
      return NoAnswer(Delivery::kUnknown, "no answer within the time");
    case Fault::kThrottled:
      return ErrorAnswer(429, "TooManyRequests", {{"Retry-After", "7"}});
    case Fault::kServerBusy:
      return ErrorAnswer(503, "ServerBusy", {{"Retry-After", "3"}});
    case Fault::kError500:
      return ErrorAnswer(500, "InternalError");
    case Fault::kApplied500:
      (void)Deliver(endpoint, request);
      return ErrorAnswer(500, "OperationTimedOut");
    case Fault::kGateway: {
      (void)Deliver(endpoint, request);
      HttpAnswer answer;
      answer.delivery = Delivery::kAnswered;
      answer.status = 502;
      answer.headers = {{"Content-Type", "text/html"}};
      answer.body = "<html><body>bad gateway</body></html>";
      return answer;
    }
    case Fault::kTruncated: {
      HttpAnswer answer = Deliver(endpoint, request);
      answer.body.resize(answer.body.size() / 2);
      return answer;
    }
    case Fault::kStaleEtag:
      if (foreign_edit) foreign_edit(request);
      break;
  }
  return Deliver(endpoint, request);
}

std::vector<HttpAnswer> SimTransport::SendAll(const reconciler::Endpoint& endpoint,
                                              std::vector<HttpRequest> requests,
                                              const reconciler::ExchangeLimits& limits,
                                              std::stop_token stop) {
  std::vector<HttpAnswer> answers;
  for (const HttpRequest& request : requests) {
    const bool late = limits.deadline != reconciler::Tick{} && clock_.Now() >= limits.deadline;
    if (stop.stop_requested() || late) {
      answers.push_back(NoAnswer(Delivery::kNotSent, "withdrawn"));
      continue;
    }
    if (kill && kill(request, false)) throw KeeperKilled{};
    clock_.Advance(exchange_time);
    answers.push_back(Exchange(endpoint, request));
    if (kill && kill(request, true)) throw KeeperKilled{};
  }
  return answers;
}

}  // namespace doors
