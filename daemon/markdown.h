// Pieces of the generated pages.
#pragma once

#include <string>
#include <string_view>

namespace reconciler::daemon {

/// Text within a cell of a table, which a bar would end.
std::string MarkdownCell(std::string_view text);

}  // namespace reconciler::daemon
