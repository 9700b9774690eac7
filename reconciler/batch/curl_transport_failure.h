// Why libcurl came back without a whole answer: how far it got, and what to do about it.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <string>
#include <string_view>

#include "reconciler/batch/curl_transport.h"
#include "reconciler/core/ports.h"

namespace reconciler::batch {

/// What is known of a transfer that failed.
struct CurlFacts {
  CURLcode code = CURLE_OK;
  std::string_view text{};              // libcurl's own words
  std::string_view host{};              // of the endpoint
  std::string_view proxy{};             // that may have been asked; empty: none
  long verify_result = 0;               // X509_V_... of the certificate, 0: good
  long proxy_status = 0;                // of the proxy's answer to CONNECT, 0: none came
  bool connected = false;               // over TCP, to the host or its proxy
  bool sent = false;                    // the request went out
  std::chrono::milliseconds timeout{};  // of the whole exchange
  const TransportOptions* options = nullptr;
};

struct CurlFailure {
  FailedAt at = FailedAt::kExchange;
  std::string text;                   // begins in lower case, ends without a full stop
  TlsFault fault = TlsFault::kOther;  // where it ended at kTls
};

CurlFailure ExplainFailure(const CurlFacts& facts);

}  // namespace reconciler::batch
