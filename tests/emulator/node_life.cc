// How single nodes start, and what happens to them when somebody asks for it.
#include <algorithm>

#include "tests/emulator/account.h"
#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

std::pair<NodeState, Instant> StateBeforeStart(const Node& node, Instant now) {
  switch (node.action) {
    case NodeAction::kNone:
      break;
    case NodeAction::kReboot:
      return {NodeState::kRebooting, node.acted};
    case NodeAction::kReimage:
      return {NodeState::kReimaging, node.acted};
    case NodeAction::kDeallocate:
      if (now < node.deallocated) return {NodeState::kDeallocating, node.acted};
      return {NodeState::kDeallocated, node.deallocated};
  }
  return {NodeState::kCreating, node.allocated};
}

}  // namespace

std::pair<NodeState, Instant> StateOf(const Node& node, Instant now) {
  if (node.leaving) return {NodeState::kLeaving, *node.leaving};
  if (node.forced) return *node.forced;
  if (node.preempted) return {NodeState::kPreempted, *node.preempted};
  const Boot& boot = node.boot;
  if (now < boot.starting) return StateBeforeStart(node, now);
  if (now < boot.booted) return {NodeState::kStarting, boot.starting};
  if (boot.waits_for_start_task && now < boot.start_task_ends) {
    return {NodeState::kWaiting, boot.booted};
  }
  const Instant ready = boot.waits_for_start_task ? boot.start_task_ends : boot.booted;
  if (boot.waits_for_start_task && boot.start_task_fails) {
    return {NodeState::kStartTaskFailed, ready};
  }
  if (!node.running.empty()) return {NodeState::kRunning, node.running_since};
  return {node.schedulable ? NodeState::kIdle : NodeState::kOffline,
          std::max({ready, node.schedulable_since, node.running_since})};
}

const Boot& ShownBoot(const Node& node, Instant now) {
  const bool restarts = now < node.boot.starting && node.boot_before != nullptr;
  return restarts ? *node.boot_before : node.boot;
}

bool Drained(const Node& node, Instant now) {
  return node.running.empty() && (node.fate != TaskFate::kRetainData || node.retained_until <= now);
}

void Account::StartNode(Pool& pool, Node& node, Instant now) {
  node.allocated = now;
  node.action = NodeAction::kNone;
  node.boot_before.reset();
  node.preempted.reset();
  node.forced.reset();
  node.schedulable = true;
  node.action_waits = false;
  node.users.clear();  // another machine
  BootNode(pool, node, now + Jittered(service_.timings.node_creating));
}

Duration Account::Jittered(std::chrono::milliseconds length) {
  const auto span = static_cast<std::uint64_t>(length.count()) / 10 + 1;
  return Duration{length} + std::chrono::milliseconds{random_.Below(span)};
}

void Account::BootNode(Pool& pool, Node& node, Instant starting) {
  Boot& boot = node.boot;
  boot.starting = starting;
  boot.booted = boot.starting + Jittered(service_.timings.node_starting);
  boot.start_task_ends = boot.booted + Jittered(service_.timings.start_task);
  const Json* const task = pool.settings.Find("startTask");
  if (task != nullptr && pool.shared_start_task == nullptr) {
    pool.shared_start_task = std::make_shared<const Json>(*task);
  }
  boot.start_task = pool.shared_start_task;
  const Json* const wait = task == nullptr ? nullptr : task->Find("waitForSuccess");
  boot.waits_for_start_task = wait != nullptr && *wait->AsBool();
  const double draw = static_cast<double>(random_.Below(10'000)) / 100.0;
  boot.start_task_fails = task != nullptr && (failing_start_tasks_.contains(Lower(pool.id)) ||
                                              draw < service_.start_task_failure_percent);
}

void Account::ReviveNodes(Pool& pool, Instant now) {
  for (Node& node : pool.nodes) {
    if (node.preempted && *node.preempted + service_.timings.preempted <= now && !node.leaving) {
      StartNode(pool, node, now);
    }
  }
}

void Account::Act(Pool& pool, Node& node, NodeAction action, TaskFate fate, Instant now) {
  const auto [state, since] = StateOf(node, now);
  // As recorded: a node that is rebooted while it is created keeps the time of its transition.
  node.acted = state == NodeState::kCreating ? since : now;
  if (now >= node.boot.starting) node.boot_before = std::make_shared<const Boot>(node.boot);
  node.action = action;
  node.forced.reset();
  node.action_waits = true;
  node.boot.starting = node.deallocated = kNever;
  if (action == NodeAction::kDeallocate) {  // as recorded
    node.schedulable = false;
    node.schedulable_since = now;
  }
  LetTasksGo(pool, node, fate, now);
  Reschedule(pool, now);
}

void Account::BeginAction(Pool& pool, Node& node, Instant now) {
  const Timings& timings = service_.timings;
  node.action_waits = false;
  if (node.action == NodeAction::kReboot) BootNode(pool, node, now + Jittered(timings.node_reboot));
  if (node.action == NodeAction::kDeallocate) {
    node.deallocated = now + Jittered(timings.node_deallocate);
  }
  if (node.action != NodeAction::kReimage) return;
  node.users.clear();
  BootNode(pool, node, now + Jittered(timings.node_reimage));
}

void Account::StartAgain(Pool& pool, Node& node, Instant now) {
  node.action = NodeAction::kNone;
  SetSchedulable(pool, node, true, TaskFate::kComplete, now);
  BootNode(pool, node, now);
  Reschedule(pool, now);
}

void Account::SetSchedulable(Pool& pool, Node& node, bool schedulable, TaskFate fate, Instant now) {
  node.schedulable = schedulable;
  node.schedulable_since = now;
  if (!schedulable) Release(node, fate, now);
  Reschedule(pool, now);
}

void Account::LetTasksGo(Pool& pool, Node& node, TaskFate fate, Instant now) {
  Release(node, fate, now);
  node.fate = fate;
  if (!Drained(node, now) || node.action_waits) pool.drains = true;
}

void Account::Drain(Pool& pool, Instant now) {
  pool.drains = false;
  for (Node& node : pool.nodes) {
    if (node.action_waits && Drained(node, now)) BeginAction(pool, node, now);
    const bool leaves = node.leaving && !Drained(node, now);
    pool.drains = pool.drains || node.action_waits || leaves;
  }
}

Instant Account::PendingEnd(const Pool& pool, Instant now) const {
  const PendingResize& pending = *pool.pending;
  Instant end = pending.ends;
  for (const Node& node : pool.nodes) {
    if (!node.leaving || Drained(node, now)) continue;
    end = std::max(end, node.running.empty() ? node.retained_until : pending.deadline);
  }
  return std::min(end, std::max(pending.deadline, pending.ends));
}

}  // namespace emulator
