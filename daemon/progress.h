// What a waiting command shows of what it waits for.
#pragma once

#include <chrono>
#include <string>

#include "daemon/console.h"

namespace reconciler::daemon {

/// On a terminal one line that is written over again and again; elsewhere a line per change.
class Progress {
 public:
  explicit Progress(const Console& console) : console_(console) {}
  ~Progress() { Clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Show(const std::string& text, std::chrono::seconds elapsed);
  /// Takes the line away, so that other text can follow.
  void Clear();

 private:
  const Console& console_;
  std::string last_;
  bool shown_ = false;
};

}  // namespace reconciler::daemon
