// Whether the pools of an account are what they should be, and if not, whether waiting helps.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/exit_code.h"
#include "reconciler/cycle/account_cycle.h"

namespace reconciler::daemon {

/// The pools of specs, as one cycle left them; orphans do not count.
struct Readiness {
  std::size_t pools = 0;
  std::size_t ready = 0;
  bool observed = false;
  /// No pool that is not Ready moves by itself: a person has to act, or a resize has failed.
  bool stuck = false;
  ExitFacts facts;                   // why the others are not Ready
  std::vector<std::string> waiting;  // "render-linux is Progressing (Resizing): 1 of 4 nodes"

  bool AllReady() const { return observed && ready == pools; }
};

/// Judges cycle after cycle; remembers that a resize failed, so that its later retry does not hide
/// it.
class ReadinessJudge {
 public:
  explicit ReadinessJudge(std::vector<std::string> selected) : selected_(std::move(selected)) {}
  Readiness Judge(const cycle::CycleReport& report);

 private:
  std::vector<std::string> selected_;
  std::set<std::string> failed_;  // pools with a resize error since the first look
};

/// Stands for what a guard says, which is long and the same for all pools of the account.
inline constexpr std::string_view kParkedInShort = "a guard parked the plan";

/// "render-linux is Degraded (AllocationFailed): ..."
std::string DescribeStatus(const cycle::PoolStatus& status);

}  // namespace reconciler::daemon
