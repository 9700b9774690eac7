#include "daemon/text_table.h"

#include <algorithm>

#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

constexpr int kGap = 2;
constexpr int kIndent = 4;

class TextTable {
 public:
  TextTable(const std::vector<TableColumn>& columns, const std::vector<TableLine>& lines,
            const Screen& screen)
      : columns_(columns), lines_(lines), screen_(screen), shown_(columns.size(), true) {
    for (const TableColumn& column : columns) widths_.push_back(DisplayWidth(column.title));
    for (const TableLine& line : lines) {
      for (std::size_t i = 0; i < columns.size(); ++i) {
        widths_[i] = std::max(widths_[i], DisplayWidth(Harmless(line.cells[i])));
      }
    }
    FitToScreen();
  }

  std::string Write() const {
    std::vector<std::string> titles;
    for (const TableColumn& column : columns_) titles.push_back(column.title);
    std::string text = Line(titles, Color::kNone);
    for (const TableLine& line : lines_) {
      text += Line(line.cells, line.color) + Folded(line.cells);
      for (const std::string& below : line.below) text += Below(below);
    }
    return text;
  }

 private:
  int Width() const {
    int width = -kGap;
    for (std::size_t i = 0; i < columns_.size(); ++i) width += shown_[i] ? widths_[i] + kGap : 0;
    return width;
  }

  void FitToScreen() {
    if (screen_.width <= 0) return;
    while (Width() > screen_.width) {
      std::size_t least = columns_.size();
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!shown_[i] || columns_[i].dispensable == 0) continue;
        if (least == columns_.size() || columns_[i].dispensable > columns_[least].dispensable) {
          least = i;
        }
      }
      if (least == columns_.size()) break;
      shown_[least] = false;
    }
    for (std::size_t i = columns_.size(); i-- > 0 && Width() > screen_.width;) {
      if (!columns_[i].folds || !shown_[i]) continue;
      shown_[i] = false;
      folded_.push_back(i);
    }
  }

  std::string Line(const std::vector<std::string>& cells, Color color) const {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!shown_[i]) continue;
      std::string cell = Harmless(cells[i]);
      cell.append(static_cast<std::size_t>(widths_[i] - DisplayWidth(cell) + kGap), ' ');
      line += cell;
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return Paint(screen_, color, CutToWidth(line, screen_.width)) + "\n";
  }

  /// "node agent batch.node.ubuntu 22.04, end of life 143 d"
  std::string Folded(const std::vector<std::string>& cells) const {
    std::string text;
    for (auto i = folded_.rbegin(); i != folded_.rend(); ++i) {
      if (cells[*i].empty() || cells[*i] == "-") continue;
      text += (text.empty() ? "" : ", ") + FoldCase(columns_[*i].title) + " " + cells[*i];
    }
    return text.empty() ? text : Below(text);
  }

  std::string Below(const std::string& below) const {
    const int width = screen_.width > 0 ? std::max(1, screen_.width - kIndent) : 0;
    std::string text;
    for (const std::string& line : WrapToWidth(Harmless(below), width)) {
      text += std::string(kIndent, ' ') + line + "\n";
    }
    return text;
  }

  const std::vector<TableColumn>& columns_;
  const std::vector<TableLine>& lines_;
  const Screen& screen_;
  std::vector<int> widths_;
  std::vector<bool> shown_;
  std::vector<std::size_t> folded_;  // from the last column on
};

}  // namespace

std::string RenderTable(const std::vector<TableColumn>& columns,
                        const std::vector<TableLine>& lines, const Screen& screen) {
  return lines.empty() ? std::string() : TextTable(columns, lines, screen).Write();
}

}  // namespace reconciler::daemon
