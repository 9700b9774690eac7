#include "reconciler/batch/curl_transport_exchange.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

#include "reconciler/core/text.h"

namespace reconciler::batch {
namespace {

// Longer than libcurl's 60 s, so that an account that looks each minute finds its name known: a
// cold look-up costs a thread.
constexpr long kNamesKeptSeconds = 300;
// Parsed roots are kept a day by default, too long for a file that somebody has just replaced.
constexpr long kOwnRootsKeptSeconds = 600;
// A service that closes idle TLS connections is not noticed by libcurl 7.88; young ones are safe.
constexpr long kIdleConnectionSeconds = 2;

bool IsVisibleAscii(char c) { return c > 0x20 && c < 0x7f; }
bool IsFieldText(char c) { return c == ' ' || c == '\t' || IsVisibleAscii(c); }

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsVisibleAscii(c) && c != ':' && c != ',' && c != ';';
  });
}

std::string_view TrimField(std::string_view text) {
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n' || text.back() == ' ' ||
                           text.back() == '\t')) {
    text.remove_suffix(1);
  }
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text;
}

/// libcurl takes integers as long.
template <class Number>
long AsLong(Number number) {
  return static_cast<long>(number);
}

}  // namespace

bool IsLoopbackHost(std::string_view host) {
  if (EqualFolded(host, "localhost")) return true;  // libcurl never asks a name server for it
  const std::string text(host);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127U;
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return false;
  const in6_addr loopback = IN6ADDR_LOOPBACK_INIT;
  return std::equal(std::begin(v6.s6_addr), std::end(v6.s6_addr), std::begin(loopback.s6_addr));
}

std::string BaseUrl(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", endpoint.scheme, v6 ? "[" : "", endpoint.host, v6 ? "]" : "",
                     endpoint.port);
}

CurlExchange::CurlExchange(CurlCall& call, std::size_t index, CurlHost& host,
                           std::shared_ptr<const TransportOptions> options)
    : call_(call),
      host_(host),
      options_(std::move(options)),
      index_(index),
      easy_(curl_easy_init()) {}

CurlExchange::~CurlExchange() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
}

bool CurlExchange::IsMutation() const {
  return request().method != "GET" && request().method != "HEAD";
}

std::string CurlExchange::Prepare() {
  const Endpoint& endpoint = call_.endpoint;
  if (endpoint.scheme != "https" && endpoint.scheme != "http") {
    return fmt::format("scheme '{}' is not spoken, only https", endpoint.scheme);
  }
  if (endpoint.scheme == "http" && !IsLoopbackHost(endpoint.host)) {
    return fmt::format("plain http goes to this host itself only, not to '{}'", endpoint.host);
  }
  const std::string& target = request().target;
  if (!target.starts_with('/') || !std::all_of(target.begin(), target.end(), IsVisibleAscii)) {
    return "the path of the request is not plain ASCII that starts with '/'";
  }
  if (!IsToken(request().method)) return "the method of the request is not a word";
  if (easy_ == nullptr) return "no memory for the request";
  if (std::string problem = BuildHeaders(); !problem.empty()) return problem;
  SetTransferOptions();
  SetProxyOptions();
  SetTrustOptions();
  SetBody();
  return {};
}

/// Appends one line; false when memory is short.
bool CurlExchange::AddHeader(const std::string& line) {
  curl_slist* longer = curl_slist_append(headers_, line.c_str());
  if (longer == nullptr) return false;
  headers_ = longer;
  return true;
}

std::string CurlExchange::BuildHeaders() {
  // An empty value takes a header away that libcurl would add by itself.
  bool added = AddHeader("Expect:");
  bool has_type = false;
  bool has_accept = false;
  for (const auto& [name, value] : request().headers) {
    if (!IsToken(name) || !std::all_of(value.begin(), value.end(), IsFieldText)) {
      return fmt::format("the value of header '{}' holds a character that no header may hold",
                         IsToken(name) ? name : "?");
    }
    has_type = has_type || EqualFolded(name, "Content-Type");
    has_accept = has_accept || EqualFolded(name, "Accept");
    added = added && AddHeader(value.empty() ? name + ";" : name + ": " + value);
  }
  if (!has_type) added = added && AddHeader("Content-Type:");
  if (!has_accept) added = added && AddHeader("Accept:");
  return added ? "" : "no memory for the request";
}

