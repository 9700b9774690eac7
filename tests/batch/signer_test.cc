#include "reconciler/batch/signer.h"

#include <doctest/doctest.h>

#include <string>

#include "reconciler/core/digest.h"

namespace reconciler::batch {
namespace {

constexpr const char* kDate = "Tue, 01 Jul 2025 12:00:00 GMT";
constexpr const char* kKey =
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";

HttpRequest Dated(std::string method, std::string target, std::string body = "") {
  HttpRequest request{std::move(method), std::move(target), std::move(body)};
  request.headers = {{"ocp-date", kDate}};
  return request;
}

std::string Signature(const HttpRequest& request) {
  return SharedKeyAuthorization("myaccount", *Base64DecodeSecret(kKey), request);
}

TEST_CASE("signer: a read") {
  const HttpRequest request = Dated("GET", "/pools?api-version=2025-06-01&maxresults=10");
  CHECK(StringToSign("myaccount", request) ==
        "GET\n\n\n\n\n\n\n\n\n\n\n\nocp-date:Tue, 01 Jul 2025 12:00:00 GMT\n"
        "/myaccount/pools\napi-version:2025-06-01\nmaxresults:10");
  CHECK(Signature(request) == "SharedKey myaccount:/+XCsQehX41aZW0oOIkHESNIQdlPeyk+NdJylgBvZGA=");
}

TEST_CASE("signer: a mutation with a body signs its length and type") {
  HttpRequest request =
      Dated("POST", "/pools/p1/resize?api-version=2025-06-01", R"({"targetDedicatedNodes":2})");
  request.headers.emplace_back("Content-Type", "application/json; odata=minimalmetadata");
  CHECK(StringToSign("myaccount", request) ==
        "POST\n\n\n26\n\napplication/json; odata=minimalmetadata\n\n\n\n\n\n\n"
        "ocp-date:Tue, 01 Jul 2025 12:00:00 GMT\n/myaccount/pools/p1/resize\n"
        "api-version:2025-06-01");
  CHECK(Signature(request) == "SharedKey myaccount:kPGOXPMEPEJL0N6tCG49qM21pkd5fB8UEz6lgfe+k1A=");
}

TEST_CASE("signer: a mutation without a body signs a length of 0, and its condition") {
  HttpRequest request = Dated("DELETE", "/pools/p1?api-version=2025-06-01");
  request.headers.emplace_back("If-Match", "0x8DC5F3F4459B415");
  CHECK(StringToSign("myaccount", request) ==
        "DELETE\n\n\n0\n\n\n\n\n0x8DC5F3F4459B415\n\n\n\n"
        "ocp-date:Tue, 01 Jul 2025 12:00:00 GMT\n/myaccount/pools/p1\napi-version:2025-06-01");
  CHECK(Signature(request) == "SharedKey myaccount:lCCAxKhowheSWpty1F9HMDQAIR36VNl0PfC3A1krxpg=");
}

TEST_CASE("signer: query values are signed decoded and sorted by name") {
  const HttpRequest request = Dated(
      "GET", "/pools?$filter=state%20eq%20%27active%27&$select=id,state&api-version=2025-06-01");
  CHECK(Signature(request) == "SharedKey myaccount:iYGpq4q4WktItlaxc1ZqgpEI+AvFnb+1ywUQJWrgVBk=");
}

TEST_CASE("signer: repeated names are joined, names folded, paths signed as they stand") {
  CHECK(StringToSign("a", Dated("GET", "/p%2F1?b=2&A=1&b=1&c")) ==
        "GET\n\n\n\n\n\n\n\n\n\n\n\nocp-date:Tue, 01 Jul 2025 12:00:00 GMT\n"
        "/a/p%2F1\na:1\nb:1,2\nc:");
}

TEST_CASE("signer: Date stands in its line only where ocp-date is absent") {
  HttpRequest request{"GET", "/pools"};
  request.headers = {{"Date", kDate}};
  CHECK(StringToSign("a", request) ==
        "GET\n\n\n\n\n\nTue, 01 Jul 2025 12:00:00 GMT\n\n\n\n\n\n/a/pools");
  request.headers.emplace_back("OCP-Range", " bytes=0-  1 ");
  request.headers.emplace_back("ocp-date", kDate);
  CHECK(StringToSign("a", request) ==
        "GET\n\n\n\n\n\n\n\n\n\n\n\nocp-date:Tue, 01 Jul 2025 12:00:00 GMT\n"
        "ocp-range:bytes=0- 1\n/a/pools");
}

}  // namespace
}  // namespace reconciler::batch
