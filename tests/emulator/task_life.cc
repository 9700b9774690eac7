// How tasks get slots of nodes and give them back.
#include <algorithm>

#include "tests/emulator/account.h"
#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

constexpr std::size_t kRecentTasksMax = 10;

void Count(Job& job, const Task& task, int sign) {
  const auto add = [&](TaskCounts& counts, std::int64_t amount) {
    if (task.state == TaskState::kActive) counts.active += amount;
    if (task.state == TaskState::kRunning) counts.running += amount;
    if (task.state != TaskState::kCompleted) return;
    (task.execution.Succeeded() ? counts.succeeded : counts.failed) += amount;
  };
  add(job.counts, sign);
  add(job.slot_counts, sign * task.slots);
}

/// Changes a task and keeps the counts and the queue of its job right.
template <class Apply>
void Change(Job& job, Task& task, Apply apply) {
  const std::pair<std::uint64_t, std::string> entry{task.number, Lower(task.id)};
  Count(job, task, -1);
  job.waiting.erase(entry);
  apply();
  Count(job, task, 1);
  if (task.state == TaskState::kActive) job.waiting.insert(entry);
}

void SetState(Task& task, TaskState state, Instant now) {
  task.state_before.emplace(task.state, task.state_since);
  task.state = state;
  task.state_since = now;
}

void Remember(Node& node, const Job& job, const Task& task) {
  std::erase_if(node.recent, [&](const RecentTask& recent) {
    return recent.job_id == job.id && recent.task_id == task.id;
  });
  node.recent.insert(node.recent.begin(), {job.id, task.id, task.state, task.execution});
  if (node.recent.size() > kRecentTasksMax) node.recent.pop_back();
}

Node* NodeOf(Pool& pool, const Task& task) {
  const auto at = std::find_if(pool.nodes.begin(), pool.nodes.end(),
                               [&](const Node& node) { return node.id == task.node_id; });
  return at == pool.nodes.end() ? nullptr : &*at;
}

const TaskFailure kEnded{kUserError, "TaskEnded", "Task Was Ended by User Request"};
const TaskFailure kExited{kUserError, "FailureExitCode",
                          "The task exited with an exit code representing a failure"};

}  // namespace

Task& Account::AddTask(Job& job, Task task, Instant now) {
  const std::string key = Lower(task.id);
  Touch(task, now);
  task.created = task.state_since = task.last_modified;
  task.number = job.tasks_made++;
  Task& added = job.tasks.emplace(key, std::move(task)).first->second;
  Count(job, added, 1);
  job.waiting.emplace(added.number, key);
  AfterTask(job, now);
  Reconsider(job, now);
  return added;
}

Node* Account::Vacate(Job& job, Task& task, Instant now) {
  Pool* const pool = Find(task.pool_id);
  Node* const node = pool == nullptr ? nullptr : NodeOf(*pool, task);
  if (pool == nullptr || node == nullptr) return nullptr;
  const std::string job_key = Lower(job.id), key = Lower(task.id);
  pool->task_ends.erase({task.ends, job_key, key});
  std::erase_if(node->running, [&](const TaskPlace& place) {
    return place.job_key == job_key && place.task_key == key;
  });
  if (node->running.empty()) node->running_since = now;
  return node;
}

void Account::Complete(Job& job, Task& task, const std::optional<TaskFailure>& failure,
                       std::optional<std::int64_t> exit_code, Instant now) {
  Node* const node = task.state == TaskState::kRunning ? Vacate(job, task, now) : nullptr;
  Change(job, task, [&] {
    SetState(task, TaskState::kCompleted, now);
    task.execution.ended = now;
    task.execution.failure = failure;
    task.execution.exit_code = exit_code;
  });
  if (node != nullptr) {
    ++node->tasks_run;
    if (!failure) ++node->tasks_succeeded;
    node->retained_until = std::max(node->retained_until, now + task.retention);
    Remember(*node, job, task);
  }
  AfterTask(job, now);
}

void Account::Requeue(Job& job, Task& task, Instant now) {
  Vacate(job, task, now);
  Change(job, task, [&] {
    SetState(task, TaskState::kActive, now);
    ++task.execution.requeues;
    task.execution.requeued = now;
    task.execution.started.reset();
    task.node_id.clear();
  });
  AfterTask(job, now);
}

void Account::Release(Node& node, TaskFate fate, Instant now) {
  if (fate == TaskFate::kComplete || fate == TaskFate::kRetainData) return;
  const std::vector<TaskPlace> places = node.running;
  for (const TaskPlace& place : places) {
    Job& job = jobs_.at(place.job_key);
    EndRun(job, job.tasks.at(place.task_key), fate, now);
  }
}

void Account::EndRun(Job& job, Task& task, TaskFate fate, Instant now) {
  if (fate == TaskFate::kRequeue) {
    Requeue(job, task, now);
  } else {
    Complete(job, task, kEnded, std::nullopt, now);
  }
}

void Account::TerminateTask(Job& job, Task& task, Instant now) {
  Complete(job, task, kEnded, std::nullopt, now);
  Reconsider(job, now);
}

void Account::ReactivateTask(Job& job, Task& task, Instant now) {
  Change(job, task, [&] {
    SetState(task, TaskState::kActive, now);
    task.execution = Execution{};
    task.node_id.clear();
  });
  AfterTask(job, now);
  Reconsider(job, now);
}

void Account::DeleteTask(Job& job, const std::string& key, Instant now) {
  Task& task = job.tasks.at(key);
  if (task.state == TaskState::kRunning) Vacate(job, task, now);
  Count(job, task, -1);
  job.waiting.erase({task.number, key});
  job.tasks.erase(key);
  AfterTask(job, now);
  Reconsider(job, now);
}

void Account::EndDueTasks(Pool& pool, Instant now) {
  while (!pool.task_ends.empty() && std::get<Instant>(*pool.task_ends.begin()) <= now) {
    const auto [ends, job_key, key] = *pool.task_ends.begin();
    Job& job = jobs_.at(job_key);
    Task& task = job.tasks.at(key);
    const bool retries = task.retries_max < 0 || task.execution.retries < task.retries_max;
    if (task.exit_code != 0 && retries) {
      pool.task_ends.erase(pool.task_ends.begin());
      ++task.execution.retries;
      task.execution.retried = task.execution.started = now;
      task.ends = now + task.run_time;
      pool.task_ends.emplace(task.ends, job_key, key);
      continue;
    }
    Complete(job, task, task.exit_code == 0 ? std::nullopt : std::optional{kExited}, task.exit_code,
             now);
  }
}

void Account::StartTask(Pool& pool, Node& node, Job& job, Task& task, Instant now) {
  if (node.running.empty()) node.running_since = now;
  const std::string job_key = Lower(job.id), key = Lower(task.id);
  Change(job, task, [&] {
    SetState(task, TaskState::kRunning, now);
    task.execution.started = now;
  });
  task.pool_id = pool.id;
  task.node_id = node.id;
  task.ends = now + task.run_time;
  pool.task_ends.emplace(task.ends, job_key, key);
  node.running.push_back({job_key, key, task.slots});
  Remember(node, job, task);
}

}  // namespace emulator
