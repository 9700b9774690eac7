// poolkeeper apply [POOL...]
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/session.h"
#include "daemon/status_table.h"
#include "daemon/time_limit.h"
#include "daemon/wait_ready.h"
#include "reconciler/core/duration.h"

namespace reconciler::daemon {
namespace {

struct ApplyOptions {
  std::vector<std::string> pools;
  bool wait = false;
  std::string timeout = "30m";
  bool yes = false;
  bool allow_shrink = false;
  bool allow_growth = false;
};

class Apply {
 public:
  Apply(CommandContext& context, const ApplyOptions& options, Session& session)
      : context_(context),
        options_(options),
        session_(session),
        time_left_(ParseShortDuration(options.timeout).value_or(std::chrono::minutes(30))) {}

  int Run() {
    if (auto prepared = session_.world->state().Prepare(); !prepared) {
      PrintError(context_.console, prepared.error().message);
      return kExitError;
    }
    if (!Load()) return code_;
    const auto looks = Look();
    ExitFacts facts = FactsOfSpecs(*specs_);
    if (context_.signals.stop().stop_requested()) return CodeUnlessStopped(context_, kExitError);
    if (timed_out_) return ExitCodeOf(facts |= TimedOut(Awaited(looks)));
    if (std::none_of(looks.begin(), looks.end(), [](const auto& r) { return r.observed; })) {
      for (const auto& report : looks) facts |= FactsOfApply(report, options_.pools);
      return ExitCodeOf(facts);
    }
    const bool to_do = std::any_of(looks.begin(), looks.end(), [this](const auto& report) {
      return report.failure || HasWork(report.plan);
    });
    if (!to_do && !options_.wait) {
      for (const auto& report : looks) facts |= FactsOfApply(report, options_.pools);
      Commit();
      return ExitCodeOf(facts);
    }
    if (to_do && !Asked()) {
      context_.console.out << "Nothing was changed.\n";
      for (const auto& report : looks) facts |= FactsOfPlan(report, options_.pools);
      return CodeUnlessStopped(context_, ExitCodeOf(facts));
    }
    Commit();
    session_.log->SetQuiet(false);  // from here on each action is told
    facts |= options_.wait ? ActAndWait() : ActOnce();
    return CodeUnlessStopped(context_, ExitCodeOf(facts));
  }

 private:
  bool HasWork(const plan::AccountPlan& plan) const {
    return !plan.parked && std::any_of(plan.pools.begin(), plan.pools.end(),
                                       [](const plan::PoolPlan& pool) { return pool.HasWork(); });
  }

  /// What was frozen for want of defaults goes on for the pools that a person names.
  void AcceptNamed() {
    for (const auto& account : session_.accounts) {
      for (const std::string& pool : options_.pools) {
        session_.specs->Accept(PoolKey(account->account.config.name, pool));
      }
    }
  }

  bool Load() {
    AcceptNamed();
    specs_ = LoadSpecs(context_, session_);
    code_ = kExitInvalid;
    if (!specs_) return false;
    code_ = kExitUsage;
    if (!KnowsPools(context_, session_, *specs_, options_.pools)) return false;
    code_ = kExitError;
    if (!session_.specs->last_good_known()) {
      PrintError(context_.console, LastGoodProblem(session_) + "; nothing is applied");
      PrintHint(context_.console, LastGoodRemedy(session_));
      return false;
    }
    return true;
  }

  void Commit() {
    if (auto saved = session_.specs->CommitLastGood(); !saved) {
      PrintWarning(context_.console, saved.error().message);
    }
  }

  cycle::CycleOptions CycleOptionsOf(bool act) const {
    cycle::CycleOptions cycle;
    cycle.act = act;
    cycle.pools = options_.pools;
    cycle.allow_shrink = options_.allow_shrink;
    cycle.allow_growth = options_.allow_growth;
    cycle.forget_backoff = true;
    return cycle;
  }

  /// One cycle of all accounts, within the time that is left.
  std::vector<cycle::CycleReport> RunBounded(
      bool act, const std::function<void(const cycle::CycleReport&)>& on_report) {
    const Tick begun = context_.clock.Now();
    const TimeLimit limit(context_.clock, time_left_, context_.signals.stop());
    auto reports = RunAccounts(session_, specs_, CycleOptionsOf(act), limit.token(), on_report);
    timed_out_ = limit.passed();
    time_left_ -= context_.clock.Now() - begun;
    return reports;
  }

  /// The plan, before anything is done.
  std::vector<cycle::CycleReport> Look() {
    auto looks = RunBounded(
        false, [this](const auto& report) { PrintPlan(context_.console, session_, report); });
    PrintFailures(context_.console, session_, looks);
    return looks;
  }

  /// The accounts that did not get through.
  std::vector<std::string> Awaited(const std::vector<cycle::CycleReport>& reports) const {
    std::vector<std::string> awaited;
    for (std::size_t i = 0; i < reports.size(); ++i) {
      if (reports[i].observed) continue;
      awaited.push_back(DescribeFailure(session_.accounts[i]->account.config.name, kNotReadYet));
    }
    return awaited;
  }

