#include "reconciler/autoscale/operators.h"

#include "tests/autoscale/run.h"

namespace reconciler::autoscale {
namespace {

TEST_CASE("operators of doubles") {
  CHECK(Compute("1 + 2 * 3 - 8 / 4") == "5");
  CHECK(Compute("10 - 3 - 2") == "5");
  CHECK(Compute("16 / 4 / 2 * 3") == "6");
  CHECK(Compute("3 > 2 > 1") == "0");
  CHECK(Compute("0.1 + 0.2") == "0.30000000000000004");
  CHECK(Compute("1 / 0") == "Infinity");
  CHECK(Compute("-1 / 0") == "-Infinity");
  CHECK(Compute("0 / 0") == "NaN");
  CHECK(Compute("0 * -1") == "0");
  CHECK(Compute("(1 < 2) + (2 <= 2) + (3 == 3) + (3 >= 4) + (1 > 2) + (1 != 2)") == "4");
  CHECK(Compute("!0 + !5") == "1");
  CHECK(Compute("2 && 3 || 0") == "1");
}

TEST_CASE("what cannot matter is not computed") {
  CHECK(Compute("1 || $nothing") == "1");
  CHECK(Compute("0 && $nothing") == "0");
  CHECK(Compute("0 && $nothing || 3") == "1");
  CHECK(Compute("1 ? 2 : $nothing") == "2");
  CHECK(Compute("0 ? $nothing : 3") == "3");
}

TEST_CASE("operators of vectors go by element") {
  CHECK(Compute("vec(1, 2, 3) * 2 + 1") == "[3,5,7]");
  CHECK(Compute("10 - vec(1, 2)") == "[9,8]");
  CHECK(Compute("vec(1, 2) / vec(2, 4)") == "[0.5,0.5]");
  CHECK(Compute("-vec(1, 2)") == "[-1,-2]");
  CHECK(Compute("vec(1, 2) + vec(1, 2, 3)") == "Line 1, Col 15: Vectors of 2 and 3 elements");
}

TEST_CASE("operators of times and intervals") {
  CHECK(Compute("2 * TimeInterval_Minute + TimeInterval_Second / 2") == "00:02:00.5000000");
  CHECK(Compute("-(TimeInterval_Day * 1.5)") == "-1.12:00:00");
  CHECK(Compute("time(\"2025-07-02\") + TimeInterval_Week") == "2025-07-09T00:00:00.000Z");
  CHECK(Compute("TimeInterval_Hour + time(\"2025-07-02\")") == "2025-07-02T01:00:00.000Z");
  CHECK(Compute("time(\"2025-07-02\") - TimeInterval_Hour") == "2025-07-01T23:00:00.000Z");
  CHECK(Compute("time(\"2025-07-02\") - time(\"2025-07-01\")") == "1.00:00:00");
  CHECK(Compute("time(\"2025\") < time(\"2026\")") == "1");
  CHECK(Compute("TimeInterval_Hour == 60 * TimeInterval_Minute") == "1");
  CHECK(Compute("\"abc\" < \"abd\"") == "1");
}

TEST_CASE("times and intervals have their limits") {
  CHECK(Compute("TimeInterval_Year * 1e9") == "Line 1, Col 23: Time interval out of range");
  CHECK(Compute("TimeInterval_Hour / 0") == "Line 1, Col 23: Time interval out of range");
  CHECK(Compute("TimeInterval_Hour * (0 / 0)") == "Line 1, Col 23: Time interval out of range");
  CHECK(Compute("9e18 * TimeInterval_100ns + 9e18 * TimeInterval_100ns") ==
        "Line 1, Col 31: Time interval out of range");
  CHECK(Compute("time() + TimeInterval_Year * 9000") == "Line 1, Col 12: Time out of range");
  CHECK(Compute("time() - TimeInterval_Year * 9000") == "Line 1, Col 12: Time out of range");
}

TEST_CASE("types that do not fit are told at the operator") {
  CHECK(Compute("1 + \"a\"") == "Line 1, Col 7: No operator '+' for double and string");
  CHECK(Compute("\"a\" && 1") == "Line 1, Col 9: No operator '&&' for string and double");
  CHECK(Compute("vec(1) < 2") == "Line 1, Col 12: No operator '<' for doubleVec and double");
  CHECK(Compute("TimeInterval_Day / TimeInterval_Day") ==
        "Line 1, Col 22: No operator '/' for timeinterval and timeinterval");
  CHECK(Compute("requeue == requeue") ==
        "Line 1, Col 13: No operator '==' for deallocation option and deallocation option");
  CHECK(Compute("-\"a\"") == "Line 1, Col 5: No operator '-' for string");
  CHECK(Compute("!TimeInterval_Day") == "Line 1, Col 5: No operator '!' for timeinterval");
  CHECK(Compute("\"a\" ? 1 : 2") == "Line 1, Col 5: A condition is a double, not string");
}

// The check and the evaluation use one table; this is its other side.
TEST_CASE("an operator that the table has is computed, to the type that the table says") {
  const Value values[] = {2.0,
                          Vector{1, 2},
                          std::string("a"),
                          ToTimestamp(TestNow()),
                          Ticks(10'000'000),
                          Option{"requeue"}};
  for (int op = 0; op <= static_cast<int>(Operator::kDivide); ++op) {
    for (const Value& left : values) {
      for (const Value& right : values) {
        CAPTURE(NoOperatorText(Operator(op), TypeOf(left), TypeOf(right)));
        const auto rule = FindOperation(Operator(op), TypeOf(left), TypeOf(right));
        const auto value = Apply(Operator(op), left, right);
        REQUIRE(value.has_value() == rule.has_value());
        if (rule) CHECK(TypeOf(*value) == rule->result);
      }
    }
  }
}

}  // namespace
}  // namespace reconciler::autoscale
