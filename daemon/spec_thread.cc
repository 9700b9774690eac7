#include "daemon/spec_thread.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "daemon/last_good_text.h"

namespace reconciler::daemon {
namespace {

/// nullopt: no file, or only such of the future, which say nothing.
std::optional<Tick> AgeOfNewest(const TreeListing& listing, Instant wall) {
  std::optional<Tick> age;
  for (const FileStamp& file : listing.files) {
    const Tick this_one = wall.time_since_epoch() - Tick(file.mtime_ns);
    if (this_one >= Tick(0)) age = std::min(age.value_or(this_one), this_one);
  }
  return age;
}

}  // namespace

SpecThread::SpecThread(SpecThreadOptions options, SnapshotCell& cell, StateStore& state,
                       Clock& clock, EventSink& events, std::function<void()> on_change)
    : options_(std::move(options)),
      cell_(cell),
      clock_(clock),
      events_(events),
      on_change_(std::move(on_change)),
      tree_(options_.root),
      loader_(tree_, state, options_.load),
      watch_(options_.root, options_.timing, clock),
      thread_([this](std::stop_token stop) { Run(std::move(stop)); }) {}

SpecThread::~SpecThread() = default;

void SpecThread::Run(std::stop_token stop) {
  if (!watch_.usable()) {
    Tell(EventKind::kSpecProblem, Severity::kWarning,
         "inotify is not available, changes are noticed at each interval alone");
  }
  do {
    if (!WaitUntilSettled(stop)) return;
    LoadOnce();
    TellProblems();
  } while (watch_.Wait(clock_.Now() + options_.interval, stop) != SpecWatch::Ended::kStopped);
}

/// The first look comes before any event, and where inotify does not work there never is one.
bool SpecThread::WaitUntilSettled(const std::stop_token& stop) {
  const Tick begun = clock_.Now();
  while (true) {
    const std::optional<Tick> age = AgeOfNewest(tree_.List(), clock_.Wall());
    const Tick now = clock_.Now();
    if (!age || *age >= options_.timing.quiet || now - begun >= options_.timing.patience) {
      return !stop.stop_requested();
    }
    if (watch_.Wait(now + options_.timing.quiet - *age, stop) == SpecWatch::Ended::kStopped) {
      return false;
    }
  }
}

void SpecThread::LoadOnce() {
  auto loaded = loader_.Load();
  if (!loaded) {
    if (loaded.error().message != last_failure_) {
      Tell(EventKind::kSpecProblem, Severity::kError, loaded.error().message);
    }
    last_failure_ = loaded.error().message;
    return;
  }
  last_failure_.clear();
  TellLastGood();
  if (*loaded != published_) Publish(*loaded);
  // Again and again until it is saved: a full disk passes.
  const Status saved = loader_.CommitLastGood();
  TellSaved(saved ? std::string() : saved.error().message);
}

void SpecThread::TellProblems() {
  std::vector<std::string> problems;
  if (!last_failure_.empty()) problems.push_back(last_failure_);
  if (!told_last_good_.empty()) {
    problems.push_back(DescribeLastGoodProblem(options_.state_folder, told_last_good_));
  }
  if (!told_unsaved_.empty()) problems.push_back(told_unsaved_);
  if (problems == told_problems_) return;
  told_problems_ = problems;
  if (options_.on_problems) options_.on_problems(problems);
}

/// A folder that cannot be written stays so for a while: said once, and when it is over.
void SpecThread::TellSaved(const std::string& problem) {
  if (problem == told_unsaved_) return;
  if (problem.empty()) {
    Tell(EventKind::kStateRecovered, Severity::kInfo, "last good specs are saved again");
  } else {
    Tell(EventKind::kStateFailed, Severity::kError, problem);
  }
  told_unsaved_ = problem;
}

void SpecThread::TellLastGood() {
  const std::string& problem = loader_.last_good_problem();
  if (problem != told_last_good_ && !problem.empty()) {
    Tell(EventKind::kStateFailed, Severity::kWarning,
         DescribeLastGoodProblem(options_.state_folder, problem) +
             "; no pool is written until it can be read, or is moved away");
  } else if (problem.empty() && !told_last_good_.empty()) {
    Tell(EventKind::kStateRecovered, Severity::kInfo, "last good specs can be read again");
  }
  told_last_good_ = problem;
}

void SpecThread::Publish(const std::shared_ptr<const SpecSnapshot>& snapshot) {
  published_ = snapshot;
  TellFindings(*snapshot);
  Event event;
  event.kind = EventKind::kSpecsLoaded;
  event.revision = snapshot->revision;
  event.fields = {{"pools", std::to_string(snapshot->pools.size())},
                  {"files", std::to_string(snapshot->files)},
                  {"findings", std::to_string(snapshot->findings.size())},
                  {"complete", snapshot->complete ? "true" : "false"}};
  events_.Emit(event);
  cell_.Set(snapshot);
  on_change_();
}

void SpecThread::TellFindings(const SpecSnapshot& snapshot) {
  std::set<std::string> holding;
  for (const Finding& finding : snapshot.findings) {
    const std::string place = FormatPosition(finding.position);
    const std::string key = place + " " + finding.message;
    holding.insert(key);
    if (told_.count(key) != 0) continue;
    Event event;
    event.kind = EventKind::kSpecProblem;
    event.severity =
        finding.level == Finding::Level::kError ? Severity::kError : Severity::kWarning;
    event.revision = snapshot.revision;
    event.fields = {{"at", place}};
    event.detail = finding.message;
    events_.Emit(event);
  }
  told_ = std::move(holding);
}

void SpecThread::Tell(EventKind kind, Severity severity, std::string detail) {
  Event event;
  event.kind = kind;
  event.severity = severity;
  event.detail = std::move(detail);
  events_.Emit(event);
}

}  // namespace reconciler::daemon
