// The state of job schedules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/emulator/job.h"

namespace emulator {

/// Members of a Schedule; see TaskFacts.
struct ScheduleFacts {
  std::string id;
  Json settings;
  Instant created;
  /// As those of a job.
  std::vector<JobStep> steps;
  /// When the next job is made; nothing: never.
  std::optional<Instant> next_run;
  std::optional<Duration> recurrence;  // nothing: there is one job
  std::int64_t jobs_made = 0;
  std::string recent_job;  // its id; empty: none
};

/// Active, disabled, terminating, completed or deleting.
struct Schedule : Versioned, ScheduleFacts {};

const JobStep& StepOf(const Schedule& schedule, Instant now);

/// `schedule` of the settings in numbers: when the first job is due and how often others follow.
void ReadTimes(Schedule& schedule, Instant now);
/// The settings of the next job.
Job JobOf(const Schedule& schedule);

}  // namespace emulator
