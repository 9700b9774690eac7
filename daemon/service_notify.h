// What systemd is told: sd_notify(3). Without $NOTIFY_SOCKET all of it does nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "reconciler/core/ports.h"

namespace reconciler::daemon {

void NotifyReady();
/// `now` is that of the machine's monotonic clock, by which a newer systemd tells this reload from
/// an earlier one.
void NotifyReloading(Tick now);
void NotifyStopping();
/// The line that `systemctl status` shows.
void NotifyStatus(const std::string& line);
void NotifyAlive();

/// WatchdogSec of the unit, if it watches this process. When the time passes without NotifyAlive,
/// systemd ends the process and starts it again.
std::optional<std::chrono::microseconds> WatchdogTime();

}  // namespace reconciler::daemon
