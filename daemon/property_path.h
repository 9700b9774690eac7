// A path of `explain` as its steps: "startTask.resourceFiles[0].httpUrl".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/property.h"
#include "reconciler/core/result.h"

namespace reconciler::daemon {

/// Points into the path.
struct PathStep {
  std::string_view name;
  std::optional<std::string_view> index;  // between brackets; empty: "[]"
};

/// Errors (kInvalidSpec): a name is missing, or brackets are not closed at the end of a step.
Result<std::vector<PathStep>> ReadPath(std::string_view path);

/// "0", as other tools write the index of an item: a step of its own.
bool IsIndex(std::string_view text);

/// Why the brackets of a step cannot stand behind that row, whose path is `row_path`; empty: they
/// can.
std::string BracketProblem(const PathStep& step, const PropertyNode& row,
                           std::string_view row_path);

}  // namespace reconciler::daemon
