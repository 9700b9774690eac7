// Which query parameters each operation takes, and a timeout's value.
#include <doctest/doctest.h>

#include "tests/emulator/operation_table.h"
#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

/// The path with the id x in each open place.
std::string PathOf(const OperationRow& row) {
  std::string path(row.path);
  for (auto at = path.find('*'); at != std::string::npos; at = path.find('*')) path[at] = 'x';
  return path;
}

TEST_CASE("2.2 a query parameter that the operation does not have is refused, before existence") {
  World world;
  for (const OperationRow& row : OperationRows()) {
    if (row.act == nullptr) continue;
    const std::string path = PathOf(row);
    for (const char* const name : {"maxresults", "$skiptoken", "$filter", "$select", "$expand",
                                   "$orderby", "$top", "startTime", "force", "foo"}) {
      CAPTURE(row.name);
      CAPTURE(name);
      const auto names = Split(row.query, ' ');
      const bool has = std::find(names.begin(), names.end(), Lower(name)) != names.end();
      const Response answer =
          world.Call(std::string(row.method), path + "?" + name + "=1&timeOut=5");
      if (row.method == "HEAD") {
        CHECK((answer.status == 400) == !has);
        continue;
      }
      CHECK((CodeOf(answer) == "UnsupportedQueryParameter") == !has);
      if (has) continue;
      CHECK(answer.status == 400);
      CHECK(DetailOf(answer, "QueryParameterName") == name);
      CHECK(DetailOf(answer, "QueryParameterValue") == "1");
    }
  }
}

TEST_CASE(
    "2.2 lists of pools and nodes, single ones and metrics have the parameters of the table") {
  World world;
  const auto code = [&](const std::string& target) { return CodeOf(world.Call("GET", target)); };
  CHECK(code("/pools?MaxResults=1&$Filter=&$select=id&$expand=stats") == "");
  CHECK(code("/pools?$orderby=id") == "UnsupportedQueryParameter");
  CHECK(code("/pools/p?$select=id&$expand=stats") == "PoolNotFound");
  CHECK(code("/pools/p?maxresults=1") == "UnsupportedQueryParameter");
  CHECK(code("/pools/p/nodes?maxresults=1&$filter=&$select=id") == "PoolNotFound");
  CHECK(code("/pools/p/nodes?$expand=stats") == "UnsupportedQueryParameter");
  CHECK(code("/nodecounts?$select=poolId") == "UnsupportedQueryParameter");
  CHECK(code("/supportedimages?$filter=&maxresults=1000") == "");
  CHECK(code("/poolusagemetrics?startTime=x") == "InvalidQueryParameterValue");
}

TEST_CASE("1.2 force of jobs comes with 2024-07-01.20.0") {
  World world;
  const auto code = [&](const char* version) {
    return CodeOf(world.Call("DELETE", "/jobs/j?force=true", "", {}, version));
  };
  CHECK(code("2024-07-01.20.0") == "JobNotFound");
  CHECK(code("2024-02-01.19.0") == "UnsupportedQueryParameter");
}

TEST_CASE("2.2 a timeout is a number of seconds, of any size") {
  World world;
  for (const char* const good : {"timeout=30", "timeOut=600", "TIMEOUT=1"}) {
    CAPTURE(good);
    CHECK(world.Call("GET", std::string("/pools?") + good).status == 200);
  }
  for (const char* const bad : {"abc", "", "1.5", "3000000000", "30s", "%201"}) {
    CAPTURE(bad);
    const Response answer = world.Call("GET", std::string("/pools?timeOut=") + bad);
    CHECK(answer.status == 400);
    CHECK(CodeOf(answer) == "InvalidQueryParameterValue");
    CHECK(DetailOf(answer, "QueryParameterName") == "timeOut");
    CHECK(DetailOf(answer, "QueryParameterValue") == PercentDecode(bad, true));
    CHECK(DetailOf(answer, "Reason") == "The timeout must be a number of seconds");
  }
}

}  // namespace
}  // namespace emulator
