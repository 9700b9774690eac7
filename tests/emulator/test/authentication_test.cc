#include "tests/emulator/authentication.h"

#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

constexpr char kDate[] = "Tue, 01 Jul 2025 12:00:00 GMT";

std::string Signature(Request request) {
  request.headers.emplace_back("ocp-date", kDate);
  return Sign(StringToSign(request, "myaccount", true), kWellKnownKey).value();
}

TEST_CASE("signatures equal the worked examples") {
  CHECK(Signature({"GET", "/pools?api-version=2025-06-01&maxresults=10", {}, ""}) ==
        "/+XCsQehX41aZW0oOIkHESNIQdlPeyk+NdJylgBvZGA=");
  CHECK(Signature({"POST",
                   "/pools/p1/resize?api-version=2025-06-01",
                   {{"Content-Length", "26"},
                    {"Content-Type", "application/json; odata=minimalmetadata"}},
                   ""}) == "kPGOXPMEPEJL0N6tCG49qM21pkd5fB8UEz6lgfe+k1A=");
  CHECK(Signature({"DELETE",
                   "/pools/p1?api-version=2025-06-01",
                   {{"content-length", "0"}, {"if-match", "0x8DC5F3F4459B415"}},
                   ""}) == "lCCAxKhowheSWpty1F9HMDQAIR36VNl0PfC3A1krxpg=");
  CHECK(
      Signature({"GET",
                 "/pools?$filter=state%20eq%20%27active%27&$select=id,state&api-version=2025-06-01",
                 {},
                 ""}) == "iYGpq4q4WktItlaxc1ZqgpEI+AvFnb+1ywUQJWrgVBk=");
}

TEST_CASE("the text to sign has the headers as they came") {
  const Request request{
      "POST",
      "/pools?timeOut=30&b=2&b=1&api-version=x",
      {{"Content-Length", "0"}, {"Date", "d"}, {"Ocp-B", "  two   words "}, {"ocp-a", "1"}},
      ""};
  CHECK(StringToSign(request, "demo", true) ==
        "POST\n\n\n0\n\n\nd\n\n\n\n\n\nocp-a:1\nocp-b:two words\n"
        "/demo/pools\napi-version:x\nb:1,2\ntimeout:30");
  CHECK(StringToSign(request, "demo", false).find("timeOut:30") != std::string::npos);
}

/// A service that checks signatures, at the time of kDate.
struct Guarded {
  Guarded() : service(ServiceConfig{}, [this] { return now; }) {}
  Response Ask(Request request, const char* date, bool lower_names = true) {
    if (date != nullptr) request.headers.emplace_back("ocp-date", date);
    const std::string signature =
        Sign(StringToSign(request, "demo", lower_names), kWellKnownKey).value();
    request.headers.emplace_back("Authorization", "SharedKey demo:" + signature);
    return service.Handle(request);
  }
  Instant now = *ParseHttpDate(kDate);
  Service service;
};

const Request kList{"GET", "/pools?timeOut=30&api-version=2025-06-01", {}, ""};

TEST_CASE("a right signature is let in, query names lower-cased or as spelled") {
  Guarded guarded;
  CHECK(guarded.Ask(kList, kDate, true).status == 200);
  CHECK(guarded.Ask(kList, kDate, false).status == 200);
}

TEST_CASE("dates count for fifteen minutes") {
  Guarded guarded;
  guarded.now += std::chrono::minutes{15};
  CHECK(guarded.Ask(kList, kDate).status == 200);
  guarded.now += std::chrono::seconds{1};
  const Response late = guarded.Ask(kList, kDate);
  CHECK(late.status == 403);
  CHECK(CodeOf(late) == "AuthenticationFailed");
  guarded.now -= std::chrono::minutes{30} + std::chrono::seconds{2};
  CHECK(guarded.Ask(kList, kDate).status == 403);
  CHECK(guarded.Ask(kList, "Sat, 01 Jan 0001 00:00:00 GMT").status == 403);
}

TEST_CASE("the Date header serves when there is no ocp-date") {
  Guarded guarded;
  Request request = kList;
  request.headers.emplace_back("Date", kDate);
  CHECK(guarded.Ask(request, nullptr).status == 200);
  CHECK(guarded.Ask(kList, nullptr).status == 403);
}

