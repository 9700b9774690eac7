// What of each struct is saved and loaded, once for both ways. The structured bindings name every
// member, so that a new one does not compile before it stands here.
#pragma once

#include <array>
#include <string_view>

#include "tests/emulator/account.h"
#include "tests/emulator/state_reader.h"
#include "tests/emulator/state_writer.h"

namespace emulator {

// Names of enumerators, in their order.

inline const auto& NamesOf(NodeKind) {
  static constexpr std::array<std::string_view, 2> kNames{"dedicated", "spot"};
  return kNames;
}
inline const auto& NamesOf(NodeState) {
  static constexpr std::array<std::string_view, kNodeStates> kNames{
      "creating",  "starting",  "waiting",      "idle",        "running", "startTaskFailed",
      "rebooting", "reimaging", "deallocating", "deallocated", "offline", "preempted",
      "unusable",  "unknown",   "upgradingOs",  "leaving"};
  return kNames;
}
inline const auto& NamesOf(NodeAction) {
  static constexpr std::array<std::string_view, 4> kNames{"none", "reboot", "reimage",
                                                          "deallocate"};
  return kNames;
}
inline const auto& NamesOf(TaskFate) {
  static constexpr std::array<std::string_view, 4> kNames{"requeue", "terminate", "complete",
                                                          "retainData"};
  return kNames;
}
inline const auto& NamesOf(TaskState) {
  static constexpr std::array<std::string_view, 3> kNames{"active", "running", "completed"};
  return kNames;
}
inline const auto& NamesOf(JobState) {
  static constexpr std::array<std::string_view, 7> kNames{
      "active", "disabling", "disabled", "enabling", "terminating", "completed", "deleting"};
  return kNames;
}
inline const auto& NamesOf(Allocation) {
  static constexpr std::array<std::string_view, 3> kNames{"steady", "resizing", "stopping"};
  return kNames;
}

// Jobs and tasks.

template <class Archive>
void Fields(Archive& archive, Versioned& thing) {
  auto& [etag, last_modified] = thing;
  archive("etag", etag)("lastModified", last_modified);
}

template <class Archive>
void Fields(Archive& archive, TaskFailure& failure) {
  auto& [category, code, message] = failure;
  archive("category", category)("code", code)("message", message);
}

template <class Archive>
void Fields(Archive& archive, Execution& execution) {
  auto& [started, ended, exit_code, failure, retries, requeues, retried, requeued] = execution;
  archive("started", started)("ended", ended)("exitCode", exit_code)("failure", failure);
  archive("retries", retries)("requeues", requeues)("retried", retried)("requeued", requeued);
}

template <class Archive>
void Fields(Archive& archive, Task& task) {
  Fields(archive, static_cast<Versioned&>(task));
  auto& [id, settings, created, state, state_since, state_before, number, slots, retries_max,
         run_time, retention, exit_code, execution, ends, pool_id, node_id] =
      static_cast<TaskFacts&>(task);
  archive("id", id)("settings", settings)("created", created)("state", state);
  archive("stateSince", state_since)("stateBefore", state_before)("number", number);
  archive("slots", slots)("retriesMax", retries_max)("runTime", run_time)("retention", retention);
  archive("exitCode", exit_code)("execution", execution)("ends", ends)("poolId", pool_id);
  archive("nodeId", node_id);
}

template <class Archive>
void Fields(Archive& archive, JobStep& step) {
  auto& [state, since] = step;
  archive("state", state)("since", since);
}

template <class Archive>
void Fields(Archive& archive, TaskCounts& counts) {
  auto& [active, running, succeeded, failed] = counts;
  archive("active", active)("running", running)("succeeded", succeeded)("failed", failed);
}

template <class Archive>
void Fields(Archive& archive, TaskSample& sample) {
  auto& [since, counts] = sample;
  archive("since", since)("counts", counts);
}

template <class Archive>
void Fields(Archive& archive, Job& job) {
  Fields(archive, static_cast<Versioned&>(job));
  auto& [id, settings, created, started, steps, step_before, pool_id, terminate_reason, tasks,
         waiting, tasks_made, counts, slot_counts, schedule_id] = static_cast<JobFacts&>(job);
  archive("id", id)("settings", settings)("created", created)("started", started)("steps", steps);
  archive("stepBefore", step_before)("poolId", pool_id)("terminateReason", terminate_reason);
  archive("tasks", tasks)("waiting", waiting)("tasksMade", tasks_made)("counts", counts);
  archive("slotCounts", slot_counts)("scheduleId", schedule_id);
}

template <class Archive>
void Fields(Archive& archive, Schedule& schedule) {
  Fields(archive, static_cast<Versioned&>(schedule));
  auto& [id, settings, created, steps, next_run, recurrence, jobs_made, recent_job] =
      static_cast<ScheduleFacts&>(schedule);
  archive("id", id)("settings", settings)("created", created)("steps", steps);
  archive("nextRun", next_run)("recurrence", recurrence)("jobsMade", jobs_made);
  archive("recentJob", recent_job);
}

// Nodes.

template <class Archive>
void Fields(Archive& archive, NodeUser& user) {
  auto& [admin, has_password, ssh_public_key, expires] = user;
  archive("admin", admin)("hasPassword", has_password)("sshPublicKey", ssh_public_key);
  archive("expires", expires);
}

template <class Archive>
void Fields(Archive& archive, Boot& boot) {
  auto& [starting, booted, start_task_ends, start_task, waits_for_start_task, start_task_fails] =
      boot;
  archive("starting", starting)("booted", booted)("startTaskEnds", start_task_ends);
  archive.Shared("startTask", start_task);
  archive("waitsForStartTask", waits_for_start_task)("startTaskFails", start_task_fails);
}

template <class Archive>
void Fields(Archive& archive, TaskPlace& place) {
  auto& [job_key, task_key, slots] = place;
  archive("jobKey", job_key)("taskKey", task_key)("slots", slots);
}

template <class Archive>
void Fields(Archive& archive, RecentTask& task) {
  auto& [job_id, task_id, state, execution] = task;
  archive("jobId", job_id)("taskId", task_id)("state", state)("execution", execution);
}

template <class Archive>
void Fields(Archive& archive, Node& node) {
  auto& [id, kind, index, allocated, boot, boot_before, action, action_waits, acted, deallocated,
         schedulable, schedulable_since, leaving, preempted, forced, shows_errors, fate, running,
         running_since, retained_until, tasks_run, tasks_succeeded, recent, users] = node;
  archive("id", id)("kind", kind)("index", index)("allocated", allocated)("boot", boot);
  archive("bootBefore", boot_before)("action", action)("actionWaits", action_waits);
  archive("acted", acted)("deallocated", deallocated)("schedulable", schedulable);
  archive("schedulableSince", schedulable_since)("leaving", leaving)("preempted", preempted);
  archive("forced", forced)("showsErrors", shows_errors)("fate", fate)("running", running)(
      "runningSince", running_since);
  archive("retainedUntil", retained_until)("tasksRun", tasks_run);
  archive("tasksSucceeded", tasks_succeeded)("recent", recent)("users", users);
}

// Pools.

template <class Archive>
void Fields(Archive& archive, ResizeError& error) {
  auto& [code, message] = error;
  archive("code", code)("message", message);
}

template <class Archive>
void Fields(Archive& archive, AutoScaleRun& run) {
  auto& [timestamp, results, error, detail] = run;
  archive("timestamp", timestamp)("results", results)("error", error)("detail", detail);
}

template <class Archive>
void Fields(Archive& archive, PendingResize& pending) {
  auto& [ends, deadline, granted, errors, late_code] = pending;
  archive("ends", ends)("deadline", deadline)("granted", granted)("errors", errors);
  archive("lateCode", late_code);
}

template <class Archive>
void Fields(Archive& archive, Pool& pool) {
  Fields(archive, static_cast<Versioned&>(pool));
  auto& [id, settings, created, state_since, deleted_at, allocation, allocation_since, target,
         resize_timeout, resize_errors, pending, auto_scale, formula, evaluation_interval, run,
         next_evaluation, last_enabled, nodes, nodes_made, cores_per_node,
         current_communication_mode, jobs, task_ends, task_samples, drains, due,
         rendered /* only remembered */, shared_start_task] = static_cast<PoolFacts&>(pool);
  archive("id", id)("settings", settings)("created", created)("stateSince", state_since);
  archive("deletedAt", deleted_at)("allocation", allocation)("allocationSince", allocation_since);
  archive("target", target)("resizeTimeout", resize_timeout)("resizeErrors", resize_errors);
  archive("pending", pending)("autoScale", auto_scale)("formula", formula);
  archive("evaluationInterval", evaluation_interval)("run", run);
  archive("nextEvaluation", next_evaluation)("lastEnabled", last_enabled)("nodes", nodes);
  archive("nodesMade", nodes_made)("coresPerNode", cores_per_node);
  archive("currentCommunicationMode", current_communication_mode)("jobs", jobs);
  archive("taskEnds", task_ends)("taskSamples", task_samples)("drains", drains)("due", due);
  archive.Shared("sharedStartTask", shared_start_task);
}

template <class Archive>
void Fields(Archive& archive, AllocationFailure& failure) {
  auto& [code, granted] = failure;
  archive("code", code)("granted", granted);
}

}  // namespace emulator
