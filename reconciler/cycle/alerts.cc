#include "reconciler/cycle/alerts.h"

#include <chrono>
#include <utility>

namespace reconciler::cycle {
namespace {

/// An alert that lasts speaks again after this time.
constexpr Tick kRepeat = std::chrono::hours(1);

}  // namespace

void AlertBook::Hold(const std::string& key, std::string text, Event alert, Event ended) {
  Entry& entry = entries_[key];
  entry.fresh = entry.fresh || entry.text != text;
  entry.text = std::move(text);
  entry.alert = std::move(alert);
  entry.ended = std::move(ended);
  entry.held = true;
}

bool AlertBook::HoldLate(const std::string& key, std::string text, Event alert, Event ended,
                         Tick now) {
  Hold(key, std::move(text), std::move(alert), std::move(ended));
  Entry& entry = entries_[key];
  if (!entry.fresh && now - entry.spoken < kRepeat) return false;
  entry.spoken = now;
  entry.fresh = false;
  return true;
}

void AlertBook::KeepHolding(const std::string& key) {
  if (const auto found = entries_.find(key); found != entries_.end()) found->second.held = true;
}

void AlertBook::SayAgain(const std::string& key) {
  if (const auto found = entries_.find(key); found != entries_.end()) found->second.fresh = true;
}

std::vector<Event> AlertBook::Close(Tick now, bool keep_absent) {
  std::vector<Event> events;
  for (auto at = entries_.begin(); at != entries_.end();) {
    Entry& entry = at->second;
    if (!entry.held && !keep_absent) {
      events.push_back(std::move(entry.ended));
      at = entries_.erase(at);
      continue;
    }
    if (entry.held && (entry.fresh || now - entry.spoken >= kRepeat)) {
      events.push_back(entry.alert);
      entry.spoken = now;
      entry.fresh = false;
    }
    entry.held = false;
    ++at;
  }
  return events;
}

}  // namespace reconciler::cycle
