// The real HttpTransport: one I/O thread for all accounts, over libcurl.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "reconciler/core/ports.h"
#include "reconciler/core/result.h"

namespace reconciler::batch {

struct TransportOptions {
  std::string proxy{};  // "http://proxy.corp:3128", asked for a tunnel; empty: none
  std::string
      no_proxy{};  // hosts, domains and networks reached without it: "intern.corp,10.0.0.0/8"
  std::string ca_file{};  // PEM bundle of the trusted roots; empty: the one libcurl was built with
  std::chrono::milliseconds connect_timeout{5'000};  // name look-up, TCP and TLS together
  std::chrono::milliseconds timeout{40'000};         // of a request that brings none
  std::chrono::milliseconds idle_timeout{15'000};    // without a byte once an answer has begun
  /// Requests in flight over all calls. The first request of a call is sent regardless, so that
  /// accounts that hang never delay another.
  int in_flight_max = 64;
  std::size_t header_bytes_max = 64u << 10;  // of one answer, interim (1xx) answers included
  std::string user_agent = "poolkeeper";
};

class CurlLoop;

/// HTTP/1.1 without redirects, proxies of the environment, cookies or compression; TLS 1.2 or
/// newer, certificates verified; plain http to loopback only, and loopback never through the proxy,
/// which sees no header of a request but the user agent. A mutation goes out at most once,
/// also where libcurl would send it again on a fresh connection. libcurl reads SSLKEYLOGFILE when
/// it is initialised, here: a program that must not leak session keys removes that variable first.
class CurlTransport final : public HttpTransport {
 public:
  /// Starts the I/O thread. `clock` outlives the transport; deadlines are read with it.
  /// Errors: kTerminal when the system has no descriptors left or libcurl has no TLS.
  static Result<std::unique_ptr<CurlTransport>> Create(TransportOptions options, Clock& clock);
  /// No call may be running.
  ~CurlTransport() override;

  std::vector<HttpAnswer> SendAll(const Endpoint& endpoint, std::vector<HttpRequest> requests,
                                  const ExchangeLimits& limits, std::stop_token stop) override;

  /// For exchanges that start from now on; those in flight end as they began. `in_flight_max` and
  /// `idle_timeout` stay what they were. Thread-safe.
  void Configure(TransportOptions options);

 private:
  CurlTransport(std::unique_ptr<CurlLoop> loop, Clock& clock);

  std::unique_ptr<CurlLoop> loop_;
  Clock& clock_;
};

}  // namespace reconciler::batch
