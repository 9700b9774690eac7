// The thread that reads specs.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "daemon/file_tree.h"
#include "daemon/snapshot_cell.h"
#include "daemon/spec_watch.h"
#include "reconciler/core/ports.h"
#include "reconciler/spec/load.h"

namespace reconciler::daemon {

struct SpecThreadOptions {
  std::string root;
  std::chrono::seconds interval{60};  // the tree is looked at so often, whatever inotify says
  WatchTiming timing{};
  spec::LoadOptions load{};
  std::string state_folder{};  // for messages
  /// Gets what keeps the thread from reading specs or saving them, when that changes; runs in it.
  std::function<void(const std::vector<std::string>&)> on_problems{};
};

/// Reads the tree at the start, when it changes, at each interval, and on request; publishes what
/// it found and wakes who acts on it. Findings are told once, when they appear.
class SpecThread {
 public:
  /// `cell`, `state`, `clock` and `events` outlive the thread; `on_change` runs in it.
  SpecThread(SpecThreadOptions options, SnapshotCell& cell, StateStore& state, Clock& clock,
             EventSink& events, std::function<void()> on_change);
  ~SpecThread();

  void Rescan() { watch_.Wake(); }

 private:
  void Run(std::stop_token stop);
  void LoadOnce();
  /// Blocks while the newest file of the tree has just been written; false at a stop.
  bool WaitUntilSettled(const std::stop_token& stop);
  void TellLastGood();
  void TellProblems();
  void TellSaved(const std::string& problem);
  void Publish(const std::shared_ptr<const SpecSnapshot>& snapshot);
  void TellFindings(const SpecSnapshot& snapshot);
  void Tell(EventKind kind, Severity severity, std::string detail);

  SpecThreadOptions options_;
  SnapshotCell& cell_;
  Clock& clock_;
  EventSink& events_;
  std::function<void()> on_change_;
  DiskFileTree tree_;
  spec::SpecLoader loader_;
  SpecWatch watch_;
  std::shared_ptr<const SpecSnapshot> published_;
  std::set<std::string> told_;  // findings that hold
  std::string last_failure_;
  std::string told_last_good_;  // the problem that holds
  std::string told_unsaved_;    // the same, of saving
  std::vector<std::string> told_problems_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace reconciler::daemon
