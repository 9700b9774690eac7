// Bodies and ETags that say something else than they should, or say it badly.
#include "tests/emulator/fault_body.h"

#include <doctest/doctest.h>

#include "tests/emulator/fault_member.h"
#include "tests/emulator/test/bad_day.h"

namespace emulator {
namespace {

Response With(const std::string& fault, const std::string& target = "/pools/a") {
  BadDay day("faults: [{" + fault + "}]");
  return day.Call("GET", target);
}

TEST_CASE("fault body: another type, or none") {
  CHECK(HeaderOf(With("body: xml"), "Content-Type") == "application/xml");
  CHECK(HeaderOf(With("body: noType"), "Content-Type").empty());
  const Response other = With("body: otherType");
  CHECK(HeaderOf(other, "Content-Type") == "text/html");
  CHECK(ParseJson(other.body));
  CHECK(CodeOf(With("body: error")) == "InternalError");
  CHECK(With("body: error").status == 200);
  CHECK(With("body: empty").body.empty());
}

TEST_CASE("fault body: JSON that ends anywhere") {
  CHECK(With("cutBodyAt: 0").body.empty());
  CHECK(With("cutBodyAt: 7").body.size() == 7);
  CHECK(ParseJson(With("cutBodyAt: 100000").body));
}

TEST_CASE("fault body: texts and sizes that parsers stumble over") {
  CHECK(With("body: deep").body.size() > 200'000);
  CHECK(With("body: manyItems").body.size() > 3'000'000);
  CHECK(With("body: longText").body.size() > 1'000'000);
  CHECK(With("body: huge").body.size() > 100'000'000);
  CHECK(With("body: bom").body.starts_with("\xef\xbb\xbf{"));
  for (const std::string word : {"nul", "invalidUtf8", "loneSurrogate"}) {
    CAPTURE(word);
    const Response answer = With("body: " + word);
    CHECK(answer.status == 200);
    CHECK_FALSE(ParseJson(answer.body));
    CHECK(answer.body.find(R"("id":"a")") != std::string::npos);
  }
}

TEST_CASE("fault body: a small stream that unpacks to a large one") {
  const Response answer = With("body: gzipBomb");
  CHECK(HeaderOf(answer, "Content-Encoding") == "gzip");
  CHECK(answer.body.size() < 10'000'000);
  // As zlib packs 259 blanks with fixed codes, from the header to the last byte of its stream.
  CHECK(GzipOfBlanks(259) == std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10) +
                                 std::string("\x53\x18\x05\x00", 4) + std::string(8, '\0'));
}

TEST_CASE("fault member: any text in the place of a value, in each item of a list") {
  const std::string pool = With(R"(member: {name: state, value: '"migrating"'})").body;
  CHECK(ParseJson(pool)->Text("state") == "migrating");
  const auto page = ParseJson(With(R"(member: {name: state, value: '"x"'})", "/pools").body);
  for (const Json& item : *page->Find("value")->AsList()) CHECK(item.Text("state") == "x");
  const std::string odd = With("member: {name: targetDedicatedNodes, value: 1e400}").body;
  CHECK(odd.find(R"("targetDedicatedNodes":1e400)") != std::string::npos);
  CHECK_FALSE(ParseJson(With("member: {name: new, value: nonsense}").body));
}

TEST_CASE("fault member: gone, twice, in capitals, inside of objects") {
  const std::string body = R"({"a":1,"b":{"c":[2]}})";
  using Act = MemberFault::Act;
  CHECK(WithMember({"a", Act::kDrop, ""}, body) == R"({"b":{"c":[2]}})");
  CHECK(WithMember({"a", Act::kTwice, ""}, body) == R"({"a":1,"a":1,"b":{"c":[2]}})");
  CHECK(WithMember({"a", Act::kUpperCase, ""}, body) == R"({"A":1,"b":{"c":[2]}})");
  CHECK(WithMember({"b.c", Act::kSet, "null"}, body) == R"({"a":1,"b":{"c":null}})");
  CHECK(WithMember({"b.x", Act::kSet, "5"}, body) == R"({"a":1,"b":{"c":[2],"x":5}})");
  CHECK(WithMember({"x.y", Act::kSet, "5"}, body) == body);
  CHECK(WithMember({"x", Act::kTwice, ""}, body) == body);
  CHECK(WithMember({"a", Act::kDrop, ""}, "no JSON") == "no JSON");
}

TEST_CASE("fault etag: missing, in quotes, weak, old, or another one in the header") {
  BadDay day("");
  const std::string etag = HeaderOf(day.Call("GET", "/pools/a"), "ETag");
  const auto both = [&](const std::string& word) {
    const Response answer = With("etag: " + word);
    return HeaderOf(answer, "ETag") + " " + ParseJson(answer.body)->Text("eTag");
  };
  CHECK(both("missing") == " ");
  CHECK(both("quoted") == '"' + etag + "\" \"" + etag + '"');
  CHECK(both("weak") == "W/\"" + etag + "\" W/\"" + etag + '"');
  CHECK(both("headerDiffers") == "0x1 " + etag);
  CHECK(both("goesBack") == "0x8D0000000000000 0x8D0000000000000");
  const auto page = ParseJson(With("etag: quoted", "/pools").body);
  CHECK(page->Find("value")->AsList()->front().Text("eTag") == '"' + etag + '"');
}

}  // namespace
}  // namespace emulator
