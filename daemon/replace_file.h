// A file that is there, with other contents.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/core/result.h"

namespace reconciler::daemon {

/// Replaces the contents at once: whoever reads sees the old or the new ones. Mode and owner stay;
/// of a link the file that it leads to. Errors: what the system says, with the path.
Status ReplaceFile(const std::string& path, std::string_view bytes);

}  // namespace reconciler::daemon
