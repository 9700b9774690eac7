// Lines of a plan in aligned columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reconciler::plan {

struct TableRow {
  std::string path;
  std::string values;
  std::string place;
  std::string note;
};

class Table {
 public:
  void Add(TableRow row) { rows_.push_back(std::move(row)); }
  /// Indented by four, the columns as wide as their widest cell, nothing after the last cell.
  std::vector<std::string> Lines() const;

 private:
  std::vector<TableRow> rows_;
};

/// Characters of UTF-8 text.
std::size_t Columns(std::string_view text);

}  // namespace reconciler::plan
