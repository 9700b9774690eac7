// Applications and usage metrics.
#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("applications are the declared ones, sorted, with their versions") {
  ServiceConfig config = TestConfig();
  config.accounts[0].applications = {ApplicationConfig{"tool", "Tool", {"1.0", "2.0"}, "2.0"},
                                     ApplicationConfig{"App", "", {}, ""}};
  World world{config};
  CHECK(world.Call("GET", "/applications").body ==
        R"({"odata.metadata":"http://batch.local/$metadata#listapplicationsummariesresponses",)"
        R"("value":[{"id":"App","versions":[]},)"
        R"({"id":"tool","displayName":"Tool","versions":["1.0","2.0"]}]})");
  CHECK(
      world.Call("GET", "/applications/TOOL").body ==
      R"({"odata.metadata":"http://batch.local/$metadata#getapplicationsummaryresponse/@Element",)"
      R"("id":"tool","displayName":"Tool","versions":["1.0","2.0"]})");
  const Json page = world.Get("/applications?maxresults=1");
  CHECK(page.Find("value")->AsList()->size() == 1);
  const std::string link = page.Text("odata.nextLink");
  const Response rest = world.service.Handle({"GET", link, {}, ""});
  CHECK(rest.body.find("\"tool\"") != std::string::npos);
  CHECK(rest.body.find("\"App\"") == std::string::npos);
  CHECK(CodeOf(world.Call("GET", "/applications/none")) == "ApplicationNotFound");
  CHECK(world.Call("POST", "/applications").status == 405);
}

TEST_CASE("an account that declares no applications lists none") {
  World world;
  CHECK(world.Get("/applications").Find("value")->AsList()->empty());
}

/// Two pools at 12:00:00.12, read at 16:00.
struct Used : World {
  Used() {
    Call("POST", "/pools", LinuxPool("p", R"(,"targetDedicatedNodes":3)"));
    Call("POST", "/pools", LinuxPool("q", R"(,"targetLowPriorityNodes":1)"));
    Call("POST", "/pools", LinuxPool("empty"));
    now = *ParseTime("2025-07-01T16:00:00Z");
  }
  Json::List Items(const std::string& query) {
    const Json list = Get("/poolusagemetrics?" + query);
    return *list.Find("value")->AsList();
  }
};

TEST_CASE("usage metrics are the core hours of past half hours") {
  Used world;
  const Json::List last = world.Items("");
  REQUIRE(last.size() == 2);
  CHECK(JsonText(last[0]) ==
        R"({"poolId":"p","startTime":"2025-07-01T13:30:00Z","endTime":"2025-07-01T14:00:00Z",)"
        R"("vmSize":"standard_d2_v3","totalCoreHours":3})");
  CHECK(world.Items("startTime=2025-07-01T12:00:00Z&endtime=2025-07-01T13:29:59Z").size() == 2);
  CHECK(world.Items("startTime=2025-06-01T00:00:00Z").size() == 6);
  CHECK(world.Items("startTime=2025-06-01T00:00:00Z&$filter=poolId%20eq%20%27q%27").size() == 3);
}

TEST_CASE("usage metrics are paged") {
  Used world;
  std::string link =
      "/poolusagemetrics?api-version=2025-06-01&startTime=2025-06-01T00:00:00Z"
      "&maxresults=4";
  std::size_t items = 0;
  int pages = 0;
  for (; !link.empty(); ++pages) {
    const Json page = ParseJson(world.service.Handle({"GET", link, {}, ""}).body).value();
    items += page.Find("value")->AsList()->size();
    link = page.Text("odata.nextLink");
  }
  CHECK(items == 6);
  CHECK(pages == 2);
}

TEST_CASE("usage metrics want times that lie far enough back") {
  Used world;
  const auto wrong = [&](const std::string& query) {
    return DetailOf(world.Call("GET", "/poolusagemetrics?" + query), "QueryParameterName");
  };
  CHECK(wrong("startTime=2025-07-01T13:30:00.1Z") == "startTime");
  CHECK(wrong("startTime=2025-07-01T12:00:00Z&endtime=2025-07-01T14:00:00.1Z") == "endtime");
  CHECK(wrong("startTime=2025-07-01T12:00:00Z&endtime=2025-07-01T12:00:00Z") == "endtime");
  CHECK(wrong("startTime=yesterday") == "startTime");
  CHECK(wrong("startTime=2025-07-01T13:30:00Z&endtime=2025-07-01T14:00:00Z").empty());
}

}  // namespace
}  // namespace emulator
