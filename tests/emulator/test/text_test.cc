// JSON, times, queries: the small readers and writers.
#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

std::string Again(std::string_view text) {
  const auto value = ParseJson(text);
  return value ? JsonText(*value) : "refused";
}

TEST_CASE("a status has one phrase, whoever answers") {
  CHECK(ReasonPhrase(202) == "Accepted");
  CHECK(ReasonPhrase(429) == "Too Many Requests");
  CHECK(ReasonPhrase(504) == "Gateway Time-out");
  CHECK(ReasonPhrase(999) == "Unknown");
}

TEST_CASE("JSON keeps the order of members and the kinds of values") {
  CHECK(Again(R"({"b":1,"a":[true,null,-5,1.5,"x"],"c":{}})") ==
        R"({"b":1,"a":[true,null,-5,1.5,"x"],"c":{}})");
  CHECK(Again(R"("\u0001\"\\\n\u00e9")") == "\"\\u0001\\\"\\\\\\n\u00e9\"");
}

TEST_CASE("what is not JSON is refused") {
  for (const char* const bad : {"", "{", "{\"a\":1,}", "[1 2]", "{}x", "'a'", "\"\xff\""}) {
    CAPTURE(bad);
    CHECK(Again(bad) == "refused");
  }
  CHECK(Again(std::string(100, '[') + std::string(100, ']')) == "refused");
}

TEST_CASE("a text that is no UTF-8 becomes JSON all the same") {
  const auto quoted = [](std::string_view text) {
    std::string out;
    AppendQuoted(out, text);
    return out;
  };
  CHECK(quoted("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80 \x7F") ==
        "\"\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80 \x7F\"");
  for (const char* const broken : {"\x80", "\xFF", "\xC0", "\xC3", "\xF5"}) {
    CHECK(quoted(broken) == "\"\xEF\xBF\xBD\"");
  }
  CHECK(quoted("\xC3\"") == "\"\xEF\xBF\xBD\\\"\"");
  // Too long, a surrogate, beyond U+10FFFF, cut off.
  for (const char* const broken :
       {"\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\xF0\x9F\x98"}) {
    CHECK(ParseJson(quoted(broken)));
  }
}

TEST_CASE("times have up to seven fraction digits and no trailing zeros") {
  CHECK(FormatTime(*ParseTime("2024-04-18T00:32:00.6188622Z")) == "2024-04-18T00:32:00.6188622Z");
  CHECK(FormatTime(*ParseTime("2024-04-18T00:32:00.500Z")) == "2024-04-18T00:32:00.5Z");
  CHECK(FormatTime(*ParseTime("2024-04-18T00:32:00Z")) == "2024-04-18T00:32:00Z");
  for (const char* const bad : {"", "2024-04-18", "2024-13-18T00:32:00Z", "2024-04-18T00:32:00"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseTime(bad));
  }
}

TEST_CASE("a date that no instant holds is the first or the last one") {
  CHECK(FormatTime(*ParseTime("9999-12-31T23:59:59Z")) == "2261-12-31T00:00:00Z");
  CHECK(ParseTime("0001-01-01T00:00:00Z") == kEarliest);
  CHECK(ParseHttpDate("Fri, 31 Dec 9999 23:59:59 GMT") == kLatest);
  CHECK(!ParseTime("9999-02-29T00:00:00Z"));
}

TEST_CASE("HTTP dates are read with GMT and with UTC") {
  const auto time = ParseHttpDate("Tue, 01 Jul 2025 12:00:00 GMT");
  REQUIRE(time);
  CHECK(FormatHttpDate(*time) == "Tue, 01 Jul 2025 12:00:00 GMT");
  CHECK(ParseHttpDate("Tue, 01 Jul 2025 12:00:00 UTC") == time);
  CHECK_FALSE(ParseHttpDate("2025-07-01T12:00:00Z"));
}

TEST_CASE("durations come back in canonical form") {
  const auto again = [](const char* text) {
    const auto duration = ParseDuration(text);
    return duration ? FormatDuration(*duration) : "refused";
  };
  CHECK(again("PT60M") == "PT1H");
  CHECK(again("PT15M") == "PT15M");
  CHECK(again("P7D") == "P7D");
  CHECK(again("PT168H") == "P7D");
  CHECK(again("P1DT0.5S") == "P1DT0.5S");
  CHECK(again("PT0S") == "PT0S");
  CHECK(again("P36500D") == "P36500D");
  CHECK(again("P36500DT1S") == "refused");
  for (const char* const bad : {"", "P", "PT", "15M", "PT15", "P1M", "PTM", "PT1.5M"}) {
    CAPTURE(bad);
    CHECK(again(bad) == "refused");
  }
}

TEST_CASE("targets are taken apart, the absolute form too") {
  const Target target =
      ParseTarget("http://host:1/pools/p%20x?$filter=id%20eq+%27a%27&b&maxResults=3");
  CHECK(target.path == "/pools/p%20x");
  REQUIRE(target.query.size() == 3);
  CHECK(target.query[0].value == "id eq 'a'");
  REQUIRE(target.Find("maxresults") != nullptr);
  CHECK(*target.Find("maxresults") == "3");
  CHECK(ParseTarget("http://host").path == "/");
}

TEST_CASE("skip tokens survive the way out and back") {
  for (const char* const text : {"", "a", "ab", "abc", "pool-1\n_x\xff"}) {
    CHECK(Base64UrlDecode(Base64UrlEncode(text)) == text);
  }
  CHECK_FALSE(Base64UrlDecode("a+b"));
}

}  // namespace
}  // namespace emulator
