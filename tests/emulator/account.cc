#include "tests/emulator/account.h"

#include <algorithm>

#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

std::uint64_t Mix(std::uint64_t seed, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325U ^ seed;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace

Account::Account(const AccountConfig& config, const ServiceConfig& service)
    : config_(config),
      service_(service),
      random_(Mix(service.seed, config.name)),
      answer_random_(Random(Mix(~service.seed, config.name)).Next()) {}

Pool* Account::Find(std::string_view id) {
  const auto at = pools_.find(Lower(id));
  return at == pools_.end() ? nullptr : &at->second;
}

Pool& Account::Add(Pool pool, Instant now) {
  const std::string key = Lower(pool.id);
  Pool& added = pools_.emplace(key, std::move(pool)).first->second;
  Touch(added, now);
  added.created = added.state_since = added.last_modified;
  for (const auto& [job_key, job] : jobs_) {
    if (Lower(job.pool_id) == key && StepOf(job, now).state != JobState::kDeleting) {
      added.jobs.insert(job_key);
    }
  }
  if (added.auto_scale) {
    EvaluateNow(added, added.last_modified, true);
    added.next_evaluation = now + added.evaluation_interval;
  }
  BeginResize(added, added.target, TaskFate::kRequeue, now);
  added.allocation_since = added.last_modified;
  return added;
}

void Account::Touch(Versioned& thing, Instant now) {
  // An etag is the time in ticks of 100 ns; two changes within one tick must differ.
  using Tick = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
  const Instant whole_tick = std::chrono::floor<Tick>(now);
  last_touch_ = std::max(whole_tick, last_touch_ + Duration{100});
  thing.last_modified = last_touch_;
  thing.etag = fmt::format("0x{:X}", Ticks(last_touch_));
}

void Account::EnableAutoScale(Pool& pool, Instant now) {
  pool.auto_scale = true;
  pool.last_enabled = now;
  Touch(pool, now);
  if (pool.allocation == Allocation::kSteady) {
    EvaluateNow(pool, now, false);
    pool.next_evaluation = now + service_.timings.resize;  // the run shows after the first sizing
  } else {
    pool.next_evaluation = pool.pending ? pool.pending->ends : now;
  }
  Reschedule(pool, now);
}

void Account::DisableAutoScale(Pool& pool, Instant now) {
  pool.auto_scale = false;
  pool.formula.clear();
  pool.run.reset();
  pool.next_evaluation.reset();
  if (pool.allocation == Allocation::kSteady) Touch(pool, now);
  if (pool.allocation == Allocation::kResizing) StopResize(pool, now);
  Reschedule(pool, now);
}

FormulaResult Account::Evaluate(const Pool& pool, const std::string& formula, Instant now) {
  FormulaInput input{pool.target, {pool.Current(kDedicated), pool.Current(kSpot)}};
  input.now = now;
  input.measured_since = pool.created;
  input.preempted = std::count_if(pool.nodes.begin(), pool.nodes.end(),
                                  [](const Node& node) { return node.preempted.has_value(); });
  input.tasks = pool.task_samples;
  input.rounding = RoundingOf(service_.switches.formula_rounding);
  const Json* const slots = pool.settings.Find("taskSlotsPerNode");
  if (slots != nullptr) input.slots_per_node = *slots->AsInteger();
  return EvaluateFormula(formula, input, random_);
}

void Account::FailNextAllocation(const std::string& pool_id, AllocationFailure failure) {
  failures_[Lower(pool_id)] = std::move(failure);
}

void Account::FailStartTasks(const std::string& pool_id, bool fail) {
  if (fail) {
    failing_start_tasks_.insert(Lower(pool_id));
  } else {
    failing_start_tasks_.erase(Lower(pool_id));
  }
}

int Account::Preempt(Pool& pool, int count, Instant now) {
  int taken = 0;
  for (Node& node : pool.nodes) {
    if (taken == count) break;
    if (node.kind != kSpot || node.leaving || node.preempted) continue;
    if (node.boot.starting == kNever) continue;  // it has no machine
    Release(node, TaskFate::kRequeue, now);
    node.preempted = now;
    ++taken;
  }
  Reschedule(pool, now);
  return taken;
}

void Account::Reschedule(Pool& pool, Instant now) {
  if (pool.drains) Drain(pool, now);
  if (!pool.jobs.empty()) StartWaitingTasks(pool, now);
  if (!pool.jobs.empty() || !pool.task_samples.empty()) SampleTasks(pool, now);
  std::optional<Instant> due = pool.deleted_at;
  const auto earlier = [&](std::optional<Instant> other) {
    if (other && (!due || *other < *due)) due = other;
  };
  if (pool.pending) earlier(pool.drains ? PendingEnd(pool, now) : pool.pending->ends);
  earlier(pool.next_evaluation);
  for (const Node& node : pool.nodes) {
    if (node.preempted && !node.leaving) earlier(*node.preempted + service_.timings.preempted);
  }
  if (!pool.jobs.empty() || pool.drains) earlier(NextTaskEvent(pool, now));
  if (due == pool.due) return;
  const std::string key = Lower(pool.id);
  if (pool.due) queue_.erase({*pool.due, key});
  if (due) queue_.insert({*due, key});
  pool.due = due;
}

void Account::Forget(Pool& pool) {
  if (pool.due) queue_.erase({*pool.due, Lower(pool.id)});
  for (const Node& node : pool.nodes) cores_[node.kind] -= pool.cores_per_node;
  pools_.erase(Lower(pool.id));
}

void Account::Drop(Pool& pool) {
  if (pool.pending) {
    for (const NodeKind kind : kNodeKinds) {
      cores_[kind] -= pool.pending->granted[kind] * pool.cores_per_node;
    }
  }
  for (Node& node : pool.nodes) Release(node, TaskFate::kRequeue, last_touch_);
  Forget(pool);
}

void Account::Revert(Pool& pool, const Pool& old, Instant now) {
  if (pool.deleted_at) pool.state_since = now;
  pool.deleted_at.reset();
  for (Node& node : pool.nodes) node.leaving.reset();
  if (pool.pending) {
    for (const NodeKind kind : kNodeKinds) {
      cores_[kind] -= pool.pending->granted[kind] * pool.cores_per_node;
    }
  }
  pool.settings = old.settings;
  pool.SettingsChanged();
  pool.resize_timeout = old.resize_timeout;
  pool.auto_scale = old.auto_scale;
  pool.formula = old.formula;
  pool.evaluation_interval = old.evaluation_interval;
  pool.next_evaluation = old.auto_scale ? std::optional<Instant>(now) : std::nullopt;
  Touch(pool, now);
  BeginResize(pool, old.target, TaskFate::kRequeue, now);
}

void Account::Advance(Instant now) {
  while (!queue_.empty() && queue_.begin()->first <= now) {
    const auto [due, key] = *queue_.begin();
    Step(key, due, now);
  }
  ForgetJobs(now);
  RunSchedules(now);
}

std::optional<Instant> Account::NextEvent() const {
  std::optional<Instant> next;
  const auto consider = [&](const std::optional<Instant>& at) {
    if (at && (!next || *at < *next)) next = at;
  };
  for (const auto* const queue : {&queue_, &leaving_jobs_, &leaving_schedules_}) {
    if (!queue->empty()) consider(queue->begin()->first);
  }
  for (const auto& [key, schedule] : schedules_) consider(schedule.next_run);
  return next;
}

void Account::Step(const std::string& key, Instant due, Instant horizon) {
  Pool& pool = pools_.find(key)->second;
  if (pool.deleted_at && *pool.deleted_at <= due) return Forget(pool);
  EndDueTasks(pool, due);
  if (pool.pending && PendingEnd(pool, due) <= due) EndResize(pool, due);
  ReviveNodes(pool, due);
  if (pool.next_evaluation && *pool.next_evaluation <= due) {
    if (pool.allocation == Allocation::kSteady) {
      EvaluateNow(pool, due, true);
      // What gives the same while the pool stands is not asked again: skip to the last round in
      // sight.
      Instant next = due + pool.evaluation_interval;
      if (pool.allocation == Allocation::kSteady && next < horizon &&
          !ChangesByItself(pool.formula)) {
        next += (horizon - next) / pool.evaluation_interval * pool.evaluation_interval;
      }
      pool.next_evaluation = next;
    } else {
      pool.next_evaluation = pool.pending ? std::max(PendingEnd(pool, due), due + Duration{1})
                                          : due + pool.evaluation_interval;
    }
  }
  Reschedule(pool, due);
}

void Account::EvaluateNow(Pool& pool, Instant now, bool publish) {
  const FormulaResult result = Evaluate(pool, pool.formula, now);
  if (publish) {
    pool.run = AutoScaleRun{now, result.results, std::nullopt, result.error_detail};
    if (!result.error_code.empty()) {
      pool.run->error = ResizeError{result.error_code, result.error_message};
    }
  }
  if (!result.error_code.empty()) return;
  const bool reached = pool.Current(kDedicated) == result.target[kDedicated] &&
                       pool.Current(kSpot) == result.target[kSpot];
  if (pool.allocation == Allocation::kSteady && !reached) {
    BeginResize(pool, result.target, FateOf(result.deallocation), now);
  } else {
    pool.target = result.target;
  }
}

}  // namespace emulator
