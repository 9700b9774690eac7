// How schedules make jobs.
#include <fmt/format.h>

#include <algorithm>

#include "tests/emulator/account.h"
#include "tests/emulator/http_text.h"
#include "tests/emulator/job_json.h"

namespace emulator {

namespace {

std::optional<Instant> TimeOf(const Schedule& schedule, std::string_view name) {
  const Json* const times = schedule.settings.Find("schedule");
  return times == nullptr ? std::nullopt : ParseTime(times->Text(name));
}

const JobStep& Present(const std::vector<JobStep>& steps, Instant now) {
  std::size_t place = 0;
  while (place + 1 < steps.size() && steps[place + 1].since <= now) ++place;
  return steps[place];
}

}  // namespace

const JobStep& StepOf(const Schedule& schedule, Instant now) {
  return Present(schedule.steps, now);
}

void ReadTimes(Schedule& schedule, Instant now) {
  const Json* const interval = schedule.settings.At({"schedule", "recurrenceInterval"});
  schedule.recurrence = interval == nullptr ? std::nullopt : ParseDuration(*interval->AsString());
  const Instant from = std::max(now, TimeOf(schedule, "doNotRunUntil").value_or(now));
  if (schedule.jobs_made == 0) {
    schedule.next_run = from;
  } else {
    schedule.next_run.reset();
    const auto& recurrence = schedule.recurrence;
    if (recurrence && from <= kLatest - *recurrence) schedule.next_run = from + *recurrence;
  }
}

Job JobOf(const Schedule& schedule) {
  Job job;
  job.id = fmt::format("{}:job-{}", schedule.id, schedule.jobs_made + 1);
  job.schedule_id = schedule.id;
  Json::Object settings;
  const Json& specification = *schedule.settings.Find("jobSpecification");
  for (const Member& member : JobMember().children) {
    const Json* const value = specification.Find(member.name);
    if (member.name == "id") settings.push_back({"id", Json{job.id}});
    if (value != nullptr) settings.push_back({member.name, *value});
  }
  job.settings = Json{std::move(settings)};
  job.pool_id = job.settings.Find("poolInfo")->Text("poolId");
  return job;
}

Schedule* Account::FindSchedule(std::string_view id) {
  const auto at = schedules_.find(Lower(id));
  return at == schedules_.end() ? nullptr : &at->second;
}

Schedule& Account::AddSchedule(Schedule schedule, Instant now) {
  const std::string key = Lower(schedule.id);
  Schedule& added = schedules_.emplace(key, std::move(schedule)).first->second;
  Touch(added, now);
  added.created = added.last_modified;
  added.steps = {{JobState::kActive, added.created}};
  ReadTimes(added, added.created);
  RunSchedules(added.created);
  return added;
}

void Account::SetStates(Schedule& schedule, std::vector<JobStep> steps, Instant now) {
  Touch(schedule, now);
  const JobStep present = StepOf(schedule, now);
  schedule.steps = {present};
  schedule.steps.insert(schedule.steps.end(), steps.begin(), steps.end());
}

void Account::EndSchedule(Schedule& schedule, bool deletes, Instant now) {
  const JobState first = deletes ? JobState::kDeleting : JobState::kTerminating;
  std::vector<JobStep> steps{{first, now}};
  const Instant end = now + service_.timings.job;
  if (!deletes) steps.push_back({JobState::kCompleted, end});
  if (deletes) leaving_schedules_.emplace(end, Lower(schedule.id));
  schedule.next_run.reset();
  SetStates(schedule, std::move(steps), now);
  for (auto& [key, job] : jobs_) {
    if (job.schedule_id != schedule.id) continue;
    const JobState state = StepOf(job, now).state;
    const bool ends = state != JobState::kCompleted && state != JobState::kTerminating;
    if (deletes && state != JobState::kDeleting) DeleteJob(job, now);
    if (!deletes && ends && state != JobState::kDeleting) {
      TerminateJob(job, "TerminateJobSchedule", now);
    }
  }
}

/// A schedule has one job at a time: while it is not completed, there is no other.
void Account::RunSchedule(Schedule& schedule, Instant now) {
  const Instant due = *schedule.next_run;
  const Job* const recent = FindJob(schedule.recent_job);
  const bool busy = recent != nullptr && StepOf(*recent, due).state != JobState::kCompleted;
  const auto last = TimeOf(schedule, "doNotRunAfter");
  if (StepOf(schedule, due).state == JobState::kActive && !busy && (!last || due <= *last)) {
    Job job = JobOf(schedule);
    schedule.recent_job = job.id;
    ++schedule.jobs_made;
    AddJob(std::move(job), due);
  }
  schedule.next_run.reset();
  if (!schedule.recurrence || (last && due >= *last)) return;
  // What a long leap of time leaves out is left out: it would be jobs without tasks.
  const Duration interval = *schedule.recurrence;
  const auto missed = std::max<std::int64_t>((now - due) / interval - 1, 0);
  schedule.next_run = due + (missed + 1) * interval;
}

void Account::RunSchedules(Instant now) {
  for (auto& [key, schedule] : schedules_) {
    while (schedule.next_run && *schedule.next_run <= now) RunSchedule(schedule, now);
  }
  while (!leaving_schedules_.empty() && leaving_schedules_.begin()->first <= now) {
    schedules_.erase(leaving_schedules_.begin()->second);
    leaving_schedules_.erase(leaving_schedules_.begin());
  }
}

}  // namespace emulator
