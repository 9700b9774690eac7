// Just enough UTF-8 to print what others wrote.
#pragma once

#include <cstddef>
#include <string_view>

namespace reconciler::daemon {

/// Bytes of the letter at the front; 0 if it is none, overlong, a surrogate, or a C1 control.
std::size_t Utf8Size(std::string_view text);

}  // namespace reconciler::daemon
