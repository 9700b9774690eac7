// Two texts of several lines as a unified diff.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reconciler::plan {

/// Lines "@@ -1,3 +1,4 @@", " kept", "-only in before", "+only in after" with three lines of
/// context; no header and no line feeds. Empty for equal texts. A last line without a line feed is
/// followed by "\ No newline at end of file", as diff writes it.
std::vector<std::string> UnifiedDiff(std::string_view before, std::string_view after);

}  // namespace reconciler::plan
