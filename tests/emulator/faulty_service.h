// The service on a bad day: what a fault plan makes of its answers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/emulator/fault_plan.h"
#include "tests/emulator/operation_name.h"
#include "tests/emulator/random.h"
#include "tests/emulator/service.h"

namespace emulator {

/// Not safe for threads. The same plan, clock and requests give the same answers.
class FaultyService {
 public:
  using Clock = Service::Clock;
  /// `service` outlives it. `now`: the time by which answers are stale and pools hidden; `wall`:
  /// what Date shows.
  FaultyService(Service& service, FaultPlan plan, Clock now, Clock wall);

  Response Handle(const Request& request);
  /// From now on; calls are counted anew.
  void Replace(FaultPlan plan);
  /// How often each rule struck, in the order of the plan.
  const std::vector<std::uint64_t>& strikes() const { return strikes_; }

 private:
  struct Past {
    Instant at;
    Response answer;
  };
  const Fault* Draw(const Operation& operation);
  Response Strike(const Fault& fault, const Operation& operation, const Request& request);
  Response ErrorAnswer(const Fault& fault, const Request& request);
  /// What the real service answers, without what is hidden.
  Response Ask(const Operation& operation, const Request& request);
  void Remember(const Request& request, const Response& answer);
  Response StaleAnswer(const Fault& fault, const Operation& operation, const Request& request);
  void DropHidden(const Operation& operation, Response& answer);

  Service& service_;
  FaultPlan plan_;
  Clock now_, wall_;
  Random random_;
  std::vector<std::uint64_t> calls_, strikes_;     // by rule
  std::map<std::string, std::vector<Past>> past_;  // by target, of reads alone
  std::map<std::string, Instant> hidden_;          // pool without case -> until when
};

}  // namespace emulator
