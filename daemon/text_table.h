// Aligned columns for people, no wider than their terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/terminal.h"

namespace reconciler::daemon {

struct TableColumn {
  std::string title;
  /// The higher, the sooner the column is left out where there is no room; 0: never.
  int dispensable = 0;
  /// Goes below the line, with its title, where there still is no room.
  bool folds = false;
};

struct TableLine {
  std::vector<std::string> cells;    // one for each column; text of others is made harmless
  Color color = Color::kNone;        // of the whole line
  std::vector<std::string> below{};  // wrapped and indented under it
};

/// Lines with a title line in front; empty without lines. What does not fit in the end is cut.
std::string RenderTable(const std::vector<TableColumn>& columns,
                        const std::vector<TableLine>& lines, const Screen& screen);

}  // namespace reconciler::daemon
