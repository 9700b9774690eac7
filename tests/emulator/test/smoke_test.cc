#include <doctest/doctest.h>

#include "tests/emulator/member_table.h"

TEST_CASE("the member table parses") {
  CHECK(emulator::PoolMember().Child("startTask") != nullptr);
}