void CurlExchange::SetTransferOptions() {
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_text_.data());
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  // A name look-up that hangs must not hold the I/O thread when the handle is taken back.
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy_, CURLOPT_URL, (host_.base_url + "/").c_str());
  curl_easy_setopt(easy_, CURLOPT_REQUEST_TARGET, request().target.c_str());
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, call_.endpoint.scheme.c_str());
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, AsLong(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy_, CURLOPT_HTTP09_ALLOWED, 0L);
  curl_easy_setopt(easy_, CURLOPT_NETRC, AsLong(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, options_->user_agent.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, AsLong(options_->connect_timeout.count()));
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, AsLong(Timeout().count()));
  curl_easy_setopt(easy_, CURLOPT_DNS_CACHE_TIMEOUT, kNamesKeptSeconds);
  curl_easy_setopt(easy_, CURLOPT_MAXAGE_CONN, kIdleConnectionSeconds);
  curl_easy_setopt(easy_, CURLOPT_PREREQFUNCTION, &CurlExchange::OnSend);
  curl_easy_setopt(easy_, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &CurlExchange::OnHeader);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &CurlExchange::OnBody);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
}

std::chrono::milliseconds CurlExchange::Timeout() const {
  const std::chrono::milliseconds own = request().timeout;
  return std::max(own.count() == 0 ? options_->timeout : own, std::chrono::milliseconds{1});
}

