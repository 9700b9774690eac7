// The proxy of the configuration: who goes through it, and what it gets to see.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "reconciler/batch/curl_transport.h"
#include "tests/batch/raw_server.h"
#include "tests/batch/test_clocks.h"

namespace reconciler::batch {
namespace {

constexpr const char* kHost = "contoso.westeurope.batch.azure.com";

/// No resolver asks anybody for a name whose parts are this long.
std::string Nowhere() { return std::string(64, 'x') + ".batch.invalid"; }

std::string AddressOf(const RawServer& server) {
  return "http://127.0.0.1:" + std::to_string(server.port());
}

HttpAnswer Ask(const TransportOptions& options, const Endpoint& endpoint) {
  RealClock clock;
  const auto transport = std::move(CurlTransport::Create(options, clock)).value();
  HttpRequest request{"POST", "/pools?api-version=2025-06-01", "{\"id\":\"p\"}"};
  request.headers = {{"Authorization", "SharedKey contoso:signature"}};
  return transport->SendAll(endpoint, {request}, {1}, {}).front();
}

TEST_CASE("proxy: it is asked for a tunnel and sees nothing of the request") {
  RawServer proxy(
      [](const SeenRequest&) { return RawReply{"HTTP/1.1 200 Connection established\r\n\r\n"}; });
  TransportOptions options;
  options.proxy = AddressOf(proxy);
  options.connect_timeout =
      std::chrono::milliseconds{300};  // it never speaks TLS behind the tunnel
  const HttpAnswer answer = Ask(options, {"https", kHost, 443});
  CHECK(answer.delivery == Delivery::kNotSent);
  REQUIRE(!proxy.Seen().empty());
  const std::string head = proxy.Seen()[0].head;
  CHECK(head.rfind("CONNECT contoso.westeurope.batch.azure.com:443 HTTP/1.1\r\n", 0) == 0);
  CHECK(head.find("uthorization") == std::string::npos);
  CHECK(head.find("pools") == std::string::npos);
}

TEST_CASE("proxy: one that refuses says so, with its status") {
  for (const auto& [status, what] :
       {std::pair<int, std::string>{403, "it refuses a tunnel to '" + std::string(kHost) +
                                             "' (403); have it allowed there"},
        {407,
         "it wants a user and a password (407), which are not supported; let this host through by "
         "its address"}}) {
    RawServer proxy([status = status](const SeenRequest&) {
      return RawReply{PlainAnswer(status, "no"), true};
    });
    TransportOptions options;
    options.proxy = AddressOf(proxy);
    const HttpAnswer answer = Ask(options, {"https", kHost, 443});
    CHECK(answer.delivery == Delivery::kNotSent);
    CHECK(answer.failed_at == FailedAt::kProxy);
    CHECK(answer.detail == "proxy " + AddressOf(proxy) + ": " + what);
  }
}

TEST_CASE("proxy: one that is not there is named") {
  std::string address;
  {
    const RawServer gone([](const SeenRequest&) { return RawReply{}; });
    address = AddressOf(gone);
  }
  TransportOptions options;
  options.proxy = address;
  const HttpAnswer answer = Ask(options, {"https", kHost, 443});
  CHECK(answer.delivery == Delivery::kNotSent);
  CHECK(answer.failed_at == FailedAt::kProxy);
  CHECK(answer.detail.rfind("proxy " + address + ": failed to connect", 0) == 0);
  CHECK(answer.detail.find("; check http.proxy") != std::string::npos);

  options.proxy = "http://" + Nowhere() + ":3128";
  const HttpAnswer unnamed = Ask(options, {"https", kHost, 443});
  CHECK(unnamed.failed_at == FailedAt::kProxy);
  CHECK(unnamed.detail == "proxy " + options.proxy + ": its name has no address; check http.proxy");
}

TEST_CASE("proxy: loopback, and what noProxy names, go around it") {
  RawServer service([](const SeenRequest&) { return RawReply{PlainAnswer(200, "direct")}; });
  RawServer proxy([](const SeenRequest&) { return RawReply{PlainAnswer(403, "no"), true}; });
  TransportOptions options;
  options.proxy = AddressOf(proxy);
  CHECK(Ask(options, {"http", "127.0.0.1", service.port()}).body == "direct");
  options.no_proxy = "intern.corp,invalid";
  const HttpAnswer direct = Ask(options, {"https", Nowhere(), 443});
  CHECK(direct.failed_at == FailedAt::kName);
  CHECK(direct.detail == "no address for '" + Nowhere() +
                             "'; check the spelling of the endpoint and the name servers "
                             "of this host");
  CHECK(proxy.Connections() == 0);
}

TEST_CASE("proxy: the environment has no say") {
  RawServer proxy([](const SeenRequest&) { return RawReply{PlainAnswer(403, "no"), true}; });
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"}) {
    setenv(name, AddressOf(proxy).c_str(), 1);
  }
  const HttpAnswer answer = Ask({}, {"https", Nowhere(), 443});
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"}) {
    unsetenv(name);
  }
  CHECK(answer.failed_at == FailedAt::kName);
  CHECK(proxy.Connections() == 0);
}

TEST_CASE("transport: what is configured anew holds for the next exchange") {
  RawServer proxy([](const SeenRequest&) { return RawReply{PlainAnswer(403, "no"), true}; });
  RealClock clock;
  const auto transport = std::move(CurlTransport::Create({}, clock)).value();
  const Endpoint endpoint{"https", Nowhere(), 443};
  CHECK(transport->SendAll(endpoint, {HttpRequest{"GET", "/"}}, {1}, {}).front().failed_at ==
        FailedAt::kName);
  TransportOptions options;
  options.proxy = AddressOf(proxy);
  transport->Configure(options);
  CHECK(transport->SendAll(endpoint, {HttpRequest{"GET", "/"}}, {1}, {}).front().failed_at ==
        FailedAt::kProxy);
}

TEST_CASE("transport: a request without a time of its own has that of the configuration") {
  RawServer service([](const SeenRequest&) { return RawReply{}; });
  TransportOptions options;
  options.timeout = std::chrono::milliseconds{200};
  const HttpAnswer answer = Ask(options, {"http", "127.0.0.1", service.port()});
  CHECK(answer.delivery == Delivery::kUnknown);
  CHECK(answer.failed_at == FailedAt::kExchange);
  CHECK(answer.detail == "no whole answer within 1 s (http.timeout)");
}

}  // namespace
}  // namespace reconciler::batch
