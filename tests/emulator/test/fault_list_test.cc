// Lists that are not what is there, and pages that do not follow each other as they should.
#include <doctest/doctest.h>

#include "tests/emulator/test/bad_day.h"

namespace emulator {
namespace {

constexpr char kPaged[] = "/pools?maxresults=1&api-version=2025-06-01";

/// With TOKEN in place of the token.
std::string LinkWith(const std::string& word) {
  BadDay day("faults: [{operation: listPools, nextLink: " + word + "}]");
  std::string link = day.Body("/pools?maxresults=1").Text("odata.nextLink");
  const auto begin = link.find("$skiptoken=");
  if (begin == std::string::npos) return link;
  return link.replace(begin + 11, link.find('&', begin) - begin - 11, "TOKEN");
}

TEST_CASE("fault list: an item at the border of two pages is lost, or comes twice") {
  BadDay lost("faults: [{operation: listPools, list: missesAtBorder}]");
  CHECK(lost.Pages(kPaged) == "[a][]");
  BadDay twice("faults: [{operation: listPools, list: repeatsAtBorder}]");
  CHECK(twice.Pages(kPaged) == "[a][a,b]");
}

TEST_CASE("fault list: the service chooses the size of pages") {
  BadDay day("faults: [{operation: [listPools, listNodeCounts], pageSize: 1}]");
  CHECK(day.Pages("/pools?api-version=2025-06-01") == "[a][b]");
  const Json counts = day.Body("/nodecounts");
  CHECK(BadDay::IdsOf(counts, "poolId") == "a");
  CHECK(counts.Find("odata.nextLink") != nullptr);
}

TEST_CASE("fault list: a page without items between others, once or for ever") {
  BadDay once("faults: [{operation: listPools, calls: 1-2, list: emptyPage}]");
  CHECK(once.Pages(kPaged) == "[][][a][b]");
  BadDay next("faults: [{operation: listPools, page: next, times: 1, list: emptyPage}]");
  CHECK(next.Pages(kPaged) == "[a][][b]");
  BadDay endless("faults: [{operation: listPools, list: endless}]");
  CHECK(endless.Pages(kPaged, 5) == "[][][][][]");
}

TEST_CASE("fault list: links that lead back") {
  BadDay self("faults: [{operation: listPools, page: next, list: loopsToItself}]");
  CHECK(self.Pages(kPaged, 4) == "[a][b][b][b]");
  BadDay first("faults: [{operation: listPools, page: next, list: loopsToFirst}]");
  CHECK(first.Pages(kPaged, 4) == "[a][b][a][b]");
}

TEST_CASE("fault list: a list that is empty or half of what it was") {
  BadDay empty("faults: [{operation: listPools, list: empty}]");
  CHECK(empty.Pages(kPaged) == "[]");
  BadDay half("faults: [{operation: listPools, list: half}]");
  CHECK(half.Listed() == "a");
}

TEST_CASE("fault list: links to where nobody should go") {
  const std::string query = "$skiptoken=TOKEN&maxresults=1&api-version=2025-06-01";
  CHECK(LinkWith("otherHost") == "http://evil.example/pools?" + query);
  CHECK(LinkWith("otherPort") == "http://batch.local:1/pools?" + query);
  CHECK(LinkWith("http") == "http://batch.local:80/pools?" + query);
  CHECK(LinkWith("file") == "file:///etc/passwd");
  CHECK(LinkWith("userinfo") == "http://batch.local@evil.example/pools?" + query);
  CHECK(LinkWith("otherAccount") == "http://other.batch.local/pools?" + query);
  CHECK(LinkWith("otherVersion") ==
        "http://batch.local/pools?$skiptoken=TOKEN&maxresults=1&api-version=2099-01-01.1.0");
  CHECK(LinkWith("otherPath") == "http://batch.local/jobs");
  CHECK(LinkWith("noText") == "no link");
  BadDay last("faults: [{operation: listPools, nextLink: otherHost}]");
  CHECK(last.Body("/pools").Text("odata.nextLink").starts_with("http://evil.example/pools?"));
}

}  // namespace
}  // namespace emulator
