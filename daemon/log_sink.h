// Events as log lines on standard error.
#pragma once

#include <string_view>

#include "daemon/log_format.h"
#include "reconciler/core/ports.h"

namespace reconciler::daemon {

struct LogOptions {
  LogFormat format = LogFormat::kLogfmt;
  Severity least = Severity::kInfo;  // what is below is left out
  bool no_color = false;
};

/// Writes each event as one line with one write, so that lines of many threads never mix.
class LogSink final : public EventSink {
 public:
  /// `descriptor` outlives the sink. Finds out whether it is a terminal or the journal.
  LogSink(int descriptor, const LogOptions& options, Clock& clock);
  void Emit(const Event& event) override;

 private:
  int descriptor_;
  Severity least_;
  LineStyle style_;
  bool terminal_ = false;
  Clock& clock_;
};

/// `journal_stream` is $JOURNAL_STREAM, "device:inode" of the journal's socket (systemd.exec(5)).
bool IsJournal(int descriptor, std::string_view journal_stream);
/// The same with the one of this process.
bool IsJournal(int descriptor);

}  // namespace reconciler::daemon
