#include "daemon/progress.h"

#include <ostream>

#include "reconciler/core/duration.h"

namespace reconciler::daemon {

void Progress::Show(const std::string& text, std::chrono::seconds elapsed) {
  if (console_.err_screen.terminal) {
    const std::string line = text + " (" + HumanDuration(elapsed) + ")";
    // One column less than the screen: a full line would make some terminals wrap.
    console_.err << '\r' << CutToWidth(line, console_.err_screen.width - 1) << "\x1b[K"
                 << std::flush;
    shown_ = true;
  } else if (text != last_) {
    console_.err << text << std::endl;
  }
  last_ = text;
}

void Progress::Clear() {
  if (shown_) console_.err << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace reconciler::daemon
