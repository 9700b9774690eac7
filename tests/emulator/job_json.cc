#include "tests/emulator/job_json.h"

#include <fmt/format.h>

#include "tests/emulator/embedded_data.h"
#include "tests/emulator/member_json.h"

namespace emulator {

namespace {

/// The step before the present one; null: there was none.
const JobStep* StepBefore(const Job& job, Instant now) {
  const JobStep* before = job.step_before ? &*job.step_before : nullptr;
  for (const JobStep& step : job.steps) {
    if (&step == &StepOf(job, now)) break;
    before = &step;
  }
  return before;
}

bool WriteStateBefore(std::string& out, std::string_view name, const Job& job, Instant now) {
  const JobStep* const before = StepBefore(job, now);
  if (before == nullptr) return false;
  return name == "previousState" ? WriteText(out, JobStateText(before->state))
                                 : WriteTime(out, before->since);
}

bool WriteExecution(std::string& out, const Job& job, Instant now) {
  const JobStep& step = StepOf(job, now);
  out += fmt::format(R"({{"startTime":"{}")", FormatTime(job.started));
  if (step.state == JobState::kCompleted) {
    out += fmt::format(R"(,"endTime":"{}")", FormatTime(step.since));
  }
  out += R"(,"poolId":)";
  AppendQuoted(out, job.pool_id);
  if (step.state == JobState::kCompleted && !job.terminate_reason.empty()) {
    out += R"(,"terminateReason":)";
    AppendQuoted(out, job.terminate_reason);
  }
  out += '}';
  return true;
}

}  // namespace

const Member& JobMember() {
  static const Member kJob = ParseMembers(kJobMembersText);
  return kJob;
}

std::string JobUrl(const Context& context, const Job& job) {
  return fmt::format("{}/jobs/{}", context.endpoint, job.id);
}

void AppendJob(std::string& out, const Context& context, const Job& job, const Selection& names) {
  const Instant now = context.now;
  const auto write = [&](std::string& text, std::string_view name) {
    if (const auto done = WriteVersion(text, name, job, job.created)) return *done;
    if (name == "url") return WriteText(text, JobUrl(context, job));
    if (name == "state") return WriteText(text, JobStateText(StepOf(job, now).state));
    if (name == "stateTransitionTime") return WriteTime(text, StepOf(job, now).since);
    if (name.rfind("previous", 0) == 0) return WriteStateBefore(text, name, job, now);
    return name == "executionInfo" && WriteExecution(text, job, now);
  };
  AppendMembers(out, JobMember(), job.settings, context.api_version, names, write);
}

const std::vector<FilterProperty>& JobFilterable() {
  using enum FilterType;
  constexpr std::string_view kOrdered = "eq ne ge gt le lt";
  static const std::vector<FilterProperty> kProperties{{"id", "startswith eq ne ge gt le lt"},
                                                       {"state", "eq ne"},
                                                       {"previousState", "eq ne"},
                                                       {"stateTransitionTime", kOrdered, kTime},
                                                       {"creationTime", kOrdered, kTime},
                                                       {"lastModified", kOrdered, kTime},
                                                       {"priority", kOrdered, kNumber},
                                                       {"executionInfo/poolId", "eq ne"},
                                                       {"executionInfo/startTime", kOrdered, kTime},
                                                       {"executionInfo/endTime", kOrdered, kTime}};
  return kProperties;
}

FilterValue JobProperty(const Job& job, std::string_view name, Instant now) {
  const JobStep& step = StepOf(job, now);
  if (name == "id") return job.id;
  if (name == "state") return std::string{JobStateText(step.state)};
  if (name == "stateTransitionTime") return step.since;
  if (name == "creationTime") return job.created;
  if (name == "lastModified") return job.last_modified;
  if (name == "priority") return job.Setting("priority");
  if (name == "executionInfo/poolId") return job.pool_id;
  if (name == "executionInfo/startTime") return job.started;
  if (name == "previousState") {
    const JobStep* const before = StepBefore(job, now);
    if (before != nullptr) return std::string{JobStateText(before->state)};
  }
  if (name == "executionInfo/endTime" && step.state == JobState::kCompleted) return step.since;
  return std::monostate{};
}

}  // namespace emulator
