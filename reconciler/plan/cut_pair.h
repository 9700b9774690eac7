// Two long texts, cut so that it shows where they differ.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reconciler::plan {

struct TextPair {
  std::string left;
  std::string right;
};

/// Each text on one line of about `columns_max` columns, control characters as JSON escapes. Longer
/// ones keep their beginning, what is around the first difference, and their end. Where the lines
/// would be equal they are made longer; they are equal only if the texts are, but for escapes.
TextPair CutPair(std::string_view left, std::string_view right, std::size_t columns_max);

}  // namespace reconciler::plan
