// Folding: an alert speaks when it appears, when it changes, every hour while it lasts, and when it
// ends; never each cycle.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "reconciler/core/event.h"
#include "reconciler/core/ports.h"

namespace reconciler::cycle {

/// That the account cannot be observed.
inline constexpr const char* kObserveAlert = "observe";

class AlertBook {
 public:
  /// Something that holds in this cycle. `key` is its identity ("drift/render/startTask"), `text`
  /// what makes it another alert when it changes; `ended` is emitted once when it no longer holds.
  void Hold(const std::string& key, std::string text, Event alert, Event ended);
  /// The same for what is found after the book was closed for this cycle: true if `alert` is to be
  /// said at once. Its end is said when a whole cycle has passed without it.
  bool HoldLate(const std::string& key, std::string text, Event alert, Event ended, Tick now);
  /// What held before still holds, though nothing new is known about it; else nothing.
  void KeepHolding(const std::string& key);
  /// Says it anew when it is held the next time, however short ago it spoke.
  void SayAgain(const std::string& key);
  bool Knows(const std::string& key) const { return entries_.contains(key); }
  /// Ends the cycle: returns the events to emit, in order of their keys. `keep_absent`: what was
  /// not held this time does not count as ended (the observation was incomplete).
  std::vector<Event> Close(Tick now, bool keep_absent);

 private:
  struct Entry {
    std::string text;
    Event alert;
    Event ended;
    Tick spoken{};
    bool held = false;
    bool fresh = true;
  };
  std::map<std::string, Entry> entries_;
};

}  // namespace reconciler::cycle
