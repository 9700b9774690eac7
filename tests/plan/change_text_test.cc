#include "reconciler/plan/change_text.h"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace reconciler::plan {
namespace {

Change From(std::optional<Value> before, std::optional<Value> after) {
  Change change;
  change.before = std::move(before);
  change.after = std::move(after);
  return change;
}

std::string Json(const Change& change) {
  const TextPair pair = RenderChange(change);
  return pair.left + " -> " + pair.right;
}
std::string Plain(const Change& change) {
  const TextPair pair = PlainChange(change);
  return pair.left + " -> " + pair.right;
}

TEST_CASE("change text: the plan writes JSON, a sentence the text") {
  const Change change = From("a", "b");
  CHECK(Json(change) == R"("a" -> "b")");
  CHECK(Plain(change) == "a -> b");
  CHECK(Plain(From("a", "")) == R"(a -> "")");
}

TEST_CASE("change text: what is absent, what goes away and what the service puts in its place") {
  CHECK(Json(From({}, "a")) == R"((none) -> "a")");
  CHECK(Json(From("a", {})) == R"("a" -> (removed))");
  CHECK(Json(From("a", Value())) == R"("a" -> (removed))");
  Change change = From(false, {});
  change.standard = true;
  CHECK(Json(change) == "false -> true (default)");
  CHECK(Plain(change) == "false -> true (default)");
}

TEST_CASE("change text: values that differ never read alike") {
  CHECK(Plain(From(4, "4")) == R"(4 -> "4")");
  CHECK(Plain(From("a\nb", "a\\nb")) == R"("a\nb" -> "a\\nb")");
  CHECK(Plain(From({}, "(none)")) == "(none) -> \"(none)\"");
  const std::string front = std::string(100, 'x') + " blender=3.";
  const std::string back = " " + std::string(100, 'y');
  CHECK(Json(From(front + "1" + back, front + "2" + back)) ==
        R"("xxxxxxxxxxxxxx...blender=3.1 yyyyyyyyyyyyyyyyyy...yyyyyyyy" -> )"
        R"("xxxxxxxxxxxxxx...blender=3.2 yyyyyyyyyyyyyyyyyy...yyyyyyyy")");
}

TEST_CASE("change text: nothing of a secret is shown, not even that it goes away") {
  Change change = From("hunter2", {});
  change.sensitive = true;
  change.standard = "hunter3";
  CHECK(Json(change) == "(sensitive) -> (sensitive)");
  CHECK(Plain(change) == "(sensitive) -> (sensitive)");
}

}  // namespace
}  // namespace reconciler::plan
