#include "tests/bench/bare_fetch.h"

#include <curl/curl.h>

#include <chrono>
#include <stdexcept>

#include "reconciler/batch/signer.h"
#include "reconciler/core/time_text.h"

namespace bench {
namespace {

std::size_t CountBytes(char*, std::size_t size, std::size_t count, void* total) {
  *static_cast<std::size_t*>(total) += size * count;
  return size * count;
}

}  // namespace

std::size_t BareFetch(void* curl_easy, std::uint16_t port, const reconciler::Secret& key,
                      const std::vector<std::string>& targets) {
  auto* curl = static_cast<CURL*>(curl_easy);
  std::size_t bytes = 0;
  for (const std::string& target : targets) {
    reconciler::HttpRequest request{"GET", target};
    request.headers = {{"Accept", "application/json"},
                       {"ocp-date", reconciler::FormatHttpDate(std::chrono::system_clock::now())}};
    request.headers.emplace_back("Authorization",
                                 reconciler::batch::SharedKeyAuthorization("demo", key, request));
    curl_slist* headers = nullptr;
    for (const auto& [name, value] : request.headers) {
      headers = curl_slist_append(headers, (name + ": " + value).c_str());
    }
    const std::string url = "http://127.0.0.1:" + std::to_string(port) + target;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, CountBytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &bytes);
    const CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    if (code != CURLE_OK || status != 200) throw std::runtime_error("bare fetch of " + target);
  }
  return bytes;
}

}  // namespace bench
