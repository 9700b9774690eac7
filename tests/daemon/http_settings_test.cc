#include "daemon/http_settings.h"

#include <doctest/doctest.h>

namespace reconciler::daemon {
namespace {

TEST_CASE("http: who goes through the proxy, and who is excepted") {
  HttpSettings http;
  CHECK_FALSE(UsesProxy(http, "contoso.westeurope.batch.azure.com"));
  http.proxy = "http://proxy.corp:3128";
  http.no_proxy = "intern.corp, .Other.corp,192.0.2.7,10.0.0.0/8";
  CHECK(UsesProxy(http, "contoso.westeurope.batch.azure.com"));
  CHECK(UsesProxy(http, "myintern.corp"));
  CHECK(UsesProxy(http, "corp"));
  CHECK_FALSE(UsesProxy(http, "intern.corp"));
  CHECK_FALSE(UsesProxy(http, "batch.intern.CORP"));
  CHECK_FALSE(UsesProxy(http, "batch.other.corp"));
  CHECK_FALSE(UsesProxy(http, "192.0.2.7"));
  CHECK_FALSE(UsesProxy(http, "10.1.2.3"));
  CHECK_FALSE(UsesProxy(http, "localhost"));
  http.no_proxy = "2.7";
  CHECK(UsesProxy(http, "192.0.2.7"));
}

}  // namespace
}  // namespace reconciler::daemon
