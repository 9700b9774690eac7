// Requests as clients of the vendor spell and sign them. Source: captured requests.
#include <doctest/doctest.h>

#include "tests/emulator/authentication.h"
#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

constexpr char kDate[] = "Tue, 01 Jul 2025 12:00:00 GMT";
constexpr char kJson[] = "application/json; odata=minimalmetadata";
constexpr char kCharset[] = "application/json; charset=utf-8";

struct Signed {
  Signed() : service(ServiceConfig{}, [this] { return now; }) {
    Ask({"POST",
         "/pools?api-version=2025-06-01",
         {{"Content-Type", kJson}},
         LinuxPool("p", R"(,"targetDedicatedNodes":1)")});
    now += std::chrono::minutes{1};
  }
  Response Ask(Request request, bool lower_names = true, const char* date = kDate) {
    if (!request.body.empty()) {
      request.headers.emplace_back("Content-Length", std::to_string(request.body.size()));
    }
    if (FindHeader(request.headers, "Date") == nullptr) {
      request.headers.emplace_back("ocp-date", date);
    }
    request.headers.emplace_back(
        "Authorization",
        "SharedKey demo:" + *Sign(StringToSign(request, "demo", lower_names), kWellKnownKey));
    return service.Handle(request);
  }
  Instant now = *ParseHttpDate(kDate);
  Service service;
};

TEST_CASE(
    "16 query names: lower-cased by Java, timeOut as spelled by Python and Go, %24 and plus") {
  Signed world;
  const auto get = [&](const std::string& query, bool lower_names) {
    return world.Ask({"GET", "/pools" + query, {}, ""}, lower_names).status;
  };
  CHECK(get("?timeOut=30&api-version=2025-06-01", false) == 200);
  CHECK(get("?timeout=30&api-version=2025-06-01", true) == 200);
  CHECK(get("?api-version=2025-06-01&%24filter=state+eq+%27active%27", true) == 200);
  CHECK(get("?API-Version=2025-06-01&MaxResults=1", true) == 200);
}

TEST_CASE("16 Content-Type and Content-Length of calls without a body") {
  Signed world;
  const auto status = [&](const char* method, const std::string& path, Headers headers) {
    return world.Ask({method, path + "?api-version=2025-06-01", std::move(headers), ""}).status;
  };
  CHECK(status("GET", "/pools/p", {{"Content-Type", kCharset}}) == 200);
  CHECK(status("HEAD", "/pools/p", {{"Content-Type", kCharset}}) == 200);
  CHECK(status("POST", "/pools/p/disableautoscale", {{"Content-Length", "0"}}) == 409);
  CHECK(status("POST", "/pools/p/disableautoscale",
               {{"Content-Type", kCharset}, {"Content-Length", "0"}}) == 409);
  CHECK(status("DELETE", "/pools/none", {{"Content-Length", "0"}}) == 404);     // Python, Java
  CHECK(status("DELETE", "/pools/none", {}) == 404);                            // Go
  CHECK(status("DELETE", "/pools/none", {{"Content-Type", kCharset}}) == 404);  // JavaScript
}

TEST_CASE("16 bodies: types are read with and without charset, node actions take a body or none") {
  Signed world;
  for (const char* const type : {kJson, "application/json;odata=minimalmetadata",
                                 "application/json; odata=minimalmetadata; charset=utf-8"}) {
    CAPTURE(type);
    CHECK(world
              .Ask({"PATCH",
                    "/pools/p?api-version=2025-06-01",
                    {{"Content-Type", type}},
                    R"({"startTask":null,"metadata":[{"name":"a","value":"b"}]})"})
              .status == 200);
  }
  const Response nodes = world.Ask({"GET", "/pools/p/nodes?api-version=2025-06-01", {}, ""});
  const std::string node =
      "/pools/p/nodes/" + ParseJson(nodes.body)->Find("value")->AsList()->front().Text("id");
  const auto act = [&](const char* action, const Headers& headers, const char* body) {
    return world.Ask({"POST", node + action + "?api-version=2025-06-01", headers, body}).status;
  };
  CHECK(act("/disablescheduling", {{"Content-Type", kJson}}, "{}") == 200);
  CHECK(act("/enablescheduling", {{"Content-Length", "0"}}, "") == 200);
  CHECK(act("/disablescheduling", {}, "") == 200);  // Go: neither body nor type
  CHECK(act("/reboot", {{"Content-Type", kJson}}, R"({"nodeRebootOption":"requeue"})") == 202);
  const Response shown = world.Ask({"GET", node + "?api-version=2025-06-01", {}, ""});
  CHECK(ParseJson(shown.body)->Text("state") == "rebooting");  // in the first GET after the 202
}

