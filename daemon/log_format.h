// One event as one line of text.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/core/event.h"
#include "reconciler/core/time_text.h"

namespace reconciler::daemon {

enum class LogFormat { kLogfmt, kJson };

struct LineStyle {
  LogFormat format = LogFormat::kLogfmt;
  bool journal = false;  // "<n>" in front and no time: the journal adds its own
  bool color = false;    // of the level, logfmt only
};
/// The line without a line feed. Keys in this order: ts, level, msg, cycle, account, pool,
/// property, action, reason, cause, request_id, revision, then the event's own fields, then detail;
/// empty ones are left out.
std::string FormatEvent(const Event& event, Instant wall, const LineStyle& style);

/// "<3>": how the journal learns the priority of a line, sd-daemon(3).
std::string JournalMark(Severity severity);

/// "debug", "info", "warning", "error".
std::string_view SeverityName(Severity severity);

}  // namespace reconciler::daemon
