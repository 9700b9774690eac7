// How jobs go from one state to the next.
#include <algorithm>

#include "tests/emulator/account.h"
#include "tests/emulator/http_text.h"

namespace emulator {

Job* Account::FindJob(std::string_view id) {
  const auto at = jobs_.find(Lower(id));
  return at == jobs_.end() ? nullptr : &at->second;
}

Job& Account::AddJob(Job job, Instant now) {
  const std::string key = Lower(job.id);
  Job& added = jobs_.emplace(key, std::move(job)).first->second;
  Touch(added, now);
  added.created = added.started = added.last_modified;
  added.steps = {{JobState::kActive, added.created}};
  if (Pool* const pool = Find(added.pool_id)) pool->jobs.insert(key);
  AfterTask(added, now);
  return added;
}

bool Account::RoomForJob(Instant now) const {
  const auto counts = [&](const auto& entry) {
    const JobState state = StepOf(entry.second, now).state;
    return state != JobState::kCompleted && state != JobState::kDeleting;
  };
  return std::count_if(jobs_.begin(), jobs_.end(), counts) +
             std::count_if(schedules_.begin(), schedules_.end(), counts) <
         config_.active_job_quota;
}

void Account::PointAt(Job& job, const std::string& pool_id, Instant now) {
  const std::string key = Lower(job.id);
  if (Pool* const pool = Find(job.pool_id)) {
    pool->jobs.erase(key);
    Reschedule(*pool, now);
  }
  job.pool_id = pool_id;
  if (Pool* const pool = Find(pool_id)) pool->jobs.insert(key);
}

void Account::Reconsider(const Job& job, Instant now) {
  if (Pool* const pool = Find(job.pool_id)) Reschedule(*pool, now);
}

void Account::JobChanged(Job& job, Instant now) {
  Touch(job, now);
  AfterTask(job, now);
  Reconsider(job, now);
}

void Account::Enter(Job& job, std::vector<JobStep> steps, Instant now) {
  const JobStep present = StepOf(job, now);
  for (const JobStep& step : job.steps) {
    if (step.since < present.since) job.step_before = step;
  }
  job.steps = {present};
  job.steps.insert(job.steps.end(), steps.begin(), steps.end());
}

void Account::AfterTask(Job& job, Instant now) {
  const JobState state = StepOf(job, now).state;
  if (state == JobState::kDisabling && job.steps.back().state == JobState::kDisabling &&
      job.counts.running == 0) {
    Enter(job, {{JobState::kDisabled, now}}, now);
  }
  if (state != JobState::kActive) return;
  const bool all = job.counts.Completed() == static_cast<std::int64_t>(job.tasks.size());
  if (!all || job.settings.Text("onAllTasksComplete") != "terminatejob") {
    if (job.terminate_reason == kAllTasksComplete) {
      job.terminate_reason.clear();
      Enter(job, {}, now);
    }
    return;
  }
  if (job.terminate_reason == kAllTasksComplete) return;  // it is under way
  job.terminate_reason = kAllTasksComplete;
  const Duration pause = service_.timings.job;
  Enter(job, {{JobState::kTerminating, now + pause}, {JobState::kCompleted, now + 2 * pause}}, now);
}

void Account::EndRunning(Job& job, TaskFate fate, Instant now) {
  if (fate == TaskFate::kComplete) return;
  for (auto& [key, task] : job.tasks) {
    if (task.state == TaskState::kRunning) EndRun(job, task, fate, now);
  }
}

void Account::DisableJob(Job& job, TaskFate fate, Instant now) {
  Touch(job, now);
  Enter(job, {{JobState::kDisabling, now}}, now);
  if (job.terminate_reason == kAllTasksComplete) job.terminate_reason.clear();
  if (fate != TaskFate::kComplete || job.counts.running == 0) {
    Enter(job, {{JobState::kDisabled, now + service_.timings.job}}, now);
  }
  EndRunning(job, fate, now);
  Reconsider(job, now);
}

void Account::EnableJob(Job& job, Instant now) {
  Touch(job, now);
  Enter(job, {{JobState::kEnabling, now}, {JobState::kActive, now + service_.timings.job}}, now);
  Reconsider(job, now);
}

void Account::TerminateJob(Job& job, const std::string& reason, Instant now) {
  Touch(job, now);
  job.terminate_reason = reason;
  Enter(job, {{JobState::kTerminating, now}, {JobState::kCompleted, now + service_.timings.job}},
        now);
  EndRunning(job, TaskFate::kTerminate, now);
  Reconsider(job, now);
}

void Account::DeleteJob(Job& job, Instant now) {
  Touch(job, now);
  Enter(job, {{JobState::kDeleting, now}}, now);
  EndRunning(job, TaskFate::kTerminate, now);
  if (Pool* const pool = Find(job.pool_id)) pool->jobs.erase(Lower(job.id));
  Reconsider(job, now);
  leaving_jobs_.emplace(now + service_.timings.job, Lower(job.id));
}

void Account::ForgetJobs(Instant now) {
  while (!leaving_jobs_.empty() && leaving_jobs_.begin()->first <= now) {
    jobs_.erase(leaving_jobs_.begin()->second);
    leaving_jobs_.erase(leaving_jobs_.begin());
  }
}

}  // namespace emulator
