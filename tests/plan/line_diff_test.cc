#include "reconciler/plan/line_diff.h"

#include <doctest/doctest.h>

#include <string>

#include "reconciler/core/random.h"

namespace reconciler::plan {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("line diff: equal texts have none") {
  CHECK(UnifiedDiff("", "").empty());
  CHECK(UnifiedDiff("a\nb\n", "a\nb\n").empty());
}

TEST_CASE("line diff: a changed line stands between its neighbours") {
  CHECK(UnifiedDiff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
        Lines{"@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"});
}

TEST_CASE("line diff: added and removed as a whole") {
  CHECK(UnifiedDiff("", "a\nb\n") == Lines{"@@ -0,0 +1,2 @@", "+a", "+b"});
  CHECK(UnifiedDiff("a\n", "") == Lines{"@@ -1 +0,0 @@", "-a"});
}

TEST_CASE("line diff: changes that are far apart are two hunks, near ones are one") {
  std::string before, far, near;
  for (int i = 1; i <= 20; ++i) {
    before += std::to_string(i) + "\n";
    far += (i == 2 || i == 19 ? "x" : std::to_string(i)) + "\n";
    near += (i == 2 || i == 8 ? "x" : std::to_string(i)) + "\n";
  }
  const Lines two = UnifiedDiff(before, far);
  CHECK(two.front() == "@@ -1,5 +1,5 @@");
  CHECK(std::count_if(two.begin(), two.end(),
                      [](const std::string& line) { return line.front() == '@'; }) == 2);
  const Lines one = UnifiedDiff(before, near);
  CHECK(one.front() == "@@ -1,11 +1,11 @@");
}

TEST_CASE("line diff: a last line without a line feed is told") {
  CHECK(UnifiedDiff("a", "a\n") ==
        Lines{"@@ -1 +1 @@", "-a", "\\ No newline at end of file", "+a"});
}

/// What the diff says about one side; all lines within reach of each other, so one hunk has all.
std::string SideOf(const Lines& diff, char other) {
  std::string text;
  for (const std::string& line : diff) {
    if (line.front() == '@' || line.front() == other || line.front() == '\\') continue;
    text += line.substr(1) + "\n";
  }
  return text;
}

TEST_CASE("line diff: applied to one side it gives the other, on a thousand texts") {
  SeededRandom random(7);
  for (int round = 0; round < 1000; ++round) {
    std::string before = "-\n", after = "+\n";  // differs, so that the hunk begins at line 1
    for (std::uint64_t i = random.Next() % 4; i > 0; --i)
      before += "abc"[random.Next() % 3] + std::string("\n");
    for (std::uint64_t i = random.Next() % 4; i > 0; --i)
      after += "abc"[random.Next() % 3] + std::string("\n");
    const Lines diff = UnifiedDiff(before, after);
    CHECK(SideOf(diff, '+') == before);
    CHECK(SideOf(diff, '-') == after);
  }
}

TEST_CASE("line diff: texts without end are told as replaced, in time") {
  std::string before, after;
  for (int i = 0; i < 5000; ++i) {
    before += "b" + std::to_string(i) + "\n";
    after += "a" + std::to_string(i) + "\n";
  }
  CHECK(UnifiedDiff(before, after).size() == 10001);
}

}  // namespace
}  // namespace reconciler::plan
