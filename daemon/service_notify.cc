#include "daemon/service_notify.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdint>

namespace reconciler::daemon {
namespace {

/// Nobody can do anything about a notification that is lost; the watchdog covers the worst.
void Notify(const std::string& state) { (void)::sd_notify(0, state.c_str()); }

}  // namespace

void NotifyReady() { Notify("READY=1"); }
void NotifyStopping() { Notify("STOPPING=1"); }
void NotifyAlive() { Notify("WATCHDOG=1"); }

void NotifyReloading(Tick now) {
  const auto since_boot = std::chrono::duration_cast<std::chrono::microseconds>(now);
  Notify(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", since_boot.count()));
}

void NotifyStatus(const std::string& line) {
  std::string one = line;  // a line feed would begin another assignment
  std::replace(one.begin(), one.end(), '\n', ' ');
  Notify("STATUS=" + one);
}

std::optional<std::chrono::microseconds> WatchdogTime() {
  std::uint64_t time = 0;
  if (::sd_watchdog_enabled(0, &time) <= 0) return std::nullopt;
  return std::chrono::microseconds(time);
}

}  // namespace reconciler::daemon
