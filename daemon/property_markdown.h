// The property table as a page: deploy/pool-reference.md.
#pragma once

#include <string>

namespace reconciler::daemon {

/// A table of members for each object of a document of kind Pool.
std::string PropertiesMarkdown();

}  // namespace reconciler::daemon