TEST_CASE("16 numbers as texts in create and resize") {
  Signed world;
  CHECK(world
            .Ask({"POST",
                  "/pools?api-version=2024-02-01.19.0",
                  {{"Content-Type", kJson}},
                  LinuxPool("q", R"(,"targetDedicatedNodes":"2","taskSlotsPerNode":"1")")})
            .status == 201);
  CHECK(world
            .Ask({"POST",
                  "/pools/p/resize?api-version=2024-02-01.19.0",
                  {{"Content-Type", kJson}},
                  R"({"targetDedicatedNodes":"2"})"})
            .status == 202);
}

TEST_CASE("16 conditions bare and quoted, dates that end with UTC") {
  Signed world;
  const std::string etag =
      HeaderOf(world.Ask({"GET", "/pools/p?api-version=2025-06-01", {}, ""}), "ETag");
  const auto with = [&](const char* name, const std::string& value) {
    return world.Ask({"GET", "/pools/p?api-version=2025-06-01", {{name, value}}, ""}).status;
  };
  CHECK(with("If-Match", '"' + etag + '"') == 200);
  CHECK(with("If-Match", etag) == 200);
  CHECK(with("If-None-Match", '"' + etag + '"') == 304);
  CHECK(with("If-Modified-Since", "Tue, 01 Jul 2025 11:00:00 UTC") == 200);
  CHECK(with("Date", "Tue, 01 Jul 2025 12:00:00 UTC") == 200);
}

TEST_CASE("16 skip tokens survive being decoded twice, and links that are sorted or rebuilt") {
  Signed world;
  for (const char* const id : {"a", "b-_", "c"}) {
    world.Ask({"POST", "/pools?api-version=2025-06-01", {{"Content-Type", kJson}}, LinuxPool(id)});
  }
  std::string target = "/pools?maxresults=1&$select=id&api-version=2025-06-01";
  std::string ids;
  for (int pages = 0; pages < 5 && !target.empty(); ++pages) {
    const Json page = *ParseJson(world.Ask({"GET", target, {}, ""}).body);
    ids += page.Find("value")->AsList()->front().Text("id") + " ";
    const std::string link = page.Text("odata.nextLink");
    target.clear();
    if (link.empty()) break;
    const Target next = ParseTarget(link);
    const std::string token = *next.Find("$skiptoken");
    CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789-_") == std::string::npos);
    for (const QueryParameter& parameter : next.query) {  // another order, quoted anew
      target = fmt::format("{}{}{}={}", target, target.empty() ? "" : "&",
                           PercentEncode(parameter.name), PercentEncode(parameter.value));
    }
    target = "/pools?" + target;
  }
  CHECK(ids == "a b-_ c p ");
}

TEST_CASE("16 what clients fail on is never sent") {
  Signed world;
  const Response pool = world.Ask({"GET", "/pools/p?api-version=2025-06-01", {}, ""});
  CHECK(ParseHttpDate(HeaderOf(pool, "Last-Modified")));
  CHECK(pool.body.find("resizeErrors") == std::string::npos);
  CHECK(pool.body.find(R"("allocationState":"steady")") != std::string::npos);
  const Response missing = world.Ask({"GET", "/pools/q?api-version=2025-06-01", {}, ""});
  CHECK(ParseJson(missing.body)->Find("message")->AsObject() != nullptr);
  const std::string id = HeaderOf(missing, "request-id");
  REQUIRE(id.size() == 36);
  CHECK(id.find_first_not_of("0123456789abcdef-") == std::string::npos);
  const Response images = world.Ask(
      {"GET",
       "/supportedimages?api-version=2025-06-01&$filter=verificationType%20eq%20%27verified%27",
       {},
       ""});
  CHECK(images.status == 200);
  CHECK(images.body.find("unverified") == std::string::npos);
}

}  // namespace
}  // namespace emulator
