// The service's own list of members: pool_members.csv, explained in pool_members.md.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace reconciler {

/// One member, its cells by the names of the columns.
struct ServiceMember {
  std::map<std::string, std::string> cells;

  const std::string& operator[](const std::string& column) const { return cells.at(column); }
  const std::string& path() const { return cells.at("path"); }
  std::vector<std::string> Versions() const;  // oldest first
};

/// Those that may stand in a create body, in the order of the list.
std::vector<ServiceMember> ReadCreateMembers();

}  // namespace reconciler
