#include "reconciler/plan/line_diff.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
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

/// The longest common subsequence, by trying all: a reference that cannot be wrong in the same way.
std::size_t Common(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return 0;
  if (a.front() == b.front()) return 1 + Common(a.substr(1), b.substr(1));
  return std::max(Common(a.substr(1), b), Common(a, b.substr(1)));
}

TEST_CASE("line diff: it keeps as many lines as can be kept, and removes before it adds") {
  SeededRandom random(11);
  for (int round = 0; round < 500; ++round) {
    std::string before, after;
    for (int i = 0; i < 6; ++i) before += "abc"[random.Next() % 3];
    for (int i = 0; i < 6; ++i) after += "abc"[random.Next() % 3];
    if (before == after) continue;
    CAPTURE(before);
    CAPTURE(after);
    // Each letter a line, between lines that are only here.
    std::string a = "<\n", b = "(\n";
    for (const char letter : before) a += letter + std::string("\n");
    for (const char letter : after) b += letter + std::string("\n");
    const Lines diff = UnifiedDiff(a + ">\n", b + ")\n");
    const auto kept = std::count_if(diff.begin(), diff.end(),
                                    [](const std::string& line) { return line.front() == ' '; });
    CHECK(static_cast<std::size_t>(kept) == Common(before, after));
    for (std::size_t i = 1; i < diff.size(); ++i) {
      CHECK_FALSE((diff[i - 1].front() == '+' && diff[i].front() == '-'));
    }
  }
}

/// Does what `patch` does, by the numbers of the headers alone; empty where it would be refused.
std::string Patch(const Lines& before, const Lines& diff) {
  std::string text;
  std::size_t at = 0;
  for (std::size_t i = 0; i < diff.size();) {
    int first = 0, count = 1, new_first = 0, new_count = 1;
    char after_first[32] = "";
    if (std::sscanf(diff[i].c_str(), "@@ -%d,%d", &first, &count) < 1) return "";
    std::snprintf(after_first, sizeof after_first, "%s", diff[i].c_str() + diff[i].find('+') + 1);
    if (std::sscanf(after_first, "%d,%d", &new_first, &new_count) < 1) return "";
    const std::size_t begin = static_cast<std::size_t>(first) - (count == 0 ? 0 : 1);
    while (at < begin) text += before[at++] + "\n";
    const auto lines_so_far = std::count(text.begin(), text.end(), '\n');
    if (lines_so_far != new_first - (new_count == 0 ? 0 : 1)) return "";
    for (++i; i < diff.size() && diff[i].front() != '@'; ++i) {
      const std::string line = diff[i].substr(1);
      if (diff[i].front() != '+') {
        if (at == before.size() || before[at++] != line) return "";
        --count;
      }
      if (diff[i].front() == '-') continue;
      text += line + "\n";
      --new_count;
    }
    if (count != 0 || new_count != 0) return "";
  }
  while (at < before.size()) text += before[at++] + "\n";
  return text;
}

TEST_CASE("line diff: the numbers of its headers are those that patch needs, hunk after hunk") {
  SeededRandom random(13);
  for (int round = 0; round < 300; ++round) {
    CAPTURE(round);
    Lines lines;
    std::string before, after;
    for (int i = 0; i < 60; ++i) {
      lines.push_back(std::to_string(i));
      before += lines.back() + "\n";
      const std::uint64_t fate = random.Next() % 20;
      if (fate == 0) continue;                                // removed
      if (fate == 1) after += "new\n";                        // added before it
      after += (fate == 2 ? "x" : "") + lines.back() + "\n";  // changed
    }
    CHECK(Patch(lines, UnifiedDiff(before, after)) == after);
  }
}

TEST_CASE("line diff: six kept lines join two changes in one hunk, seven do not") {
  const auto hunks = [](int second) {
    std::string before, after;
    for (int i = 1; i <= 20; ++i) {
      before += std::to_string(i) + "\n";
      after += (i == 5 || i == second ? "x" : std::to_string(i)) + "\n";
    }
    Lines headers;
    for (const std::string& line : UnifiedDiff(before, after)) {
      if (line.front() == '@') headers.push_back(line);
    }
    return headers;
  };
  CHECK(hunks(12) == Lines{"@@ -2,14 +2,14 @@"});
  CHECK(hunks(13) == Lines{"@@ -2,7 +2,7 @@", "@@ -10,7 +10,7 @@"});
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
