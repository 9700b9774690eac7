// One request and its answer: a libcurl easy handle with its guards.
#pragma once

#include <curl/curl.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "reconciler/batch/curl_transport.h"
#include "reconciler/batch/curl_transport_call.h"
#include "reconciler/batch/curl_transport_failure.h"

namespace reconciler::batch {

/// What the loop knows of one host.
struct CurlHost {
  std::string base_url;     // "https://contoso.westeurope.batch.azure.com:443"
  CURLSH* share = nullptr;  // TLS sessions; one for many hosts would evict what it needs
  int in_flight = 0;
  bool connected = false;  // since the first of those in flight: more may follow
};

class CurlExchange {
 public:
  /// `call` and `host` outlive the exchange.
  CurlExchange(CurlCall& call, std::size_t index, CurlHost& host,
               std::shared_ptr<const TransportOptions> options);
  ~CurlExchange();
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  /// Why the request must not be sent; empty when the handle is ready for the multi handle.
  std::string Prepare();

  CURL* easy() const { return easy_; }
  CurlCall& call() { return call_; }
  CurlHost& host() { return host_; }
  std::size_t index() const { return index_; }
  bool sent() const { return sends_ > 0; }

  /// Called in equal steps of time; true once an answer that has begun stood still for `steps_max`.
  bool StoodStill(int steps_max);
  /// The answer after libcurl is done with the handle.
  HttpAnswer Finish(CURLcode code);
  /// The answer of an exchange that was taken back: `why` says by whom.
  HttpAnswer Abandon(std::string_view why);

 private:
  const HttpRequest& request() const { return call_.requests[index_]; }
  bool IsMutation() const;
  std::string BuildHeaders();
  bool AddHeader(const std::string& line);
  void SetTransferOptions();
  std::chrono::milliseconds Timeout() const;
  void SetProxyOptions();
  void SetTrustOptions();
  void SetBody();
  CurlFacts FactsOf(CURLcode code) const;
  Delivery UndeliveredAs() const;
  void Receive(std::string_view header_line);

  static int OnSend(void* self, char*, char*, int, int);
  static std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* self);

  CurlCall& call_;
  CurlHost& host_;
  const std::shared_ptr<const TransportOptions> options_;
  const std::size_t index_;
  CURL* easy_ = nullptr;
  curl_slist* headers_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  HttpAnswer answer_{};
  std::size_t header_bytes_ = 0;
  int sends_ = 0;
  int still_steps_ = 0;
  bool began_ = false;       // a final answer, not an interim one
  bool head_ended_ = false;  // the blank line came
  std::string broken_{};     // why a callback ended the transfer
  bool too_big_ = false;
};

/// True for names and addresses that never leave this host.
bool IsLoopbackHost(std::string_view host);
/// "http://127.0.0.1:9400"; IPv6 addresses in brackets.
std::string BaseUrl(const Endpoint& endpoint);

}  // namespace reconciler::batch
