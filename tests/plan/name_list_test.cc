#include "reconciler/plan/name_list.h"

#include <doctest/doctest.h>

#include <vector>

namespace reconciler::plan {
namespace {

std::string Shown(int count) {
  std::vector<std::string> names;
  for (int i = 1; i <= count; ++i) names.push_back(std::to_string(i));
  return JoinSome(names);
}

TEST_CASE("names: all of a few, the first dozen of many and how many more") {
  CHECK(Shown(0).empty());
  CHECK(Shown(2) == "1, 2");
  CHECK(Shown(13) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13");
  CHECK(Shown(14) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more");
  CHECK(Shown(500).ends_with("12 and 488 more"));
}

}  // namespace
}  // namespace reconciler::plan