TEST_CASE("a signature over something else is refused") {
  Guarded guarded;
  Request request = kList;
  request.headers.emplace_back("ocp-date", kDate);
  const std::string signature = Sign(StringToSign(request, "demo", true), kWellKnownKey).value();
  request.headers.emplace_back("Authorization", "SharedKey demo:" + signature);
  CHECK(guarded.service.Handle(request).status == 200);
  for (const char* const name : {"Content-Type", "If-Match", "ocp-more", "Content-Length"}) {
    CAPTURE(name);
    Request changed = request;
    changed.headers.emplace_back(name, "1");
    CHECK(CodeOf(guarded.service.Handle(changed)) == "AuthenticationFailed");
  }
  Request other_path = request;
  other_path.target = "/pools?timeOut=30&api-version=2024-07-01.20.0";
  CHECK(guarded.service.Handle(other_path).status == 403);
}

TEST_CASE("other forms of Authorization are told apart") {
  Guarded guarded;
  const auto with = [&](const char* value) {
    Request request = kList;
    request.headers = {{"ocp-date", kDate}, {"Authorization", value}};
    return guarded.service.Handle(request);
  };
  for (const char* const torn : {"SharedKey demo", "SharedKey :abc=", "SharedKey demo:"}) {
    CAPTURE(torn);
    CHECK(CodeOf(with(torn)) == "InvalidAuthenticationInfo");
  }
  CHECK(CodeOf(with("Basic abc")) == "InvalidAuthenticationInfo");
  CHECK(with("SharedKey nobody:abc=").status == 403);
  CHECK(with("Bearer token").status == 401);
  CHECK(guarded.service.Handle(kList).status == 401);
}

TEST_CASE("a caller without Authorization is told one of two things") {
  const auto answer = [](const char* code) {
    ServiceConfig config;
    config.switches.no_authorization_code = code;
    Service service(config, [] { return *ParseHttpDate(kDate); });
    return service.Handle(kList);
  };
  const Response refused = answer("AuthenticationFailed");
  CHECK(refused.status == 401);
  CHECK(HeaderOf(refused, "WWW-Authenticate").rfind("Bearer authorization_uri=", 0) == 0);
  const Response missing = answer("MissingRequiredHeader");
  CHECK(missing.status == 400);
  CHECK(CodeOf(missing) == "MissingRequiredHeader");
  CHECK(DetailOf(missing, "HeaderName") == "Authorization");
  CHECK(HeaderOf(missing, "WWW-Authenticate").empty());
}

TEST_CASE("a wrong signature is told with the text that was signed here") {
  Guarded guarded;
  Request request = kList;
  request.headers = {{"ocp-date", kDate}, {"Authorization", "SharedKey demo:abc="}};
  CHECK(DetailOf(guarded.service.Handle(request), "AuthenticationErrorDetail") ==
        "The MAC signature found in the HTTP request 'abc=' is not the same as any computed "
        "signature. Server used following string to sign: '" +
            StringToSign(request, "demo", true) + "'");
}

TEST_CASE("authentication comes before everything else") {
  Guarded guarded;
  CHECK(guarded.service.Handle({"GET", "/nowhere", {}, ""}).status == 401);
  CHECK(CodeOf(guarded.Ask({"GET", "/nowhere", {}, ""}, kDate)) == "MissingRequiredQueryParameter");
  CHECK(CodeOf(guarded.Ask({"GET", "/nowhere?api-version=2020-01-01", {}, ""}, kDate)) ==
        "UnsupportedRequestVersion");
  CHECK(CodeOf(guarded.Ask({"GET", "/nowhere?api-version=2025-06-01", {}, ""}, kDate)) ==
        "ResourceNotFound");
}

TEST_CASE("links take the place of Host, unless it cannot be one") {
  ServiceConfig config = TestConfig();
  config.endpoint.clear();
  World world(config);
  const auto link = [&](const char* host) {
    const Response list = world.Call("GET", "/pools", "", {{"Host", host}});
    return ParseJson(list.body).value_or(Json{}).Text("odata.metadata");
  };
  CHECK(link("[::1]:80") == "http://[::1]:80/$metadata#pools");
  CHECK(link("a\"b") == "http://localhost/$metadata#pools");
  CHECK(link("a\xFF") == "http://localhost/$metadata#pools");
}

TEST_CASE("the service as a whole is no resource") {
  const Request request{"OPTIONS", "*?api-version=2025-06-01", {}, ""};
  CHECK(World(DefaultSide()).service.Handle(request).status == 404);
}

}  // namespace
}  // namespace emulator
