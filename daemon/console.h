// Where a command writes, and what it may ask.
#pragma once

#include <iosfwd>
#include <stop_token>
#include <string>

#include "daemon/terminal.h"
#include "reconciler/core/event.h"

namespace reconciler::daemon {

/// The streams of one command. Results go to `out`, everything else to `err`.
struct Console {
  std::ostream& out;
  std::ostream& err;
  Screen out_screen{};
  Screen err_screen{};
  int input = 0;                // descriptor that answers are read from
  bool input_terminal = false;  // a person can answer
  bool err_journal = false;     // what `err` writes gets its priority in front, sd-daemon(3)
};

/// Prints `question` and reads a line. True for "y" and "yes"; false for anything else, the end of
/// the input, and a stop.
bool Confirm(const Console& console, const std::string& question, std::stop_token stop);

/// What stands in front of a line on `err`: "<3>" where the journal reads it, else nothing.
std::string PriorityMark(const Console& console, Severity severity);

/// "error: ..." in red, on `err`.
void PrintError(const Console& console, const std::string& message);
void PrintWarning(const Console& console, const std::string& message);
void PrintHint(const Console& console, const std::string& message);

}  // namespace reconciler::daemon
