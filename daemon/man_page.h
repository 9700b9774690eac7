// poolkeeper.1, made from what --help prints.
#pragma once

#include <string>

#include "daemon/cli_model.h"

namespace reconciler::daemon {

/// The page in the man macros, one section for each verb. `version`: of the program.
std::string ManPage(const CliVerb& program, const std::string& version);

}  // namespace reconciler::daemon
