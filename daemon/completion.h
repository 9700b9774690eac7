// Completion for shells, made from what --help prints. Names of live pools, nodes and accounts are
// asked for at the time, from the program's own hidden verb `names`, which has two seconds.
#pragma once

#include <string>

#include "daemon/cli_model.h"

namespace reconciler::daemon {

std::string BashCompletion(const CliVerb& program);
std::string ZshCompletion(const CliVerb& program);

}  // namespace reconciler::daemon
