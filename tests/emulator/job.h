// The state of jobs and their tasks.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/emulator/json.h"
#include "tests/emulator/time_text.h"

namespace emulator {

/// What conditional headers speak of.
struct Versioned {
  std::string etag;
  Instant last_modified;
};

/// What happens to running tasks when their node goes or their job is disabled.
/// Source: Batch REST, ComputeNodeDeallocationOption; a job that is disabled with `wait`:
/// kComplete.
enum class TaskFate { kRequeue, kTerminate, kComplete, kRetainData };

/// `requeue`, `terminate`, `taskcompletion`, `retaineddata` of nodes, `wait` of jobs.
TaskFate FateOf(std::string_view option);

enum class TaskState { kActive, kRunning, kCompleted };

/// ErrorCategory of tasks and start tasks alike. Source: Batch REST, Tasks and Nodes.
inline constexpr char kUserError[] = "usererror";

struct TaskFailure {
  std::string category, code, message;
};

/// `executionInfo` of a task.
struct Execution {
  std::optional<Instant> started, ended;
  std::optional<std::int64_t> exit_code;
  std::optional<TaskFailure> failure;
  std::int64_t retries = 0, requeues = 0;
  std::optional<Instant> retried, requeued;

  bool Succeeded() const { return ended && !failure; }
};

/// Members of a Task. They stand apart from those of its base, so that state_fields.cc does not
/// compile when it leaves one out; likewise below.
struct TaskFacts {
  std::string id;
  /// As sent and normalised, in the order of the member table.
  Json settings;
  Instant created;
  TaskState state = TaskState::kActive;
  Instant state_since;
  std::optional<std::pair<TaskState, Instant>> state_before;
  /// Tasks of a job start in this order.
  std::uint64_t number = 0;
  std::int64_t slots = 1, retries_max = 0;  // -1: without end
  Duration run_time{}, retention{};
  std::int64_t exit_code = 0;
  Execution execution;
  Instant ends;                  // while it runs
  std::string pool_id, node_id;  // where it ran last; empty: nowhere
};

struct Task : Versioned, TaskFacts {};

enum class JobState {
  kActive,
  kDisabling,
  kDisabled,
  kEnabling,
  kTerminating,
  kCompleted,
  kDeleting
};

struct JobStep {
  JobState state;
  Instant since;
};

struct TaskCounts {
  std::int64_t active = 0, running = 0, succeeded = 0, failed = 0;

  std::int64_t Completed() const { return succeeded + failed; }
  friend bool operator==(const TaskCounts&, const TaskCounts&) = default;
};

/// The tasks of a pool from an instant on.
struct TaskSample {
  Instant since;
  TaskCounts counts;
};

struct JobFacts {
  std::string id;
  Json settings;
  Instant created, started;
  /// Present and coming states in the order of time; a job goes through them by the clock alone.
  std::vector<JobStep> steps;
  std::optional<JobStep> step_before;
  std::string pool_id;  // of poolInfo
  std::string terminate_reason;
  std::map<std::string, Task> tasks;                        // by lower-cased id
  std::set<std::pair<std::uint64_t, std::string>> waiting;  // active tasks: number, key
  std::uint64_t tasks_made = 0;
  TaskCounts counts, slot_counts;
  std::string schedule_id;  // of the schedule that made it; empty: none
};

struct Job : Versioned, JobFacts {
  /// `settings` as numbers.
  std::int64_t Setting(std::string_view name) const;
};

/// Counts of tasks at an instant, of samples in the order of time; zeros before the first.
TaskCounts CountsAt(const std::vector<TaskSample>& samples, Instant time);

/// The step that a job is in.
const JobStep& StepOf(const Job& job, Instant now);

std::string_view TaskStateText(TaskState state);
std::string_view JobStateText(JobState state);

}  // namespace emulator
