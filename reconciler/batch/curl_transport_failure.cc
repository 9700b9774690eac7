#include "reconciler/batch/curl_transport_failure.h"

#include <fmt/format.h>
#include <openssl/x509_vfy.h>

#include "reconciler/core/duration.h"
#include "reconciler/core/text.h"

namespace reconciler::batch {
namespace {

std::string LowerFirst(std::string text) {
  while (!text.empty() && (text.back() == '.' || text.back() == '\n')) text.pop_back();
  const bool word = text.size() > 1 && text[1] >= 'a' && text[1] <= 'z';
  if (word && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

std::string WordsOf(const CurlFacts& facts) { return LowerFirst(std::string(facts.text)); }

bool Says(const CurlFacts& facts, std::string_view part) {
  return facts.text.find(part) != std::string_view::npos;
}

/// The host of "http://proxy.corp:3128".
std::string_view HostOf(std::string_view proxy) {
  if (const std::size_t end = proxy.find("://"); end != std::string_view::npos) {
    proxy.remove_prefix(end + 3);
  }
  return proxy.substr(0, proxy.find_last_of(':'));
}

std::string UnknownAuthority(const CurlFacts& facts, std::string_view how) {
  const std::string roots = facts.options->ca_file.empty()
                                ? std::string("the authorities that this host knows")
                                : fmt::format("the authorities in {}", facts.options->ca_file);
  return fmt::format(
      "the certificate of '{}' {} none of {}; if a proxy inspects TLS here, its authority belongs "
      "into the file of http.caFile, else somebody stands between",
      facts.host, how, roots);
}

CurlFailure Tls(TlsFault fault, std::string text) {
  return {FailedAt::kTls, std::move(text), fault};
}

CurlFailure BadCertificate(const CurlFacts& facts) {
  switch (facts.verify_result) {
    case X509_V_OK:
    case X509_V_ERR_UNSPECIFIED:
      if (!Says(facts, "subject name")) break;  // alone compared by libcurl, behind a good chain
      return Tls(TlsFault::kOtherName, fmt::format("the certificate is made out to another name "
                                                   "than '{}' ({}); check the endpoint, and who "
                                                   "answers at this address",
                                                   facts.host, WordsOf(facts)));
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Tls(TlsFault::kExpired, fmt::format("the certificate of '{}' has expired; check this "
                                                 "host's clock, then who answers there",
                                                 facts.host));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Tls(
          TlsFault::kNotYetValid,
          fmt::format(
              "the certificate of '{}' is not valid yet; this host's clock is probably behind",
              facts.host));
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return Tls(TlsFault::kSelfSigned, UnknownAuthority(facts, "is signed by itself, by"));
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return Tls(TlsFault::kUnknownAuthority, UnknownAuthority(facts, "is signed by"));
    default:
      break;
  }
  return Tls(TlsFault::kOther,
             fmt::format("the certificate of '{}' is refused: {}", facts.host, WordsOf(facts)));
}

/// A handshake that failed before the certificate was judged.
CurlFailure BadHandshake(const CurlFacts& facts) {
  if (Says(facts, "wrong version number") || Says(facts, "packet length too long")) {
    return Tls(TlsFault::kNoTls,
               fmt::format("'{}' does not speak TLS at this port; check the endpoint", facts.host));
  }
  if (Says(facts, "protocol version") || Says(facts, "unsupported protocol")) {
    return Tls(
        TlsFault::kOldVersion,
        fmt::format(
            "'{}' speaks a version of TLS older than 1.2 only; check who answers at this address",
            facts.host));
  }
  if (Says(facts, "asn1 encoding routines::EVP lib")) {  // a known name, signed with another key
    return Tls(TlsFault::kUnknownAuthority, UnknownAuthority(facts, "is signed by"));
  }
  return Tls(TlsFault::kOther, fmt::format("TLS with '{}' failed: {}", facts.host, WordsOf(facts)));
}

CurlFailure ProxyFailure(const CurlFacts& facts, const std::string& what) {
  return {FailedAt::kProxy, fmt::format("proxy {}: {}", facts.proxy, what)};
}

CurlFailure TimedOut(const CurlFacts& facts) {
  if (facts.sent) {
    return {FailedAt::kExchange,
            fmt::format("no whole answer within {} (http.timeout)",
                        HumanDuration(std::chrono::duration_cast<std::chrono::seconds>(
                            facts.timeout + std::chrono::milliseconds{999})))};
  }
  const std::string limit =
      fmt::format("{} ms (http.connectTimeout)", facts.options->connect_timeout.count());
  if (!facts.proxy.empty() && !facts.connected) {
    return ProxyFailure(facts, "no connection within " + limit);
  }
  if (Says(facts, "Resolving timed out")) {
    return {FailedAt::kName,
            fmt::format("nobody said the address of '{}' within {}; check the name servers of this "
                        "host",
                        facts.host, limit)};
  }
  if (facts.connected) {
    return {FailedAt::kTls, fmt::format("connected with '{}', but TLS did not come about within {}",
                                        facts.host, limit)};
  }
  return {FailedAt::kConnect,
          fmt::format("no connection with '{}' within {}; check the endpoint and the firewall",
                      facts.host, limit)};
}

CurlFailure NoConnection(const CurlFacts& facts) {
  if (!facts.proxy.empty() && Says(facts, HostOf(facts.proxy))) {
    return ProxyFailure(facts, WordsOf(facts) + "; check http.proxy");
  }
  return {FailedAt::kConnect, WordsOf(facts)};
}

CurlFailure Lost(const CurlFacts& facts) {
  if (facts.proxy_status == 407) {
    return ProxyFailure(facts,
                        "it wants a user and a password (407), which are not supported; let this "
                        "host through by its address");
  }
  if (facts.proxy_status >= 300) {
    return ProxyFailure(
        facts, fmt::format("it refuses a tunnel to '{}' ({}); have it allowed there", facts.host,
                           facts.proxy_status));
  }
  if (!facts.sent && !facts.proxy.empty() && Says(facts, "CONNECT")) {
    return ProxyFailure(facts, WordsOf(facts));
  }
  return {FailedAt::kExchange, WordsOf(facts)};
}

}  // namespace

CurlFailure ExplainFailure(const CurlFacts& facts) {
  switch (facts.code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
      return ProxyFailure(facts, "its name has no address; check http.proxy");
    case CURLE_COULDNT_RESOLVE_HOST:
      return {FailedAt::kName,
              fmt::format("no address for '{}'; check the spelling of the endpoint and the name "
                          "servers of this host",
                          facts.host)};
    case CURLE_COULDNT_CONNECT:
      return NoConnection(facts);
    case CURLE_OPERATION_TIMEDOUT:
      return TimedOut(facts);
    case CURLE_PEER_FAILED_VERIFICATION:
      return BadCertificate(facts);
    case CURLE_SSL_CONNECT_ERROR:
      return BadHandshake(facts);
    case CURLE_SSL_CACERT_BADFILE:
      return Tls(TlsFault::kRootsFile,
                 fmt::format("{} holds no certificates that can be read; check http.caFile",
                             facts.options->ca_file));
    default:
      return Lost(facts);
  }
}

}  // namespace reconciler::batch
