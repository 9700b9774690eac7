#include "reconciler/batch/paging.h"

#include <doctest/doctest.h>

namespace reconciler::batch {
namespace {

TEST_CASE("paging: ids are encoded into paths") {
  CHECK(PoolPath("render-1_a") == "/pools/render-1_a");
  CHECK(PoolPath("p1", "resize") == "/pools/p1/resize");
  CHECK(PoolPath("a/../b?c#d") == "/pools/a%2F..%2Fb%3Fc%23d");
}

TEST_CASE("paging: parameters are appended and encoded") {
  CHECK(WithParameter("/pools", "api-version", "2025-06-01") == "/pools?api-version=2025-06-01");
  CHECK(WithParameter("/pools?a=1", "$filter", "id eq 'x&y'") ==
        "/pools?a=1&$filter=id%20eq%20%27x%26y%27");
}

TEST_CASE("paging: only the token of a next link is taken") {
  CHECK(SkipToken("https://a.batch.azure.com/pools?$skiptoken=AB-c_1&api-version=1") == "AB-c_1");
  CHECK(SkipToken("http://evil.example/steal?api-version=1&%24SkipToken=A%2BB") == "A+B");
  CHECK(SkipToken("?$skiptoken=x#fragment") == "x");
}

TEST_CASE("paging: a link without a usable token has none") {
  for (const char* link : {"", "https://a/pools", "https://a/pools?api-version=1",
                           "https://a/pools?$skiptoken=", "https://a/pools?$skiptoken=%zz",
                           "https://a/pools#?$skiptoken"}) {
    CAPTURE(link);
    CHECK(!SkipToken(link));
  }
}

TEST_CASE("paging: messages show the values of harmless parameters only") {
  CHECK(RedactTarget("/pools") == "/pools");
  CHECK(RedactTarget("/pools?api-version=1&sig=abc&maxresults=5&$skiptoken=x&$select=id") ==
        "/pools?api-version=1&sig=REDACTED&maxresults=5&$skiptoken=REDACTED&$select=id");
}

}  // namespace
}  // namespace reconciler::batch
