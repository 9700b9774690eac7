#include "reconciler/core/json_list.h"

#include <doctest/doctest.h>

#include <vector>

namespace {

using namespace reconciler;

struct Split {
  std::vector<std::string> items;
  std::string next_link;
  std::string error;
};
Split Take(std::string_view body) {
  Split split;
  auto tail = SplitJsonList(body, [&](std::string_view item) -> Status {
    split.items.emplace_back(item);
    return Ok{};
  });
  if (tail) {
    split.next_link = tail->next_link;
    CHECK(tail->items == split.items.size());
  } else {
    CHECK(tail.error().kind == ErrorKind::kTransient);
    split.error = tail.error().message;
  }
  return split;
}

}  // namespace

TEST_CASE("items of a list answer come as they stand, in order") {
  const Split split = Take(
      "{\"odata.metadata\":\"x\", \"value\" : [ {\"a\":\"]},{\"} ,\r\n  "
      "{\"b\":[1,{\"c\":\"\\\"\"}]}\r\n], "
      "\"odata.nextLink\":\"https://h/p?$skiptoken=1\"}\r\n");
  REQUIRE(split.items.size() == 2);
  CHECK(split.items[0] == R"({"a":"]},{"})");
  CHECK(split.items[1] == R"({"b":[1,{"c":"\""}]})");
  CHECK(split.next_link == "https://h/p?$skiptoken=1");
}

TEST_CASE("an empty list is a list") {
  CHECK(Take(R"({"value":[]})").error.empty());
  CHECK(Take(R"({"value":[ ]})").items.empty());
}

TEST_CASE("what is no list is an error, and nothing of it is taken") {
  const std::string whole = R"({"odata.metadata":"x","value":[{"id":"a"},{"id":"b"}]})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const Split split = Take(whole.substr(0, size));
    CHECK(!split.error.empty());
    CHECK(split.items.empty());
  }
  for (const char* body : {"[]", "{}", "null", "{\"value\":{}}", "{\"value\":[1,]}",
                           "{\"value\":[,1]}", "{\"value\":[]} x", "{\"value\":[],\"value\":[]}",
                           "{\"value\":[],\"odata.nextLink\":5}", "{\"value\":[}", "{value:[]}"}) {
    CAPTURE(body);
    CHECK(!Take(body).error.empty());
  }
}

TEST_CASE("a list that nests too deep is an error") {
  const std::string body = "{\"value\":[" + std::string(100, '[') + std::string(100, ']') + "]}";
  CHECK(!Take(body).error.empty());
}
