// The canonical tree, the walk that lists differences and the walk that stops at the first must
// agree; random values of every property stand in for all that nobody thought of.
#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "reconciler/plan/compare.h"
#include "tests/plan/random_value.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kVersions[] = {"2022-10-01.16.0", "2024-07-01.20.0", "2025-06-01"};
constexpr int kRounds = 60;  // for each property and api-version

bool Listed(const PropertyNode& node, const Value& desired, const Value& live,
            std::string_view version) {
  return !Compare(node, &desired, &live, version).empty();
}

std::string Describe(const PropertyNode& node, const Value& left, const Value& right) {
  return node.path + ": " + WriteSortedJson(left) + " and " + WriteSortedJson(right);
}

template <class Check>
void ForEachProperty(bool whole, Check check) {
  SeededRandom random(20250601);
  for (const PropertyNode& node : PoolPropertyTable().Spec().members) {
    for (const std::string_view version : kVersions) {
      RandomValue values(random, version, whole);
      for (int round = 0; round < kRounds; ++round) check(node, values, version);
    }
  }
}

TEST_CASE("compare: a respelled value is equal by every road") {
  ForEachProperty(false, [](const PropertyNode& node, RandomValue& values, std::string_view at) {
    const Value desired = values.Make(node);
    const Value live = values.Respell(node, desired);
    CAPTURE(Describe(node, desired, live));
    CHECK(CanonicallyEqual(node, &desired, &live, at));
    CHECK(Compare(node, &desired, &live, at).empty());
    CHECK(Canonicalize(node, &desired, at) == Canonicalize(node, &live, at));
  });
}

TEST_CASE("compare: all roads agree on values that name all that has no default") {
  int equal = 0;
  int different = 0;
  ForEachProperty(true, [&](const PropertyNode& node, RandomValue& values, std::string_view at) {
    const Value desired = values.Make(node);
    const Value live = values.Respell(node, values.Change(node, desired));
    CAPTURE(Describe(node, desired, live));
    const bool same = Canonicalize(node, &desired, at) == Canonicalize(node, &live, at);
    CHECK(CanonicallyEqual(node, &desired, &live, at) == same);
    CHECK(Listed(node, desired, live, at) == !same);
    CHECK(CanonicallyEqual(node, &live, &desired, at) == same);
    ++(same ? equal : different);
  });
  CHECK(equal > 1000);
  CHECK(different > 1000);
}

TEST_CASE("compare: equal forms are never listed, whatever an answer holds") {
  ForEachProperty(false, [](const PropertyNode& node, RandomValue& values, std::string_view at) {
    const Value desired = values.Make(node);
    for (const Value& live : {values.Anything(3), values.Change(node, desired), Value()}) {
      CAPTURE(Describe(node, desired, live));
      const bool equal = CanonicallyEqual(node, &desired, &live, at);
      CHECK(Listed(node, desired, live, at) == !equal);
      if (Canonicalize(node, &desired, at) == Canonicalize(node, &live, at)) CHECK(equal);
    }
  });
}

TEST_CASE("canonical: making the form again changes nothing") {
  ForEachProperty(false, [](const PropertyNode& node, RandomValue& values, std::string_view at) {
    for (const Value& value : {values.Make(node), values.Anything(3)}) {
      const Value once = Canonicalize(node, &value, at);
      CAPTURE(Describe(node, value, once));
      CHECK(Canonicalize(node, &once, at) == once);
    }
  });
}

}  // namespace
}  // namespace reconciler::plan
