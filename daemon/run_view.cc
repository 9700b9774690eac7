#include "daemon/run_view.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include "daemon/session.h"
#include "daemon/status_table.h"

namespace reconciler::daemon {

RunView::RunView(const Console& console, Clock& clock, std::vector<std::string> accounts, bool show)
    : console_(console), clock_(clock), show_(show) {
  for (std::string& account : accounts) {
    lanes_[account];
    judges_.emplace(std::move(account), ReadinessJudge({}));
  }
}

void RunView::TakeSpecs(const SpecSnapshot& specs) {
  const std::lock_guard lock(mutex_);
  have_specs_ = true;
  spec_facts_ = FactsOfSpecs(specs);
  findings_ = specs.findings;
  // What was Ready before says nothing about these specs.
  for (auto& [name, lane] : lanes_) lane.reported = false;
}

void RunView::TakeReport(const std::string& account, const cycle::CycleReport& report) {
  const std::lock_guard lock(mutex_);
  Lane& lane = lanes_[account];
  ReadinessJudge& judge = judges_.try_emplace(account, ReadinessJudge({})).first->second;
  lane.readiness = judge.Judge(report);
  lane.failure = report.failure ? report.failure->message : std::string();
  lane.reported = true;
  if (report.observed) {
    lane.statuses = report.statuses;
    lane.parked = report.plan.parked ? Harmless(report.plan.parked->message) : std::string();
  }
  if (!lane.readiness.AllReady()) table_shown_ = false;
  if (AllReady() && show_ && !table_shown_) {
    table_shown_ = true;
    PrintTable();
  }
}

void RunView::TakePlan(const plan::AccountPlan& plan) {
  if (!show_) return;
  const std::lock_guard lock(mutex_);
  Lane& lane = lanes_[plan.account];
  const bool says_something =
      plan.ToCreate() + plan.ToAdopt() + plan.ToChange() + plan.Blocked() > 0;
  std::string text = says_something ? RenderPlanFor(console_, plan) : std::string();
  if (text == lane.plan_text) return;
  lane.plan_text = std::move(text);
  console_.out << lane.plan_text << std::flush;
}

bool RunView::AllReady() const {
  return have_specs_ && std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) {
           return lane.second.reported && lane.second.readiness.AllReady();
         });
}

ExitFacts RunView::Facts() const {
  ExitFacts facts = spec_facts_;
  for (const auto& [name, lane] : lanes_) facts |= lane.readiness.facts;
  return facts;
}

std::optional<ExitCode> RunView::Verdict() const {
  const std::lock_guard lock(mutex_);
  if (!have_specs_) return std::nullopt;
  for (const auto& [name, lane] : lanes_) {
    if (!lane.reported) return std::nullopt;
    if (!lane.readiness.AllReady() && !lane.readiness.stuck && !lane.readiness.facts.auth) {
      return std::nullopt;
    }
  }
  return ExitCodeOf(Facts());
}

ExitCode RunView::VerdictAtTimeout() const {
  const std::lock_guard lock(mutex_);
  ExitFacts facts = Facts();
  facts.timeout = !AllReady();
  return ExitCodeOf(facts);
}

void RunView::PrintState() const {
  const std::lock_guard lock(mutex_);
  if (!table_shown_) PrintTable();
  for (const auto& [name, lane] : lanes_) {
    if (!lane.failure.empty()) {
      PrintError(console_, DescribeFailure(name, lane.failure));
    }
    if (!lane.parked.empty()) PrintError(console_, DescribeFailure(name, lane.parked));
    for (const std::string& text : lane.readiness.waiting) PrintError(console_, text);
  }
  if (!have_specs_) PrintError(console_, "the specs have not been read yet");
  PrintFindings(console_, findings_);
}

void RunView::PrintTable() const {
  std::vector<cycle::PoolStatus> statuses;
  for (const auto& [name, lane] : lanes_) {
    statuses.insert(statuses.end(), lane.statuses.begin(), lane.statuses.end());
  }
  if (statuses.empty() && !AllReady()) return;
  console_.out << RenderStatusTable(statuses, clock_.Wall(), console_.out_screen)
               << CountStatuses(statuses) << '\n'
               << std::flush;
}

}  // namespace reconciler::daemon
