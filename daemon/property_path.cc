#include "daemon/property_path.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

Error PathError(std::string_view path, std::string_view what) {
  return Error{ErrorKind::kInvalidSpec, fmt::format("'{}' is not a path: {}", path, what)};
}

}  // namespace

Result<std::vector<PathStep>> ReadPath(std::string_view path) {
  std::vector<PathStep> steps;
  for (const std::string_view text : SplitText(path, '.')) {
    const std::size_t open = text.find('[');
    PathStep step{text.substr(0, open), std::nullopt};
    if (step.name.empty()) {
      return PathError(path, "a name is missing; there is one before and behind each dot");
    }
    if (open != std::string_view::npos) {
      if (text.find(']') != text.size() - 1 || text.find('[', open + 1) != std::string_view::npos) {
        return PathError(path, "each '[' is closed by ']' at the end of a name");
      }
      step.index = text.substr(open + 1, text.size() - open - 2);
    }
    steps.push_back(step);
  }
  return steps;
}

bool IsIndex(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string BracketProblem(const PathStep& step, const PropertyNode& row,
                           std::string_view row_path) {
  if (!step.index) return "";
  if (row.item == nullptr) {
    return fmt::format("{} is no list, so that '[{}]' has no place behind it", row_path,
                       *step.index);
  }
  const bool by_key = row.compare == Compare::kByKey && !step.index->starts_with('-');
  if (step.index->empty() || IsIndex(*step.index) || by_key) return "";
  return fmt::format("'[{}]' names no item of {}: items count from 0, and [] stands for any",
                     *step.index, row_path);
}

}  // namespace reconciler::daemon
