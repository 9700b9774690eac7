#include "reconciler/plan/sku_name.h"

#include <doctest/doctest.h>

namespace reconciler::plan {

TEST_CASE("images: patterns are those of a shell, without case") {
  CHECK(MatchesPattern("*", ""));
  CHECK(MatchesPattern("2?_04-lts", "22_04-LTS"));
  CHECK_FALSE(MatchesPattern("2?_04-lts", "22_04-lts-gen2"));
  CHECK(MatchesPattern("2?_04-lts*", "22_04-lts-gen2"));
  CHECK(MatchesPattern("*gen*2", "server-gen1-gen2"));
  CHECK_FALSE(MatchesPattern("*gen*2", "server-gen1"));
  CHECK_FALSE(MatchesPattern("", "a"));
  CHECK_FALSE(MatchesPattern("?", ""));
}

TEST_CASE("sku: the shape leaves out what digits say, and nothing else") {
  CHECK(ShapeOf("22_04-lts") == "#_#-lts");
  CHECK(ShapeOf("22_04-LTS-gen2") == "#_#-lts-gen#");
  CHECK(ShapeOf("18.04-lts") == "#.#-lts");
  CHECK(ShapeOf("2204") == "#");
  CHECK(ShapeOf("8_5") == "#_#");
  CHECK(ShapeOf("server") == "server");
  CHECK(ShapeOf("server-arm64") != ShapeOf("server"));
  CHECK(ShapeOf("22_04-daily-lts") != ShapeOf("22_04-lts"));
}

}  // namespace reconciler::plan
