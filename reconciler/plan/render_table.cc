#include "reconciler/plan/render_table.h"

#include <algorithm>

namespace reconciler::plan {
namespace {

constexpr std::string_view kIndent = "    ";
// One value that is longer than this shifts its own line, not all others.
constexpr std::size_t kWidthMax = 72;

struct Column {
  std::string TableRow::*cell;
  std::size_t gap;  // blanks after it
};
constexpr Column kColumns[] = {
    {&TableRow::path, 4}, {&TableRow::values, 4}, {&TableRow::place, 3}, {&TableRow::note, 0}};

std::size_t WidthOf(const std::vector<TableRow>& rows, std::string TableRow::*cell) {
  std::size_t width = 0;
  for (const TableRow& row : rows) width = std::max(width, Columns(row.*cell));
  return std::min(width, kWidthMax);
}

void TrimEnd(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

}  // namespace

std::vector<std::string> Table::Lines() const {
  std::vector<std::string> lines(rows_.size(), std::string(kIndent));
  for (const Column& column : kColumns) {
    const std::size_t width = WidthOf(rows_, column.cell);
    if (width == 0) continue;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const std::string& text = rows_[i].*column.cell;
      const std::size_t columns = Columns(text);
      lines[i] += text + std::string((columns < width ? width - columns : 0) + column.gap, ' ');
    }
  }
  for (std::string& line : lines) TrimEnd(line);
  return lines;
}

std::size_t Columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace reconciler::plan
