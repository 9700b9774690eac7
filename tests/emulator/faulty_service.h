// The service on a bad day: what a fault plan makes of its answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/emulator/fault_answer.h"
#include "tests/emulator/fault_draw.h"
#include "tests/emulator/fault_plan.h"
#include "tests/emulator/hidden_writes.h"
#include "tests/emulator/later_calls.h"
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
  /// "cut" or "notContinued" when the body of this request shall not be read in peace; "": it may.
  std::string UploadFault(const Request& head);
  /// From now on; calls are counted anew.
  void Replace(FaultPlan plan);
  /// Carries out what was put off until now.
  void Settle() { later_.Run(now_()); }
  /// Drops what was put off or hidden: to be called when the service has got another state.
  void Forget();
  /// How often each rule struck, in the order of the plan.
  const std::vector<std::uint64_t>& strikes() const { return draw_.strikes(); }

 private:
  std::optional<Fault> Draw(const Operation& operation, const Request& request, bool head_only);
  Response Strike(const Fault& fault, const FaultFacts& facts);
  /// Of the faults that concern the account, not the answer.
  Response StrikeState(const Fault& fault, const FaultFacts& facts);
  /// What the real service answers, without what is hidden.
  Response Ask(const FaultFacts& facts) { return Ask(facts, facts.request); }
  Response Ask(const FaultFacts& facts, const Request& request);
  /// Carries the request out where the rule says so, now or later.
  void Apply(const Fault& fault, const FaultFacts& facts);
  Response Stale(const Fault& fault, const FaultFacts& facts);
  Response HideWrite(const Fault& fault, const FaultFacts& facts);
  Response Skew(const Fault& fault, const FaultFacts& facts);
  Response Outcome(const Fault& fault, const FaultFacts& facts);
  Response DropLater(const Fault& fault, const FaultFacts& facts);
  void CarryLater(const FaultFacts& facts, std::chrono::milliseconds time);

  Service& service_;
  Clock now_, wall_;
  FaultDraw draw_;
  Random ids_;
  HiddenWrites hidden_;
  LaterCalls later_;
};

}  // namespace emulator
