#include "daemon/console.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <ostream>

#include "daemon/log_format.h"
#include "daemon/posix.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

/// A line of the input without its end; what was typed before a stop or the end of the input.
std::string ReadLine(int input, std::stop_token stop) {
  const FileDescriptor stopped(::eventfd(0, EFD_CLOEXEC));
  const std::stop_callback on_stop(stop, [&] { ::eventfd_write(stopped.get(), 1); });
  std::string line;
  while (line.size() < 256) {
    pollfd watched[] = {{input, POLLIN, 0}, {stopped.get(), POLLIN, 0}};
    if (::poll(watched, 2, -1) < 0 && errno != EINTR) return line;
    if (stop.stop_requested()) return {};
    if (watched[0].revents == 0) continue;
    char c = 0;
    if (::read(input, &c, 1) != 1 || c == '\n') return line;
    line += c;
  }
  return line;
}

void Print(const Console& console, Severity severity, Color color, std::string_view label,
           const std::string& message) {
  console.err << PriorityMark(console, severity) << Paint(console.err_screen, color, label) << ' '
              << message << std::endl;
}

}  // namespace

bool Confirm(const Console& console, const std::string& question, std::stop_token stop) {
  console.out.flush();
  console.err << question << ' ' << std::flush;
  const std::string answer = FoldCase(ReadLine(console.input, std::move(stop)));
  return answer == "y" || answer == "yes";
}

std::string PriorityMark(const Console& console, Severity severity) {
  return console.err_journal ? JournalMark(severity) : std::string();
}

void PrintError(const Console& console, const std::string& message) {
  Print(console, Severity::kError, Color::kRed, "error:", message);
}
void PrintWarning(const Console& console, const std::string& message) {
  Print(console, Severity::kWarning, Color::kYellow, "warning:", message);
}
void PrintHint(const Console& console, const std::string& message) {
  Print(console, Severity::kInfo, Color::kFaint, "hint:", message);
}

}  // namespace reconciler::daemon
