#include "tests/emulator/job.h"

#include <algorithm>

namespace emulator {

TaskFate FateOf(std::string_view option) {
  if (option == "terminate") return TaskFate::kTerminate;
  if (option == "taskcompletion" || option == "wait") return TaskFate::kComplete;
  return option == "retaineddata" ? TaskFate::kRetainData : TaskFate::kRequeue;
}

std::int64_t Job::Setting(std::string_view name) const {
  const Json* const value = settings.Find(name);
  return value == nullptr || value->AsInteger() == nullptr ? 0 : *value->AsInteger();
}

TaskCounts CountsAt(const std::vector<TaskSample>& samples, Instant time) {
  const auto after =
      std::upper_bound(samples.begin(), samples.end(), time,
                       [](Instant at, const TaskSample& sample) { return at < sample.since; });
  return after == samples.begin() ? TaskCounts{} : std::prev(after)->counts;
}

const JobStep& StepOf(const Job& job, Instant now) {
  std::size_t place = 0;
  while (place + 1 < job.steps.size() && job.steps[place + 1].since <= now) ++place;
  return job.steps[place];
}

std::string_view TaskStateText(TaskState state) {
  if (state == TaskState::kActive) return "active";
  return state == TaskState::kRunning ? "running" : "completed";
}

std::string_view JobStateText(JobState state) {
  switch (state) {
    case JobState::kActive:
      return "active";
    case JobState::kDisabling:
      return "disabling";
    case JobState::kDisabled:
      return "disabled";
    case JobState::kEnabling:
      return "enabling";
    case JobState::kTerminating:
      return "terminating";
    case JobState::kCompleted:
      return "completed";
    case JobState::kDeleting:
      break;
  }
  return "deleting";
}

}  // namespace emulator
