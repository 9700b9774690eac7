// One account: its pools and how they live on as time goes by.
#pragma once

#include <map>
#include <set>
#include <string>

#include "tests/emulator/formula.h"
#include "tests/emulator/pool.h"
#include "tests/emulator/random.h"
#include "tests/emulator/service_config.h"

namespace emulator {

/// Makes the next allocation of a pool fail: `granted` nodes of each kind come, then this error.
struct AllocationFailure {
  std::string code = "AllocationTimedout";
  PerKind granted{};
};

class Account {
 public:
  Account(const AccountConfig& config, const ServiceConfig& service);

  const AccountConfig& config() const { return config_; }
  Random& random() { return random_; }
  /// Keyed by the lower-cased id, which is also the order of lists.
  std::map<std::string, Pool>& pools() { return pools_; }
  Pool* Find(std::string_view id);

  /// Lets everything happen that is due until `now`.
  void Advance(Instant now);
  /// When the next thing happens by itself; nothing: never.
  std::optional<Instant> NextEvent() const;

  /// The pool must be new; starts its first sizing.
  Pool& Add(Pool pool, Instant now);
  /// A new etag and lastModified. Strictly increasing over the account, so never the same twice.
  void Touch(Pool& pool, Instant now);
  void BeginResize(Pool& pool, PerKind target, Instant now);
  /// Lowers the targets by these nodes and lets them leave.
  void RemoveNodes(Pool& pool, const std::vector<std::size_t>& places, Instant now);
  void StopResize(Pool& pool, Instant now);
  void BeginDelete(Pool& pool, Instant now);
  /// Reboots, reimages or gives back the machine of a node.
  void Act(Pool& pool, Node& node, NodeAction action, Instant now);
  /// Starts a node whose machine was given back.
  void StartAgain(Pool& pool, Node& node, Instant now);
  void EnableAutoScale(Pool& pool, Instant now);
  void DisableAutoScale(Pool& pool, Instant now);
  FormulaResult Evaluate(const Pool& pool, const std::string& formula, Instant now);

  void FailNextAllocation(const std::string& pool_id, AllocationFailure failure);
  void FailStartTasks(const std::string& pool_id, bool fail);
  /// Takes up to `count` running Spot nodes away; returns how many.
  int Preempt(Pool& pool, int count, Instant now);

 private:
  void Step(const std::string& key, Instant due, Instant horizon);
  void EndResize(Pool& pool, Instant now);
  void EvaluateNow(Pool& pool, Instant now, bool publish);
  void ReviveNodes(Pool& pool, Instant now);
  /// Grants what quota, allocation rate and wished failures leave of the missing nodes.
  void Grant(Pool& pool, Instant now);
  void LetGo(Pool& pool, NodeKind kind, std::int64_t count, Instant now);
  void Arrive(Pool& pool, NodeKind kind, Instant now);
  /// A new machine for the node.
  void StartNode(Pool& pool, Node& node, Instant now);
  void BootNode(Pool& pool, Node& node, Instant starting);
  /// Up to a tenth more.
  Duration Jittered(std::chrono::milliseconds length);
  void Reschedule(Pool& pool);
  void Forget(Pool& pool);

  AccountConfig config_;
  const ServiceConfig& service_;
  Random random_;
  std::map<std::string, Pool> pools_;
  std::set<std::pair<Instant, std::string>> queue_;
  PerKind cores_{};  // in use or granted
  Instant last_touch_{};
  std::map<std::string, AllocationFailure> failures_;
  std::set<std::string> failing_start_tasks_;
};

/// `Desired number of dedicated nodes could not be allocated ...`
std::string ResizeErrorMessage(const std::string& code, NodeKind kind);

}  // namespace emulator