void CurlExchange::SetProxyOptions() {
  const bool direct = options_->proxy.empty() || IsLoopbackHost(call_.endpoint.host);
  // An empty text keeps libcurl from asking the environment.
  curl_easy_setopt(easy_, CURLOPT_PROXY, direct ? "" : options_->proxy.c_str());
  curl_easy_setopt(easy_, CURLOPT_NOPROXY, direct ? "*" : options_->no_proxy.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTPPROXYTUNNEL, 1L);
  curl_easy_setopt(easy_, CURLOPT_HEADEROPT, AsLong(CURLHEADER_SEPARATE));
  curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void CurlExchange::SetTrustOptions() {
  curl_easy_setopt(easy_, CURLOPT_SHARE, host_.share);
  curl_easy_setopt(easy_, CURLOPT_SSLVERSION, AsLong(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
  // A folder of certificates, Debian's default, switches libcurl's cache of the parsed roots off.
  curl_easy_setopt(easy_, CURLOPT_CAPATH, nullptr);
  if (!options_->ca_file.empty()) {
    curl_easy_setopt(easy_, CURLOPT_CAINFO, options_->ca_file.c_str());
    curl_easy_setopt(easy_, CURLOPT_CA_CACHE_TIMEOUT, kOwnRootsKeptSeconds);
  }
}

void CurlExchange::SetBody() {
  const HttpRequest& request = this->request();
  if (request.method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
    return;
  }
  const auto body_bytes_max = static_cast<curl_off_t>(call_.limits.body_bytes_max);
  curl_easy_setopt(easy_, CURLOPT_MAXFILESIZE_LARGE, body_bytes_max);
  if (request.method == "GET") {
    curl_easy_setopt(easy_, CURLOPT_HTTPGET, 1L);
    return;
  }
  // A body that is known whole gets a Content-Length, "0" when it is empty: never chunks.
  curl_easy_setopt(easy_, CURLOPT_POST, 1L);
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(request.body.size()));
  curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request.body.c_str());
  if (request.method != "POST") {
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

int CurlExchange::OnSend(void* self, char*, char*, int, int) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  // libcurl sends any method again when a reused connection yields no byte; nobody knows whether
  // the first one was applied.
  if (exchange.IsMutation() && exchange.sends_ > 0) {
    exchange.broken_ = "the connection ended before an answer came";
    return CURL_PREREQFUNC_ABORT;
  }
  ++exchange.sends_;
  exchange.host_.connected = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t CurlExchange::OnHeader(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  const std::size_t bytes = size * count;
  exchange.header_bytes_ += bytes;
  exchange.still_steps_ = 0;
  if (exchange.header_bytes_ > exchange.options_->header_bytes_max) {
    exchange.broken_ =
        fmt::format("the headers of the answer pass {} bytes", exchange.options_->header_bytes_max);
    return 0;
  }
  exchange.Receive({data, bytes});
  return bytes;
}

void CurlExchange::Receive(std::string_view header_line) {
  if (header_line.starts_with("HTTP/")) {
    answer_.headers.clear();  // what came before was an interim answer
    began_ = header_line.find(" 1") == std::string_view::npos;
    head_ended_ = false;
    return;
  }
  if (TrimField(header_line).empty()) head_ended_ = true;
  const std::size_t colon = header_line.find(':');
  if (colon == std::string_view::npos) return;
  answer_.headers.emplace_back(TrimField(header_line.substr(0, colon)),
                               TrimField(header_line.substr(colon + 1)));
}

/// Large bodies grow in few large steps: each step copies what came so far into fresh memory. What
/// is too much is wiped with the rest in the end.
void ReserveFor(std::string& body, std::size_t more) {
  constexpr std::size_t kSmall = 16u << 10;
  constexpr std::size_t kFirst = 256u << 10;
  const std::size_t needed = body.size() + more;
  if (needed <= body.capacity() || needed < kSmall) return;
  body.reserve(std::max(kFirst, 3 * needed));
}

std::size_t CurlExchange::OnBody(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  const std::size_t bytes = size * count;
  exchange.still_steps_ = 0;
  if (exchange.answer_.body.size() + bytes > exchange.call_.limits.body_bytes_max) {
    exchange.too_big_ = true;
    return 0;
  }
  ReserveFor(exchange.answer_.body, bytes);
  exchange.answer_.body.append(data, bytes);
  return bytes;
}

bool CurlExchange::StoodStill(int steps_max) { return began_ && ++still_steps_ > steps_max; }

Delivery CurlExchange::UndeliveredAs() const {
  return sent() ? Delivery::kUnknown : Delivery::kNotSent;
}

HttpAnswer CurlExchange::Finish(CURLcode code) {
  // libcurl takes headers that end with the connection for a whole answer.
  if (code == CURLE_OK && !head_ended_) return Abandon("the headers of the answer are cut short");
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    answer_.delivery = Delivery::kAnswered;
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
  }
  if (too_big_ || code == CURLE_FILESIZE_EXCEEDED) {
    HttpAnswer answer =
        Abandon(fmt::format("the body of the answer passes {} bytes", call_.limits.body_bytes_max));
    answer.delivery = Delivery::kTooBig;
    return answer;
  }
  if (!broken_.empty()) return Abandon(broken_);
  CurlFailure failure = ExplainFailure(FactsOf(code));
  HttpAnswer answer = Abandon(failure.text);
  answer.failed_at = failure.at;
  answer.tls_fault = failure.fault;
  return answer;
}

CurlFacts CurlExchange::FactsOf(CURLcode code) const {
  CurlFacts facts;
  facts.code = code;
  facts.text = error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(code);
  facts.host = call_.endpoint.host;
  facts.sent = sent();
  facts.timeout = Timeout();
  facts.options = options_.get();
  if (!IsLoopbackHost(call_.endpoint.host)) facts.proxy = options_->proxy;
  curl_easy_getinfo(easy_, CURLINFO_SSL_VERIFYRESULT, &facts.verify_result);
  curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &facts.proxy_status);
  curl_off_t connected = 0;
  curl_easy_getinfo(easy_, CURLINFO_CONNECT_TIME_T, &connected);
  facts.connected = connected > 0;
  return facts;
}

HttpAnswer CurlExchange::Abandon(std::string_view why) {
  HttpAnswer answer;
  answer.delivery = UndeliveredAs();
  answer.detail = why;
  return answer;
}

}  // namespace reconciler::batch
