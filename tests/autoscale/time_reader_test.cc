#include "reconciler/autoscale/time_reader.h"

#include <doctest/doctest.h>

namespace reconciler::autoscale {
namespace {

std::string Read(std::string_view text) {
  const auto time = ReadTimestamp(text);
  return time ? ValueText(*time) : "none";
}

TEST_CASE("W3C-DTF from a year to a fraction") {
  CHECK(Read("2025") == "2025-01-01T00:00:00.000Z");
  CHECK(Read("2025-07") == "2025-07-01T00:00:00.000Z");
  CHECK(Read("2025-07-02") == "2025-07-02T00:00:00.000Z");
  CHECK(Read("2025-07-02T03:04Z") == "2025-07-02T03:04:00.000Z");
  CHECK(Read("2025-07-02T03:04:05Z") == "2025-07-02T03:04:05.000Z");
  CHECK(Read("2025-07-02T03:04:05.6Z") == "2025-07-02T03:04:05.600Z");
  CHECK(Read("2025-07-02T03:04:05.1234567Z") == "2025-07-02T03:04:05.123Z");
  CHECK(Read("2025-07-02T03:04:05+02:30") == "2025-07-02T00:34:05.000Z");
  CHECK(Read("2025-07-02T23:00-01:30") == "2025-07-03T00:30:00.000Z");
}

TEST_CASE("RFC 1123") {
  CHECK(Read("Wed, 02 Jul 2025 14:00:00 GMT") == "2025-07-02T14:00:00.000Z");
}

TEST_CASE("what is no time") {
  for (const char* const text :
       {"", "25", "2025-", "2025-13", "2025-02-30", "2025-07-02T", "2025-07-02T03", "2025-07Z",
        "2025-07-02T03:04", "2025-07-02T24:00Z", "2025-07-02T03:04:05.Z", "2025-07-02 03:04:05Z",
        "2025-07-02T03:04:05Zx", "2025-07-02T03:04+15:00", "0000-01-01", "0001-01-01T00:00+01:00",
        "2025-07-02T03:04:05.12345678Z", "yesterday"}) {
    CAPTURE(text);
    CHECK(Read(text) == "none");
  }
}

}  // namespace
}  // namespace reconciler::autoscale
