// Text taken apart for showing it in one line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reconciler::plan {

/// What must not be cut: UTF-8 characters and escapes, control characters as JSON escapes. Each
/// counts as one column.
std::vector<std::string> PiecesOf(std::string_view text);
/// The pieces from `begin` to before `end`.
std::string JoinPieces(const std::vector<std::string>& pieces, std::size_t begin, std::size_t end);

/// What stands where pieces were left out.
inline constexpr std::string_view kCut = "...";

}  // namespace reconciler::plan
