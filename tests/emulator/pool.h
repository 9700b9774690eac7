// The state of pools and nodes.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/emulator/job.h"
#include "tests/emulator/json.h"
#include "tests/emulator/time_text.h"

namespace emulator {

/// Index of per-kind arrays.
enum NodeKind : std::size_t { kDedicated = 0, kSpot = 1 };
inline constexpr std::array kNodeKinds{kDedicated, kSpot};
using PerKind = std::array<std::int64_t, 2>;

/// An account of a person on a node. What it logs in with never comes back out of the service.
struct NodeUser {
  bool admin = false;
  bool has_password = false;
  std::string ssh_public_key;  // empty: none
  Instant expires;
};

/// One start of a node's machine: when its stages begin, and the start task that it runs.
struct Boot {
  Instant starting, booted, start_task_ends;
  /// The pool's start task as the node got it; null: none.
  std::shared_ptr<const Json> start_task;
  bool waits_for_start_task = false;
  bool start_task_fails = false;
};

/// What was last asked of a node's machine; its state shows it until `Boot::starting`.
enum class NodeAction { kNone, kReboot, kReimage, kDeallocate };

/// A task that occupies slots of a node.
struct TaskPlace {
  std::string job_key, task_key;
  std::int64_t slots = 1;
};

/// An entry of recentTasks.
struct RecentTask {
  std::string job_id, task_id;
  TaskState state = TaskState::kRunning;
  Execution execution;
};

enum class NodeState {
  kCreating,
  kStarting,
  kWaiting,
  kIdle,
  kRunning,
  kStartTaskFailed,
  kRebooting,
  kReimaging,
  kDeallocating,
  kDeallocated,
  kOffline,
  kPreempted,
  kUnusable,  // this and the next two only where somebody says so
  kUnknown,
  kUpgradingOs,
  kLeaving  // the last
};
inline constexpr std::size_t kNodeStates = static_cast<std::size_t>(NodeState::kLeaving) + 1;

/// A node goes through creating, starting, waitingforstarttask and idle by the clock alone; what
/// happens to it otherwise is marked.
struct Node {
  std::string id;
  NodeKind kind = kDedicated;
  /// Place of the node in its pool: addresses and ports derive from it.
  std::uint32_t index = 0;
  Instant allocated;
  Boot boot;  // starting: kNever while the machine is given back
  /// The start before, which is shown until the machine starts again; null: there was none.
  std::shared_ptr<const Boot> boot_before;
  NodeAction action = NodeAction::kNone;
  bool action_waits = false;  // for tasks of the node
  Instant acted, deallocated;
  bool schedulable = true;
  Instant schedulable_since;
  std::optional<Instant> leaving, preempted;
  /// Shown in place of the true state until the machine starts anew.
  std::optional<std::pair<NodeState, Instant>> forced;
  bool shows_errors = false;  // with a forced state
  /// What a node that leaves or restarts does to its tasks.
  TaskFate fate = TaskFate::kRequeue;
  std::vector<TaskPlace> running;
  Instant running_since;   // or since when there is none
  Instant retained_until;  // of the data of its tasks
  std::int64_t tasks_run = 0, tasks_succeeded = 0;
  std::vector<RecentTask> recent;         // the newest first
  std::map<std::string, NodeUser> users;  // by name
};

inline constexpr Instant kNever = Instant::max();

/// The state of a node at an instant and since when it has it.
std::pair<NodeState, Instant> StateOf(const Node& node, Instant now);
/// Whether nothing holds a node that leaves or restarts.
bool Drained(const Node& node, Instant now);
/// The start of the machine that answers show at an instant.
const Boot& ShownBoot(const Node& node, Instant now);

enum class Allocation { kSteady, kResizing, kStopping };

struct ResizeError {
  std::string code;
  std::string message;
};

struct AutoScaleRun {
  Instant timestamp;
  std::string results;
  /// Code and message of a failed evaluation; the detail goes into `values`.
  std::optional<ResizeError> error;
  std::string detail;
};

/// A resize under way: nodes that arrive and errors that show when it ends.
struct PendingResize {
  Instant ends;
  Instant deadline;  // when it no longer waits for tasks of leaving nodes
  PerKind granted{};
  std::vector<ResizeError> errors;
  std::string late_code = "AllocationTimedout";  // of nodes that stayed for their tasks
};

/// Members of a Pool; see TaskFacts.
struct PoolFacts {
  std::string id;
  /// Members kept as sent and normalised, in the order of the member table.
  Json settings;
  Instant created, state_since;
  std::optional<Instant> deleted_at;  // set: the pool is being deleted
  Allocation allocation = Allocation::kResizing;
  Instant allocation_since;
  PerKind target{};
  Duration resize_timeout = std::chrono::minutes{15};
  std::vector<ResizeError> resize_errors;
  std::optional<PendingResize> pending;

  bool auto_scale = false;
  std::string formula;
  Duration evaluation_interval = std::chrono::minutes{15};
  std::optional<AutoScaleRun> run;
  std::optional<Instant> next_evaluation;
  std::optional<Instant> last_enabled;

  std::vector<Node> nodes;
  std::uint32_t nodes_made = 0;
  std::int64_t cores_per_node = 1;
  std::string current_communication_mode;

  /// Keys of the jobs that name the pool.
  std::set<std::string> jobs;
  /// Ends of running tasks: when, job and task by their keys.
  std::set<std::tuple<Instant, std::string, std::string>> task_ends;

  /// How many tasks it had in the last hour, as far as formulas read it.
  std::vector<TaskSample> task_samples;
  /// Some node waits for its tasks.
  bool drains = false;

  /// When something happens next; kept by the account's queue.
  std::optional<Instant> due;
  /// Rendered settings of one api-version; emptied by every change of settings.
  struct Rendered {
    std::string api_version;
    std::vector<std::pair<std::size_t, std::string>> members;  // place in the table, text
  };
  mutable Rendered rendered;
  /// The start task as new nodes get it, shared by them; made when the first one comes.
  std::shared_ptr<const Json> shared_start_task;
};

struct Pool : Versioned, PoolFacts {
  /// To be called after every change of `settings`.
  void SettingsChanged();

  bool Deleting() const { return deleted_at.has_value(); }
  /// Nodes of a kind, leaving ones included, as currentDedicatedNodes counts them.
  std::int64_t Current(NodeKind kind) const;
  bool Windows() const;
};

}  // namespace emulator
