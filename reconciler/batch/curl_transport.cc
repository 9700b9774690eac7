#include "reconciler/batch/curl_transport.h"

#include <curl/curl.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "reconciler/batch/curl_transport_call.h"
#include "reconciler/batch/curl_transport_loop.h"
#include "reconciler/batch/wiped_memory.h"

namespace reconciler::batch {
namespace {

/// libcurl copies bodies and tokens into buffers of its own.
bool InitialiseOnce() {
  static const bool ready =
      curl_global_init_mem(CURL_GLOBAL_DEFAULT, WipedAllocate, WipedFree, WipedReallocate,
                           WipedDuplicate, WipedAllocateZeroed) == CURLE_OK;
  return ready;
}

/// Bodies may carry resolved secrets.
void Erase(std::vector<HttpRequest>& requests) {
  for (HttpRequest& request : requests) {
    OPENSSL_cleanse(request.body.data(), request.body.size());
  }
}

}  // namespace

CurlTransport::CurlTransport(std::unique_ptr<CurlLoop> loop, Clock& clock)
    : loop_(std::move(loop)), clock_(clock) {}

CurlTransport::~CurlTransport() = default;

Result<std::unique_ptr<CurlTransport>> CurlTransport::Create(TransportOptions options,
                                                             Clock& clock) {
  const curl_version_info_data* version = curl_version_info(CURLVERSION_NOW);
  if (!InitialiseOnce() || (version->features & CURL_VERSION_SSL) == 0) {
    return Error{ErrorKind::kTerminal, "libcurl on this host has no TLS"};
  }
  Result<std::unique_ptr<CurlLoop>> loop = CurlLoop::Create(std::move(options));
  if (!loop) return std::move(loop).error();
  return std::unique_ptr<CurlTransport>(new CurlTransport(std::move(loop).value(), clock));
}

std::vector<HttpAnswer> CurlTransport::SendAll(const Endpoint& endpoint,
                                               std::vector<HttpRequest> requests,
                                               const ExchangeLimits& limits, std::stop_token stop) {
  CurlCall call{endpoint, limits, requests};
  call.answers.resize(requests.size());
  if (requests.empty()) return {};
  std::optional<Tick> remaining;
  if (limits.deadline != Tick{}) {
    remaining = std::max(limits.deadline - clock_.Now(), Tick{});
  }
  loop_->Run(call, remaining, stop);
  Erase(requests);
  return std::move(call.answers);
}

void CurlTransport::Configure(TransportOptions options) { loop_->Configure(std::move(options)); }

}  // namespace reconciler::batch
