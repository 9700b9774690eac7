#include "reconciler/plan/line_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace reconciler::plan {
namespace {

constexpr std::size_t kContext = 3;
/// Beyond this the middle parts count as replaced whole: the table would grow too large.
constexpr std::size_t kCellsMax = 4'000'000;

using Lines = std::vector<std::string_view>;

/// Each with its line feed, so that a last line without one differs.
Lines LinesOf(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t feed = text.find('\n');
    const std::size_t size = feed == std::string_view::npos ? text.size() : feed + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

struct Edit {
  char mark;  // ' ', '-', '+'
  std::string_view line;
};

/// Edits of the parts that differ, by the longest common subsequence.
void AddMiddle(const Lines& before, std::size_t begin_b, std::size_t end_b, const Lines& after,
               std::size_t begin_a, std::size_t end_a, std::vector<Edit>& edits) {
  const std::size_t rows = end_b - begin_b;
  const std::size_t columns = end_a - begin_a;
  const bool fits = rows * columns <= kCellsMax;
  // common[i][j]: the longest common subsequence of what follows i and j.
  std::vector<std::uint32_t> common(fits ? (rows + 1) * (columns + 1) : 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
    return common[i * (columns + 1) + j];
  };
  for (std::size_t i = fits ? rows : 0; i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      at(i, j) = before[begin_b + i] == after[begin_a + j] ? at(i + 1, j + 1) + 1
                                                           : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < rows || j < columns) {
    if (fits && i < rows && j < columns && before[begin_b + i] == after[begin_a + j]) {
      edits.push_back({' ', before[begin_b + i]});
      ++i, ++j;
    } else if (i < rows && (j == columns || !fits || at(i + 1, j) >= at(i, j + 1))) {
      edits.push_back({'-', before[begin_b + i++]});
    } else {
      edits.push_back({'+', after[begin_a + j++]});
    }
  }
}

std::vector<Edit> EditsOf(const Lines& before, const Lines& after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t front = 0;
  while (front < shorter && before[front] == after[front]) ++front;
  std::size_t back = 0;
  while (back < shorter - front &&
         before[before.size() - 1 - back] == after[after.size() - 1 - back]) {
    ++back;
  }
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < front; ++i) edits.push_back({' ', before[i]});
  AddMiddle(before, front, before.size() - back, after, front, after.size() - back, edits);
  for (std::size_t i = before.size() - back; i < before.size(); ++i) {
    edits.push_back({' ', before[i]});
  }
  return edits;
}

/// "1,3"; a range of no lines counts from the line before it, as diff does.
std::string RangeText(std::size_t first, std::size_t count) {
  if (count == 1) return std::to_string(first + 1);
  return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

void AddHunk(const std::vector<Edit>& edits, std::size_t begin, std::size_t end,
             std::vector<std::string>& lines) {
  const auto count = [&](std::size_t from, std::size_t to, char other) {
    return static_cast<std::size_t>(
        std::count_if(edits.begin() + static_cast<std::ptrdiff_t>(from),
                      edits.begin() + static_cast<std::ptrdiff_t>(to),
                      [&](const Edit& edit) { return edit.mark != other; }));
  };
  lines.push_back(fmt::format("@@ -{} +{} @@",
                              RangeText(count(0, begin, '+'), count(begin, end, '+')),
                              RangeText(count(0, begin, '-'), count(begin, end, '-'))));
  for (std::size_t i = begin; i < end; ++i) {
    std::string_view line = edits[i].line;
    const bool ended = line.ends_with('\n');
    if (ended) line.remove_suffix(1);
    lines.push_back(edits[i].mark + std::string(line));
    if (!ended) lines.emplace_back("\\ No newline at end of file");
  }
}

}  // namespace

std::vector<std::string> UnifiedDiff(std::string_view before, std::string_view after) {
  const std::vector<Edit> edits = EditsOf(LinesOf(before), LinesOf(after));
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (true) {
    while (at < edits.size() && edits[at].mark == ' ') ++at;
    if (at == edits.size()) return lines;
    const std::size_t begin = at - std::min(at, kContext);
    std::size_t end = at;  // behind the last change of the hunk
    for (std::size_t i = at; i < edits.size() && i <= end + 2 * kContext; ++i) {
      if (edits[i].mark != ' ') end = i + 1;
    }
    at = std::min(end + kContext, edits.size());
    AddHunk(edits, begin, at, lines);
  }
}

}  // namespace reconciler::plan
