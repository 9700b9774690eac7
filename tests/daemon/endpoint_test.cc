#include "daemon/endpoint.h"

#include <doctest/doctest.h>

namespace reconciler::daemon {
namespace {

TEST_CASE("endpoint: Batch domains of all clouds are good as they are") {
  for (const char* host : {"contoso.westeurope.batch.azure.com", "a.b.batch.usgovcloudapi.net",
                           "a.b.batch.chinacloudapi.cn"}) {
    CAPTURE(host);
    const auto endpoint = ParseEndpoint(std::string("https://") + host, false);
    REQUIRE(endpoint);
    CHECK(endpoint->scheme == "https");
    CHECK(endpoint->host == host);
    CHECK(endpoint->port == 443);
  }
}

TEST_CASE("endpoint: port, slash at the end, capitals and IPv6 are understood") {
  const auto custom = ParseEndpoint("HTTPS://Batch.Example.org:8443/", true);
  REQUIRE(custom);
  CHECK(custom->host == "batch.example.org");
  CHECK(custom->port == 8443);
  const auto loopback = ParseEndpoint("http://[::1]:9400", true);
  REQUIRE(loopback);
  CHECK(loopback->host == "::1");
  CHECK(loopback->port == 9400);
  CHECK(ParseEndpoint("http://127.0.0.1", true)->port == 80);
}

TEST_CASE("endpoint: a name that only looks like a Batch domain is not one") {
  CHECK(IsBatchDomain("contoso.westeurope.batch.azure.com"));
  CHECK(IsBatchDomain("CONTOSO.WestEurope.Batch.Azure.Com"));
  CHECK_FALSE(IsBatchDomain("batch.azure.com"));
  CHECK_FALSE(IsBatchDomain("evilbatch.azure.com"));
  CHECK_FALSE(IsBatchDomain("contoso.batch.azure.com.example.org"));
}

TEST_CASE("endpoint: loopback is a host of its own network, by name or number") {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1"}) CHECK(IsLoopback(host));
  for (const char* host : {"128.0.0.1", "localhost.example.org", "::2", "10.0.0.1", ""}) {
    CHECK_FALSE(IsLoopback(host));
  }
}

TEST_CASE("endpoint: plain http goes nowhere else, whatever the configuration allows") {
  CHECK(ParseEndpoint("http://10.0.0.1:9400", true).error().message ==
        "'http://10.0.0.1:9400' is plain http, which is allowed on loopback only: write https");
  CHECK_FALSE(ParseEndpoint("http://contoso.westeurope.batch.azure.com", false));
}

}  // namespace
}  // namespace reconciler::daemon
