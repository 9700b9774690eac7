// The command line.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/cli_model.h"
#include "daemon/commands/command.h"
#include "daemon/console.h"
#include "daemon/signals.h"

namespace reconciler::daemon {

/// What the arguments ask for: a command to run, or an exit code at once (help, a usage error).
struct ParsedLine {
  std::function<int(CommandContext&)> command;  // empty: leave with `code`
  int code = 0;
  GlobalOptions options;
};
/// `arguments` without the program's name. Help goes to `out`, usage errors to `err`.
ParsedLine ParseCommandLine(const std::vector<std::string>& arguments, const Console& console);

/// All verbs and options that --help shows.
CliVerb DescribeProgram();

/// Parses and runs; returns the exit code of the process.
int RunProgram(int argc, const char* const* argv);

}  // namespace reconciler::daemon
