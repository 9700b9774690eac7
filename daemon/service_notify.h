// What systemd is told: sd_notify(3). Without $NOTIFY_SOCKET all of it does nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace reconciler::daemon {

void NotifyReady();
void NotifyReloading();
void NotifyStopping();
/// The line that `systemctl status` shows.
void NotifyStatus(const std::string& line);
void NotifyAlive();

/// WatchdogSec of the unit, if it watches this process. When the time passes without NotifyAlive,
/// systemd ends the process and starts it again.
std::optional<std::chrono::microseconds> WatchdogTime();

}  // namespace reconciler::daemon
