#include "daemon/time_limit.h"

#include <utility>

namespace reconciler::daemon {

TimeLimit::TimeLimit(Clock& clock, Tick limit, std::stop_token outer)
    : on_outer_(std::move(outer), [this] { source_.request_stop(); }),
      timer_([this, &clock, due = clock.Now() + limit](std::stop_token stop) {
        if (!clock.SleepUntil(due, std::move(stop)) || source_.stop_requested()) return;
        passed_ = true;
        source_.request_stop();
      }) {}

}  // namespace reconciler::daemon
