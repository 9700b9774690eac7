#include "tests/core/pool_members.h"

#include <doctest/doctest.h>

#include <fstream>

#include "reconciler/core/text.h"

namespace reconciler {
namespace {

/// The cells of one line; a cell in quotes may hold commas. No quote stands within a cell.
std::vector<std::string> ReadCells(const std::string& line) {
  std::vector<std::string> cells{""};
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

}  // namespace

std::vector<std::string> ServiceMember::Versions() const {
  std::vector<std::string> versions;
  for (const std::string_view version : SplitText((*this)["versions"], ';')) {
    versions.emplace_back(version);
  }
  return versions;
}

std::vector<ServiceMember> ReadCreateMembers() {
  std::ifstream file(POOLKEEPER_SOURCE_DIR "/tests/core/pool_members.csv");
  std::string line;
  REQUIRE(std::getline(file, line));
  const std::vector<std::string> columns = ReadCells(line);
  std::vector<ServiceMember> members;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = ReadCells(line);
    REQUIRE_MESSAGE(cells.size() == columns.size(), line);
    ServiceMember member;
    for (std::size_t i = 0; i < cells.size(); ++i) member.cells[columns[i]] = cells[i];
    if (member["in_create"] == "yes") members.push_back(std::move(member));
  }
  return members;
}

}  // namespace reconciler
