// Whether what `import` writes can be applied.
#pragma once

#include <string>
#include <vector>

#include "daemon/import_text.h"
#include "reconciler/core/pool.h"

namespace reconciler::daemon {

/// What is wrong with the text of a spec, as `validate` says it about `file`; warnings left out.
/// Every account and every secret passes.
std::vector<Finding> ErrorsOf(const ImportedSpec& spec, const std::string& file,
                              const std::string& text);

}  // namespace reconciler::daemon
