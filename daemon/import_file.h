// The file that `import --from` reads pools of.
#pragma once

#include <string>
#include <vector>

#include "reconciler/core/result.h"
#include "reconciler/plan/foreign_pool.h"

namespace reconciler::daemon {

/// `path`: "-" is standard input. Comments of JSON, as templates have them, are taken.
/// Errors (kInvalidSpec): the message names the file.
Result<std::vector<plan::ForeignPool>> ReadForeignFile(const std::string& path);

/// JSON with blanks where `//` and `/* */` comments stand.
std::string WithoutComments(std::string text);

}  // namespace reconciler::daemon
