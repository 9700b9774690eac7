#include "reconciler/autoscale/value.h"

#include <cmath>
#include <limits>

#include "tests/autoscale/run.h"

namespace reconciler::autoscale {
namespace {

TEST_CASE("values read as the service's results do") {
  CHECK(ValueText(2.0) == "2");
  CHECK(ValueText(1e6) == "1000000");
  CHECK(ValueText(0.5) == "0.5");
  CHECK(ValueText(-0.0) == "0");
  CHECK(ValueText(Vector{1, 1.5}) == "[1,1.5]");
  CHECK(ValueText(Vector{}) == "[]");
  CHECK(ValueText(std::string("a")) == "a");
  CHECK(ValueText(ToTimestamp(*ParseTime("2016-10-13T19:18:47.805Z"))) ==
        "2016-10-13T19:18:47.805Z");
  CHECK(ValueText(Option{"taskcompletion"}) == "taskcompletion");
}

TEST_CASE("intervals read as .NET writes them") {
  CHECK(ValueText(Ticks(0)) == "00:00:00");
  CHECK(ValueText(Ticks(std::chrono::seconds(90'061))) == "1.01:01:01");
  CHECK(ValueText(Ticks(-1)) == "-00:00:00.0000001");
  CHECK(ValueText(Ticks::min()) == "-10675199.02:48:05.4775807");
}

TEST_CASE("members of a time, Monday is 1 and Sunday 7") {
  const auto members = [](std::string_view day) {
    std::string text;
    for (const char* const name : {"year", "month", "day", "weekday", "hour", "minute", "second"}) {
      text += Compute("time(\"" + std::string(day) + "\")." + name) + " ";
    }
    return text;
  };
  CHECK(members("2025-07-06T23:59:58.9Z") == "2025 7 6 7 23 59 58 ");
  CHECK(members("2025-07-07") == "2025 7 7 1 0 0 0 ");
  CHECK(Compute("time().hours") == "Line 1, Col 12: No member 'hours' of timestamp");
  CHECK(Compute("(1 + 2).hour") == "Line 1, Col 13: No member 'hour' of double");
}

TEST_CASE("intervals and times are made within their limits only") {
  CHECK(MakeInterval(1.4)->count() == 1);
  CHECK_FALSE(MakeInterval(1e19));
  CHECK_FALSE(MakeInterval(-1e19));
  CHECK_FALSE(MakeInterval(std::numeric_limits<double>::quiet_NaN()));
  const Timestamp now = ToTimestamp(TestNow());
  CHECK_FALSE(MakeTimestamp(now, Ticks::max()));
  CHECK_FALSE(MakeTimestamp(now, Ticks::min()));
}

}  // namespace
}  // namespace reconciler::autoscale
