#include "daemon/log_sink.h"

#include <sys/stat.h>

#include <cstdlib>
#include <string>

#include "daemon/posix.h"
#include "daemon/terminal.h"

namespace reconciler::daemon {

bool IsJournal(int descriptor, std::string_view journal_stream) {
  struct stat info {};
  if (journal_stream.empty() || ::fstat(descriptor, &info) != 0) return false;
  return journal_stream == std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
}

bool IsJournal(int descriptor) {
  const char* stream = std::getenv("JOURNAL_STREAM");  // NOLINT(concurrency-mt-unsafe)
  return stream != nullptr && IsJournal(descriptor, stream);
}

LogSink::LogSink(int descriptor, const LogOptions& options, Clock& clock)
    : descriptor_(descriptor), least_(options.least), clock_(clock) {
  style_.format = options.format;
  style_.journal = IsJournal(descriptor);
  const Screen screen = LookAtScreen(descriptor, options.no_color);
  style_.color = screen.color;
  terminal_ = screen.terminal;
}

void LogSink::Emit(const Event& event) {
  if (event.severity < least_) return;
  // On a terminal a line takes the place of the progress that another thread may be showing.
  const std::string clear = terminal_ ? "\r\x1b[K" : "";
  // A line that cannot be written is lost: there is nowhere else to say so.
  (void)WriteAll(descriptor_, clear + FormatEvent(event, clock_.Wall(), style_) + "\n");
}

}  // namespace reconciler::daemon