  ExitFacts TimedOut(const std::vector<std::string>& awaited) const {
    constexpr std::size_t kNamed = 5;
    std::string text = fmt::format("not done after {}", options_.timeout);
    for (std::size_t i = 0; i < std::min(awaited.size(), kNamed); ++i) {
      text += fmt::format("{}{}", i == 0 ? "; still awaited: " : "; ", awaited[i]);
    }
    if (awaited.size() > kNamed) text += fmt::format("; and {} more", awaited.size() - kNamed);
    PrintError(context_.console, text);
    ExitFacts facts;
    facts.timeout = true;
    return facts;
  }

  bool Asked() {
    if (options_.yes || !context_.console.input_terminal) return true;
    return Confirm(context_.console, "Apply these changes? [y/N]", context_.signals.stop());
  }

  ExitFacts ActOnce() {
    const auto reports = RunBounded(true, {});
    ExitFacts facts;
    std::vector<cycle::PoolStatus> statuses;
    std::size_t accepted = 0;
    std::size_t sent = 0;
    for (const auto& report : reports) {
      facts |= FactsOfApply(report, options_.pools);
      accepted += report.writes;
      sent += std::max(report.writes, report.outcomes.size());
      statuses.insert(statuses.end(), report.statuses.begin(), report.statuses.end());
    }
    PrintFailures(context_.console, session_, reports);
    const char* calls = sent == 1 ? "call" : "calls";
    context_.console.out << (accepted == sent
                                 ? fmt::format("{} {} sent. ", sent, calls)
                                 : fmt::format("{} of {} {} accepted. ", accepted, sent, calls));
    PrintRest(statuses);
    if (timed_out_) {
      std::vector<std::string> awaited = Awaited(reports);
      for (const cycle::PoolStatus& status : statuses) {
        if (status.condition != Condition::kReady) awaited.push_back(DescribeStatus(status));
      }
      facts |= TimedOut(awaited);
    }
    return facts;
  }

  void PrintRest(const std::vector<cycle::PoolStatus>& statuses) {
    std::vector<cycle::PoolStatus> ours;
    for (const cycle::PoolStatus& status : statuses) {
      if (status.reason != Reason::kOrphaned) ours.push_back(status);
    }
    context_.console.out << CountStatuses(ours) << '\n';
    for (const cycle::PoolStatus& status : ours) {
      if (status.condition == Condition::kReady) continue;
      context_.console.out << "  " << DescribeStatus(status) << '\n';
    }
  }

  ExitFacts ActAndWait() {
    WaitOptions wait;
    wait.cycle = CycleOptionsOf(true);
    wait.timeout = time_left_;
    WaitResult result = WaitUntilReady(context_, session_, specs_, wait);
    PrintRest(result.statuses);
    if (result.facts.timeout) return result.facts |= TimedOut(result.waiting);
    for (const std::string& text : result.waiting) {
      if (result.statuses.empty()) PrintError(context_.console, text);
    }
    return result.facts;
  }

  CommandContext& context_;
  const ApplyOptions& options_;
  Session& session_;
  std::shared_ptr<const SpecSnapshot> specs_;
  int code_ = kExitDone;
  Tick time_left_;  // of --timeout; what a person takes to answer does not count
  bool timed_out_ = false;
};

int RunApply(CommandContext& context, const ApplyOptions& options) {
  int code = kExitDone;
  const auto session = OpenSession(context, code);
  if (!session) return code;
  return Apply(context, options, *session).Run();
}

}  // namespace

void AddApplyCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<ApplyOptions>();
  Verb verb = app.AddVerb("apply", "Make the pools what their specs say");
  AddPoolNames(verb, options->pools);
  verb.AddFlag("--wait", options->wait, "Go on until the pools are Ready");
  verb.AddOption("--timeout", options->timeout,
                 "How long all of it may take, but for the answer of a person")
      .Value("DURATION")
      .Check(CheckDurationText)
      .ShowDefault();
  verb.AddFlag("-y,--yes", options->yes, "Do not ask, also on a terminal");
  verb.AddFlag("--allow-shrink", options->allow_shrink,
               "Carry out this plan even if many nodes or pools go");
  verb.AddFlag("--allow-growth", options->allow_growth,
               "Carry out this plan even if the pools more than double");
  verb.Footer(
      "Shows the plan and asks before it acts, if it runs on a terminal. Without --wait it runs\n"
      "one cycle and says what remains. It may run beside a daemon.\n"
      "Exit codes: 0 done; 2 something remains; 4 refused, or a resize failed; 5 blocked;\n"
      "9 timeout; 65 a spec is wrong (the others are applied).\n"
      "Example:\n  poolkeeper apply render-linux --wait --timeout 10m");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunApply(context, *options); };
  });
}

}  // namespace reconciler::daemon
