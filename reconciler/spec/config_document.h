// The configuration file as a checked tree.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/pool.h"

namespace reconciler::spec {

struct ConfigDocument {
  Value value;  // null if the file could not be read as one document of kind Config
  /// Where each member stands: "owner", "accounts[0].auth.sharedKey.file".
  std::map<std::string, Position, std::less<>> positions;
  std::vector<Finding> findings;  // sorted

  bool IsGood() const;
  /// The position of the member at `path` or of its nearest parent.
  Position PositionOf(std::string_view path) const;
};

/// `file`: as messages show it. Checks everything that the schema of the configuration says.
ConfigDocument ReadConfigDocument(std::string_view file, std::string_view bytes);

}  // namespace reconciler::spec
