// How pools get and lose nodes.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "tests/emulator/account.h"
#include "tests/emulator/http_text.h"
#include "tests/emulator/vm_size.h"

namespace emulator {

namespace {

std::string_view KindText(NodeKind kind) {
  return kind == kDedicated ? "dedicated" : "low priority";
}

}  // namespace

std::string ResizeErrorMessage(const std::string& code, NodeKind kind) {
  if (code == "ResizeStopped") {
    return fmt::format(
        "Desired number of {} nodes could not be allocated due to a stop resize operation",
        KindText(kind));
  }
  if (code == "AllocationTimedout") {
    return fmt::format(
        "Desired number of {} nodes could not be allocated as the resize timeout was reached",
        KindText(kind));
  }
  if (code == "RemoveNodesFailed") {
    return fmt::format("{} nodes could not be removed as the resize timeout was reached",
                       kind == kDedicated ? "Dedicated" : "Low priority");
  }
  if (code.find("CoreQuotaReached") != std::string::npos) {
    return fmt::format("The specified account has reached its core quota for {} nodes",
                       KindText(kind));
  }
  if (code == "CommunicationEnabledPoolReachedMaxVMCount") {
    return fmt::format(
        "The pool with inter-node communication reached its maximum number of VMs, {} nodes are "
        "missing",
        KindText(kind));
  }
  return fmt::format("Desired number of {} nodes could not be allocated", KindText(kind));
}

std::int64_t Pool::Current(NodeKind kind) const {
  return std::count_if(nodes.begin(), nodes.end(),
                       [&](const Node& node) { return node.kind == kind; });
}

void Pool::SettingsChanged() {
  rendered = {};
  shared_start_task.reset();
}

bool Pool::Windows() const {
  const Json* const vm = settings.Find("virtualMachineConfiguration");
  return vm != nullptr && Lower(vm->Text("nodeAgentSKUId")).find("windows") != std::string::npos;
}

void Account::BeginResize(Pool& pool, PerKind target, TaskFate fate, Instant now) {
  pool.resize_errors.clear();
  pool.target = target;
  pool.allocation = Allocation::kResizing;
  pool.allocation_since = now;
  pool.cores_per_node = CoresOf(pool.settings.Text("vmSize"));
  for (const NodeKind kind : kNodeKinds) {
    LetGo(pool, kind, pool.Current(kind) - target[kind], fate, now);
  }
  Grant(pool, now);
  Reschedule(pool, now);
}

void Account::LetGo(Pool& pool, NodeKind kind, std::int64_t count, TaskFate fate, Instant now) {
  for (auto node = pool.nodes.rbegin(); node != pool.nodes.rend() && count > 0; ++node) {
    if (node->kind != kind) continue;
    LetTasksGo(pool, *node, fate, now);
    if (!node->leaving) node->leaving = now;
    --count;
  }
}

void Account::Grant(Pool& pool, Instant now) {
  const Timings& timings = service_.timings;
  PendingResize pending{now + timings.resize, now + pool.resize_timeout, {}, {}};
  const auto failure = failures_.find(Lower(pool.id));
  double seconds = 0;
  for (const NodeKind kind : kNodeKinds) {
    const std::int64_t missing = std::max<std::int64_t>(pool.target[kind] - pool.Current(kind), 0);
    std::int64_t granted = missing;
    std::string code;
    for (const Allowance& left : {QuotaLeft(pool, kind), RoomLeft(pool, kind, pending.granted)}) {
      if (left.nodes >= granted) continue;
      granted = left.nodes;
      code = left.code;
    }
    if (timings.nodes_per_second > 0) {
      const double room = std::chrono::duration<double>(pool.resize_timeout).count() - seconds;
      if (const auto fit = static_cast<std::int64_t>(room * timings.nodes_per_second);
          fit < granted) {
        granted = std::max<std::int64_t>(fit, 0);
        code = "AllocationTimedout";
      }
      seconds += static_cast<double>(granted) / timings.nodes_per_second;
    }
    if (failure != failures_.end() && failure->second.granted[kind] < granted) {
      granted = failure->second.granted[kind];
      code = failure->second.code;
    }
    if (granted < missing) pending.errors.push_back({code, ResizeErrorMessage(code, kind)});
    pending.granted[kind] = granted;
    cores_[kind] += granted * pool.cores_per_node;
  }
  const bool grows = pool.target[kDedicated] > pool.Current(kDedicated) ||
                     pool.target[kSpot] > pool.Current(kSpot);
  if (failure != failures_.end() && grows) failures_.erase(failure);
  pending.ends += std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  pool.pending = std::move(pending);
}

void Account::EndResize(Pool& pool, Instant now) {
  const PendingResize done = std::move(*pool.pending);
  pool.pending.reset();
  std::array<bool, 2> late{};
  for (Node& node : pool.nodes) {
    if (!node.leaving) continue;
    if (Drained(node, now)) {
      cores_[node.kind] -= pool.cores_per_node;
    } else {
      node.leaving.reset();
      late[node.kind] = true;
    }
  }
  std::erase_if(pool.nodes, [](const Node& node) { return node.leaving.has_value(); });
  for (const NodeKind kind : kNodeKinds) {
    for (std::int64_t i = 0; i < done.granted[kind]; ++i) Arrive(pool, kind, now);
  }
  pool.resize_errors = done.errors;
  for (const NodeKind kind : kNodeKinds) {
    if (!late[kind]) continue;
    pool.resize_errors.push_back({done.late_code, ResizeErrorMessage(done.late_code, kind)});
  }
  pool.allocation = Allocation::kSteady;
  pool.allocation_since = now;
}

void Account::Arrive(Pool& pool, NodeKind kind, Instant now) {
  Node node;
  node.id = fmt::format("tvmps_{}_{}", random_.Hex64(), kind == kDedicated ? 'd' : 'p');
  node.kind = kind;
  node.index = pool.nodes_made++;
  StartNode(pool, node, now);
  pool.nodes.push_back(std::move(node));
  if (pool.nodes.size() == 1) {
    const std::string mode = pool.settings.Text("targetNodeCommunicationMode");
    pool.current_communication_mode = mode == "classic" ? "classic" : "simplified";
  }
}

void Account::RemoveNodes(Pool& pool, const std::vector<std::size_t>& places, TaskFate fate,
                          Instant now) {
  PerKind target = pool.target;
  for (const std::size_t place : places) {
    Node& node = pool.nodes[place];
    LetTasksGo(pool, node, fate, now);
    node.leaving = now;
    target[node.kind] = std::max<std::int64_t>(target[node.kind] - 1, 0);
  }
  pool.resize_errors.clear();
  pool.target = target;
  pool.allocation = Allocation::kResizing;
  pool.allocation_since = now;
  pool.pending = PendingResize{
      now + service_.timings.resize, now + pool.resize_timeout, {}, {}, "RemoveNodesFailed"};
  Reschedule(pool, now);
}

void Account::StopResize(Pool& pool, Instant now) {
  const PendingResize running = std::move(*pool.pending);
  PendingResize stopped{now + service_.timings.stop, running.deadline, {}, {}, running.late_code};
  for (const NodeKind kind : kNodeKinds) {
    cores_[kind] -= running.granted[kind] * pool.cores_per_node;
    if (pool.target[kind] > pool.Current(kind)) {
      stopped.errors.push_back({"ResizeStopped", ResizeErrorMessage("ResizeStopped", kind)});
    }
  }
  pool.pending = std::move(stopped);
  pool.allocation = Allocation::kStopping;
  pool.allocation_since = now;
  Reschedule(pool, now);
}

void Account::BeginDelete(Pool& pool, Instant now) {
  if (pool.pending) {
    for (const NodeKind kind : kNodeKinds) {
      cores_[kind] -= pool.pending->granted[kind] * pool.cores_per_node;
    }
  }
  const bool empty = pool.nodes.empty();
  pool.pending.reset();
  pool.resize_errors.clear();
  Touch(pool, now);
  pool.state_since = now;
  pool.deleted_at =
      now + (empty ? service_.timings.delete_empty : service_.timings.delete_with_nodes);
  pool.target = {};
  pool.auto_scale = false;
  pool.run.reset();
  pool.next_evaluation.reset();
  // As recorded while a pool is being deleted: not what was set, but what is left of some budget.
  pool.resize_timeout = std::chrono::minutes{7} + std::chrono::milliseconds{9'497};
  if (!empty && pool.allocation != Allocation::kResizing) pool.allocation_since = now;
  if (!empty) pool.allocation = Allocation::kResizing;
  for (Node& node : pool.nodes) {
    Release(node, TaskFate::kRequeue, now);
    node.leaving = node.leaving.value_or(now);
  }
  Reschedule(pool, now);
}

}  // namespace emulator
