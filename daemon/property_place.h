// Rows of the property table with their full path and what holds for all above them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/property.h"

namespace reconciler::daemon {

/// A row and where it stands. Points into a table, which lives as long as the program.
struct PropertyPlace {
  const PropertyNode* row = nullptr;
  const PropertyNode* parent = nullptr;  // whose member it is; null for the document
  std::string path;   // "spec.startTask.resourceFiles[].httpUrl"; empty for the document
  std::string since;  // bounds of it and of all above it; empty: none
  std::string until;
  bool in_spec = false;

  /// The row that holds the members: of the items, for a list.
  const PropertyNode& Inner() const;
};

/// `kind`: "Pool" or "Config".
PropertyPlace DocumentPlace(std::string_view kind);
/// In the order of the schema.
std::vector<PropertyPlace> MembersOf(const PropertyPlace& place);
/// The place and all below it, each before those below it.
std::vector<PropertyPlace> AllBelow(const PropertyPlace& place);

struct PropertyLookup {
  std::vector<PropertyPlace> found;   // what is asked for; two where a name is of both worlds
  std::string problem;                // "'spec.x' is unknown (did you mean ...?)"; empty: found
  std::string reached;                // with a problem: the path that exists; empty: the document
  std::vector<std::string> named_so;  // with a problem: paths that are likely meant
};
/// `path` from the document or from its spec, without regard to case; behind a list may stand "[]",
/// an index, ".0", or the key of an item where items have one. Empty: the document.
PropertyLookup FindProperty(std::string_view kind, std::string_view path);

}  // namespace reconciler::daemon
