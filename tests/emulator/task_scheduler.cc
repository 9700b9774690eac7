// Which task starts on which node.
#include <algorithm>

#include "tests/emulator/account.h"
#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

constexpr std::chrono::hours kTaskHistory{1};

struct FreeNode {
  Node* node;
  std::int64_t free;
};

std::vector<FreeNode> FreeNodes(Pool& pool, Instant now) {
  const Json* const setting = pool.settings.Find("taskSlotsPerNode");
  const std::int64_t slots = setting == nullptr ? 1 : *setting->AsInteger();
  std::vector<FreeNode> out;
  for (Node& node : pool.nodes) {
    if (!node.schedulable || node.leaving) continue;
    const NodeState state = StateOf(node, now).first;
    if (state != NodeState::kIdle && state != NodeState::kRunning) continue;
    std::int64_t free = slots;
    for (const TaskPlace& place : node.running) free -= place.slots;
    if (free > 0) out.push_back({&node, free});
  }
  return out;
}

/// Spread takes the emptiest node, pack the fullest that has room; null: none has.
FreeNode* Choose(std::vector<FreeNode>& nodes, std::int64_t slots, bool pack) {
  FreeNode* best = nullptr;
  for (FreeNode& node : nodes) {
    if (node.free < slots) continue;
    if (best == nullptr || (pack ? node.free < best->free : node.free > best->free)) best = &node;
  }
  return best;
}

bool Packs(const Pool& pool) {
  const Json* const policy = pool.settings.Find("taskSchedulingPolicy");
  return policy != nullptr && Lower(policy->Text("nodeFillType")) == "pack";
}

}  // namespace

std::vector<Job*> Account::JobsInOrder(const Pool& pool, Instant now) {
  std::vector<Job*> jobs;
  for (const std::string& key : pool.jobs) {
    Job& job = jobs_.at(key);
    if (!job.waiting.empty() && StepOf(job, now).state == JobState::kActive) jobs.push_back(&job);
  }
  std::stable_sort(jobs.begin(), jobs.end(), [](const Job* a, const Job* b) {
    return std::pair{-a->Setting("priority"), a->created} <
           std::pair{-b->Setting("priority"), b->created};
  });
  return jobs;
}

void Account::StartWaitingTasks(Pool& pool, Instant now) {
  const std::vector<Job*> jobs = JobsInOrder(pool, now);
  if (jobs.empty()) return;
  std::vector<FreeNode> nodes = FreeNodes(pool, now);
  const bool pack = Packs(pool);
  for (Job* const job : jobs) {
    const std::int64_t parallel_max = job->Setting("maxParallelTasks");
    const auto waiting = job->waiting;  // starting a task takes it out
    for (const auto& [number, key] : waiting) {
      if (nodes.empty() || (parallel_max >= 0 && job->counts.running >= parallel_max)) break;
      Task& task = job->tasks.at(key);
      FreeNode* const chosen = Choose(nodes, task.slots, pack);
      if (chosen == nullptr) continue;
      StartTask(pool, *chosen->node, *job, task, now);
      chosen->free -= task.slots;
      std::erase_if(nodes, [](const FreeNode& node) { return node.free == 0; });
    }
  }
}

void Account::SampleTasks(Pool& pool, Instant now) {
  TaskCounts sum;
  for (const std::string& key : pool.jobs) {
    const TaskCounts& counts = jobs_.at(key).counts;
    sum.active += counts.active;
    sum.running += counts.running;
    sum.succeeded += counts.succeeded;
    sum.failed += counts.failed;
  }
  std::vector<TaskSample>& samples = pool.task_samples;
  if (!samples.empty() && samples.back().since == now) samples.pop_back();
  const TaskCounts last = samples.empty() ? TaskCounts{} : samples.back().counts;
  if (!(sum == last)) samples.push_back({now, sum});
  // One that is older tells what was so at the beginning of the history.
  while (samples.size() > 1 && samples[1].since <= now - kTaskHistory) {
    samples.erase(samples.begin());
  }
}

std::optional<Instant> Account::NextTaskEvent(const Pool& pool, Instant now) const {
  std::optional<Instant> next;
  const auto consider = [&](Instant at) {
    if (at > now && at != kNever && (!next || at < *next)) next = at;
  };
  if (!pool.task_ends.empty()) consider(std::get<Instant>(*pool.task_ends.begin()));
  bool waits = false;
  for (const std::string& key : pool.jobs) {
    const Job& job = jobs_.at(key);
    waits = waits || !job.waiting.empty();
    for (const JobStep& step : job.steps) consider(step.since);
  }
  if (!waits && !pool.drains) return next;
  for (const Node& node : pool.nodes) {
    if (node.fate == TaskFate::kRetainData) consider(node.retained_until);
    if (node.boot.starting == kNever) continue;
    consider(node.boot.waits_for_start_task ? node.boot.start_task_ends : node.boot.booted);
  }
  return next;
}

}  // namespace emulator
