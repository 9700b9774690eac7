// A hint that the spec tree changed, from inotify.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "daemon/posix.h"
#include "reconciler/core/ports.h"

namespace reconciler::daemon {

struct WatchTiming {
  std::chrono::milliseconds quiet{2'000};      // a tree is read after so long without an event
  std::chrono::milliseconds patience{30'000};  // and at the latest so long after the first
};

/// Watches the folders of a tree, and the folders that hold its root and the links on the way to
/// it, so that a root that is swapped, or that appears later, is seen. It is a hint alone: the tree
/// is also read at each interval, which does everything where inotify does not work.
class SpecWatch {
 public:
  SpecWatch(std::string root, WatchTiming timing, Clock& clock);

  /// False: the system gives no inotify.
  bool usable() const { return events_.valid(); }
  /// Ends a wait, from any thread.
  void Wake();
  /// Waits until the tree changed and has been quiet, somebody called Wake, `due`, or a stop.
  enum class Ended { kChanged, kWoken, kDue, kStopped };
  Ended Wait(Tick due, std::stop_token stop);

 private:
  struct Watched {
    std::string folder;
    std::string only;  // the only name that matters in it; empty: spec files and folders
  };

  void WatchAll();
  void WatchTree(const std::string& folder, int depth);
  void WatchWayToRoot();
  void WatchFolder(const std::string& folder, const std::string& only);
  /// Reads what has come; true if any of it matters.
  bool TakeEvents();
  bool Matters(int watch, std::uint32_t mask, std::string_view name) const;

  std::string root_;
  WatchTiming timing_;
  Clock& clock_;
  FileDescriptor events_;
  FileDescriptor wake_;
  std::multimap<int, Watched> watched_;
};

}  // namespace reconciler::daemon
