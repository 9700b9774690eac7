#include "tests/emulator/odata_filter.h"

#include <doctest/doctest.h>

namespace emulator {
namespace {

const std::vector<FilterProperty> kAllowed{{"id", "startswith eq ne gt ge lt le"},
                                           {"on", "eq ne", FilterType::kFlag},
                                           {"time", "eq ne gt ge lt le", FilterType::kTime},
                                           {"count", "eq gt", FilterType::kNumber}};

/// "yes", "no" or the error.
std::string Result(std::string_view text) {
  const auto parsed = Filter::Parse(text, kAllowed);
  if (const auto* error = std::get_if<std::string>(&parsed)) return *error;
  const bool matches = std::get<Filter>(parsed).Matches([](std::string_view name) -> FilterValue {
    if (name == "id") return std::string{"It's-A"};
    if (name == "on") return true;
    if (name == "count") return std::int64_t{5};
    return *ParseTime("2025-01-01T00:00:00Z");
  });
  return matches ? "yes" : "no";
}

TEST_CASE("filters compare texts without case, flags, numbers and times") {
  CHECK(Result("") == "yes");
  CHECK(Result("id eq 'it''s-a'") == "yes");
  CHECK(Result("id ne 'it''s-a'") == "no");
  CHECK(Result("startswith(id,'IT')") == "yes");
  CHECK(Result("startswith( id , 'x' )") == "no");
  CHECK(Result("on eq true") == "yes");
  CHECK(Result("on eq false") == "no");
  CHECK(Result("count gt 4") == "yes");
  CHECK(Result("time ge DateTime'2025-01-01T00:00:00Z'") == "yes");
  CHECK(Result("time gt datetime'2025-01-01T00:00:00Z'") == "no");
  CHECK(Result("id gt 'a' and id lt 'z'") == "yes");
}

TEST_CASE("and binds tighter than or, parentheses bind tightest") {
  CHECK(Result("on eq true or on eq true and on eq false") == "yes");
  CHECK(Result("(on eq true or on eq true) and on eq false") == "no");
}

TEST_CASE("what does not parse or is not allowed is refused") {
  CHECK(Result("name eq 'x'") == "property 'name' cannot be filtered by at position 7");
  CHECK(Result("on gt true") == "operator 'gt' is not supported for 'on' at position 5");
  CHECK(Result("id eq") == "expected a literal at position 5");
  CHECK(Result("id eq 'x") == "expected a literal at position 8");
  CHECK(Result("(id eq 'x'") == "expected ')' at position 10");
  CHECK(Result("id eq 'x' foo") == "unexpected text at position 10");
  CHECK(Result(std::string(200, '(')).substr(0, 8) == "too deep");
}

TEST_CASE("a property is compared with literals of its type alone") {
  const std::string time = "'time' is compared with a time such as DateTime'2025-01-01T00:00:00Z'";
  CHECK(Result("on eq 'true'") == "'on' is compared with true or false at position 12");
  CHECK(Result("on eq 1") == "'on' is compared with true or false at position 7");
  CHECK(Result("count gt '4'") == "'count' is compared with a number at position 12");
  CHECK(Result("id eq 5") == "'id' is compared with a text in single quotes at position 7");
  CHECK(Result("id eq true") == "'id' is compared with a text in single quotes at position 10");
  CHECK(Result("startswith(id,5)") ==
        "'id' is compared with a text in single quotes at position 15");
  CHECK(Result("time gt 5") == time + " at position 9");
  CHECK(Result("time gt '2025-01-01T00:00:00Z'") == time + " at position 30");
  CHECK(Result("time gt 2025-01-01T00:00:00Z") == "no");
}

}  // namespace
}  // namespace emulator
