// Files of a person, written whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/core/result.h"

namespace reconciler::daemon {

/// Writes a new file, and folders where they are missing. Errors: it is there already, or what the
/// system says.
Status WriteNewFile(const std::string& path, std::string_view bytes);

/// Replaces the contents at once: whoever reads sees the old or the new ones. Mode and owner stay;
/// of a link the file that it leads to. Errors: what the system says, with the path.
Status ReplaceFile(const std::string& path, std::string_view bytes);

}  // namespace reconciler::daemon
