#include "reconciler/autoscale/functions.h"

#include "tests/autoscale/run.h"

namespace reconciler::autoscale {
namespace {

TEST_CASE("functions of lists take doubles and vectors alike") {
  CHECK(Compute("avg(1, vec(2, 3), 6)") == "3");
  CHECK(Compute("len(vec(1, 2), 3)") == "3");
  CHECK(Compute("max(1, vec(5, 2))") == "5");
  CHECK(Compute("min(4, vec(5, 2))") == "2");
  CHECK(Compute("norm(3, 4)") == "5");
  CHECK(Compute("range(3, 10, 4)") == "7");
  CHECK(Compute("std(2, 4, 4, 4, 5, 5, 7, 9)") == "2.138089935299395");
  CHECK(Compute("std(3)") == "0");
  CHECK(Compute("sum(1, 2, vec(3))") == "6");
}

TEST_CASE("functions of lists without values") {
  CHECK(Compute("len() + sum() + norm()") == "0");
  CHECK(Compute("max(0, $ActiveTasks.GetSample(1))") == "0");
  for (const char* const name : {"avg", "max", "min", "range", "std"}) {
    CHECK(Compute(std::string(name) + "()") ==
          "Line 1, Col 5: " + std::string(name) + ": no values");
  }
}

TEST_CASE("functions of one double go by element over a list") {
  CHECK(Compute("lg(8)") == "3");
  CHECK(Compute("ln(1)") == "0");
  CHECK(Compute("log(1000)") == "3");
  CHECK(Compute("lg(vec(8), 2)") == "[3,1]");
  CHECK(Compute("lg(vec(8))") == "[3]");
  CHECK(Compute("ceil(1.2) + floor(1.8) + round(2.5)") == "6");
  CHECK(Compute("round(vec(0.4, 0.6))") == "[0,1]");
}

TEST_CASE("elements and percentiles of a vector") {
  CHECK(Compute("val(vec(7, 8, 9), 0)") == "7");
  CHECK(Compute("val(vec(7, 8, 9), 2.9)") == "9");
  CHECK(Compute("val(vec(7), 1)") == "Line 1, Col 5: Index out of range: 1 of 1 values");
  CHECK(Compute("val(vec(7), -1)") == "Line 1, Col 5: Index out of range: -1 of 1 values");
  CHECK(Compute("percentile(vec(4, 1, 3, 2), 50)") == "2");
  CHECK(Compute("percentile(vec(4, 1, 3, 2), 0)") == "1");
  CHECK(Compute("percentile(vec(4, 1, 3, 2), 100)") == "4");
  CHECK(Compute("percentile(vec(), 50)") == "Line 1, Col 5: percentile: no values");
  CHECK(Compute("percentile(vec(1), 101)") ==
        "Line 1, Col 5: percentile: 101 is not between 0 and 100");
}

TEST_CASE("time is what it is given, or read") {
  CHECK(Compute("time()") == "2025-07-02T14:00:00.250Z");
  CHECK(Compute("time(\"\")") == "2025-07-02T14:00:00.250Z");
  CHECK(Compute("time(\"Wed, 02 Jul 2025 10:00:00 GMT\").hour") == "10");
  CHECK(Compute("time(\"today\")") ==
        "Line 1, Col 5: Not a time: \"today\" is neither W3C-DTF nor RFC 1123");
}

TEST_CASE("rand is below 1, and the same for the same words") {
  World world;
  double least = 1;
  double greatest = 0;
  for (world.seed = 1; world.seed <= 200; ++world.seed) {
    const std::string text = Compute("rand()", world);
    CHECK(text == Compute("rand()", world));
    const double drawn = std::stod(text);
    least = std::min(least, drawn);
    greatest = std::max(greatest, drawn);
  }
  CHECK(least >= 0);
  CHECK(least < 0.1);
  CHECK(greatest > 0.9);
  CHECK(greatest < 1);
}

TEST_CASE("wrong arguments are told with what is right") {
  CHECK(Compute("avg(\"a\", 1)") ==
        "Line 1, Col 5: Wrong arguments for avg: (string, double) instead of (doubleVecList)");
  CHECK(Compute("lg()") ==
        "Line 1, Col 5: Wrong arguments for lg: () instead of (double or doubleVecList)");
  CHECK(Compute("val(1, 2)") ==
        "Line 1, Col 5: Wrong arguments for val: (double, double) instead of (doubleVec, double)");
  CHECK(Compute("time(1)") ==
        "Line 1, Col 5: Wrong arguments for time: (double) instead of ([string])");
  CHECK(Compute("rand(1)") == "Line 1, Col 5: Wrong arguments for rand: (double) instead of ()");
  CHECK(Compute("Avg(1)") == "Line 1, Col 5: Undefined symbol: Avg");
}

}  // namespace
}  // namespace reconciler::autoscale
