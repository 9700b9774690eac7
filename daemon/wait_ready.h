// Cycle after cycle until the pools are Ready, or it is known that they will not be.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daemon/readiness.h"
#include "daemon/session.h"

namespace reconciler::daemon {

struct WaitOptions {
  cycle::CycleOptions cycle;
  Tick timeout{std::chrono::minutes(30)};
};

struct WaitResult {
  ExitFacts facts;
  std::vector<std::string> waiting;  // what is not Ready, or not even known, in words
  std::vector<cycle::PoolStatus> statuses;
};
/// Runs all accounts at the same time and shows what is awaited. Ends when each is Ready, stuck or
/// cannot be observed, at the timeout, and at a stop.
WaitResult WaitUntilReady(CommandContext& context, Session& session,
                          const std::shared_ptr<const SpecSnapshot>& specs,
                          const WaitOptions& options);

}  // namespace reconciler::daemon
