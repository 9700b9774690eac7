// Which rule of a plan strikes a call.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/emulator/fault_plan.h"
#include "tests/emulator/operation_name.h"
#include "tests/emulator/random.h"
#include "tests/emulator/service.h"

namespace emulator {

/// What rules are matched with. The functions are asked only by rules that want to know.
struct FaultCall {
  const Operation& operation;
  const Request& request;
  Instant now;
  std::function<std::string()> account;
  /// See Service::PhasesOf.
  std::function<std::vector<std::string_view>()> phases;
  /// Only the head of the request is there.
  bool head_only = false;
};

/// Each rule counts and draws for itself, whichever strikes, so that one more rule moves no other.
class FaultDraw {
 public:
  FaultDraw(FaultPlan plan, Instant start);

  /// The fault of the first rule that strikes.
  std::optional<Fault> Next(const FaultCall& call);
  /// How often each rule struck, in the order of the plan.
  const std::vector<std::uint64_t>& strikes() const { return strikes_; }
  bool empty() const { return plan_.rules.empty(); }

 private:
  struct State {
    Random random;
    std::uint64_t seed, calls = 0;
    double tokens;
    Instant filled, closed_until;
  };
  bool Strikes(const FaultRule& rule, State& state, const FaultCall& call);
  bool Draw(const FaultRule& rule, State& state, const FaultCall& call);
  /// Of a bucket that is empty: for how long.
  std::optional<Duration> Wait(const BucketFault& bucket, State& state, Instant now);

  FaultPlan plan_;
  Instant start_;
  std::vector<State> states_;
  std::vector<std::uint64_t> strikes_;
};

}  // namespace emulator
