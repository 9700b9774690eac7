#include "reconciler/spec/port_ranges.h"

#include <doctest/doctest.h>

namespace reconciler::spec {
namespace {

TEST_CASE("port range: all, one, or from one to another") {
  REQUIRE(ParsePortRange("22"));
  CHECK(ParsePortRange("22")->last == 22);
  CHECK(ParsePortRange("0-65535")->last == 65535);
  CHECK(ParsePortRange("*")->Meets(*ParsePortRange("65535")));
  CHECK(ParsePortRange("1-100")->Meets(*ParsePortRange("100-200")));
  CHECK_FALSE(ParsePortRange("1-100")->Meets(*ParsePortRange("101")));
}

TEST_CASE("port range: what is none") {
  for (const char* text : {"", "-", "1-", "-1", "65536", "2-1", "1-2-3", "1 - 2", "ssh", "**"}) {
    CAPTURE(text);
    CHECK_FALSE(ParsePortRange(text));
  }
}

TEST_CASE("address prefix: addresses, subnets, tags, all") {
  for (const char* text : {"*", "10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "::1",
                           "Internet", "AzureCloud.WestEurope"}) {
    CAPTURE(text);
    CHECK(IsAddressPrefix(text));
  }
  for (const char* text : {"", "10.0.0.0/33", "10.0.0", "10.0.0.0/", "10.0.0.0/-1", "::/129",
                           "300.1.1.1", "a/8", "1nternet"}) {
    CAPTURE(text);
    CHECK_FALSE(IsAddressPrefix(text));
  }
}

}  // namespace
}  // namespace reconciler::spec
