// poolkeeper status [POOL...]
#include "reconciler/cycle/status.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <ostream>

#include "daemon/change_lines.h"
#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/own_daemon.h"
#include "daemon/session.h"
#include "daemon/status_board.h"
#include "daemon/status_page.h"
#include "daemon/status_report.h"
#include "daemon/status_table.h"
#include "reconciler/core/json.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

using cycle::PoolStatus;

struct StatusOptions {
  std::vector<std::string> pools;
  std::string format = "text";
  bool unmanaged = false;
  bool not_ready = false;
  bool watch = false;
  bool fresh = false;
};

/// How often `--watch` looks: a daemon is asked for what it knows, else the service itself.
constexpr std::chrono::seconds kAskEvery{2};
constexpr std::chrono::seconds kLookEvery{15};

/// Where the statuses come from: a daemon that runs here, or a look of this process.
class StatusSource {
 public:
  StatusSource(CommandContext& context, const StatusOptions& options)
      : context_(context),
        fresh_(options.fresh || !context.options.specs.empty()),
        daemon_(context.options.config_file, context.options.account) {}

  /// nullopt after having said why; `code` is then the exit code.
  std::optional<StatusReport> Get(int& code) {
    if (!fresh_) {
      if (auto report = FromDaemon()) return report;
    }
    return Look(code);
  }

  /// Why no daemon was heard.
  const std::string& absence() const { return absence_; }
  const ExitFacts& spec_facts() const { return spec_facts_; }

 private:
  std::optional<StatusReport> FromDaemon() {
    OwnDaemon::Answer answer = daemon_.Ask();
    if (answer.report) return std::move(answer.report);
    absence_ = "no daemon answers at " + daemon_.Places();
    for (const Error& refusal : answer.refusals) {
      absence_ = refusal.message;
      Say(refusal.message + "; looking at the service instead",
          std::string(OwnDaemon::AdviceFor(refusal)));
    }
    return std::nullopt;
  }

  std::optional<StatusReport> Look(int& code) {
    if (session_ == nullptr) session_ = OpenSession(context_, code);
    if (session_ == nullptr) return std::nullopt;
    const auto specs = LoadSpecs(context_, *session_);
    if (!specs) {
      code = kExitInvalid;
      return std::nullopt;
    }
    spec_facts_ = FactsOfSpecs(*specs);
    cycle::CycleOptions cycle_options;
    cycle_options.act = false;
    const auto reports = RunAccounts(*session_, specs, cycle_options, context_.signals.stop(), {});
    if (!session_->specs->last_good_known())
      Say(LastGoodProblem(*session_), LastGoodRemedy(*session_));
    StatusReport report;
    report.made = context_.clock.Wall();
    for (std::size_t i = 0; i < reports.size(); ++i) {
      const std::string& name = session_->accounts[i]->account.config.name;
      report.accounts.push_back(AccountStatusOf(name, reports[i], report.made));
      report.accounts.back().pools_of_specs = specs->OfAccount(name).size();
      for (PoolStatus& status : report.accounts.back().pools) KnowLess(status);
    }
    return report;
  }

  /// This process saw it just now, and does nothing about it.
  static void KnowLess(PoolStatus& status) {
    status.since = {};
    status.next_at.reset();
    if (status.next == "look again") status.next.clear();
  }

  void Say(const std::string& warning, const std::string& hint) {
    if (!said_.insert(warning).second) return;
    PrintWarning(context_.console, warning);
    if (!hint.empty()) PrintHint(context_.console, hint);
  }

  CommandContext& context_;
  const bool fresh_;
  const OwnDaemon daemon_;
  std::unique_ptr<Session> session_;
  ExitFacts spec_facts_;
  std::string absence_ = "no daemon was asked";
  std::set<std::string> said_;
};

std::vector<PoolStatus> Collect(const StatusReport& report, const std::vector<std::string>& pools) {
  std::vector<PoolStatus> statuses;
  for (const AccountStatus& account : report.accounts) {
    for (const PoolStatus& status : account.pools) {
      if (Selects(pools, status.pool)) statuses.push_back(status);
    }
  }
  return statuses;
}

bool AllObserved(const StatusReport& report) {
  return std::all_of(report.accounts.begin(), report.accounts.end(),
                     [](const AccountStatus& account) { return account.WasObserved(); });
}

/// Every name must be that of a pool with a status; the first unknown one is named.
bool KnowsStatuses(CommandContext& context, const StatusReport& report,
                   const StatusOptions& options) {
  if (!AllObserved(report)) return true;
  const std::vector<PoolStatus> all = Collect(report, {});
  for (const std::string& pool : options.pools) {
    const auto is_it = [&](const PoolStatus& status) { return EqualFolded(status.pool, pool); };
    if (std::any_of(all.begin(), all.end(), is_it)) continue;
    std::vector<std::string_view> names;
    for (const PoolStatus& status : all) names.push_back(status.pool);
    const std::string near = NearestName(pool, names);
    PrintError(context.console, fmt::format("no pool '{}' is managed or named by a spec{}", pool,
                                            near.empty() ? "" : " (did you mean '" + near + "'?)"));
    return false;
  }
  return true;
}

ExitFacts FactsOf(const StatusReport& report, const StatusOptions& options) {
  ExitFacts facts;
  for (const AccountStatus& account : report.accounts) {
    if (account.failure) facts |= FactsOfError(account.failure->error);
    if (!account.failure && !account.WasObserved()) facts.blocked = true;
  }
  for (const PoolStatus& status : Collect(report, options.pools)) {
    const bool orphan = status.reason == Reason::kOrphaned;
    if (!orphan && status.condition != Condition::kReady) facts.blocked = true;
    if (report.FromDaemon() && status.reason == Reason::kSpecUnreadable) facts.invalid = true;
  }
  return facts;
}

std::string TextOf(const Console& console, const StatusReport& report, const std::string& absence,
                   const StatusOptions& options, bool in_window) {
  StatusPage page{.screen = console.out_screen, .absence = absence};
  page.unmanaged = options.unmanaged;
  page.not_ready = options.not_ready;
  page.in_window = in_window;
  if (options.pools.empty()) return RenderStatusPage(report, page);
  return RenderPoolPages(report, Collect(report, options.pools), page);
}

Value JsonOf(StatusReport report, const StatusOptions& options) {
  for (AccountStatus& account : report.accounts) {
    std::erase_if(account.pools, [&](const PoolStatus& status) {
      return !Selects(options.pools, status.pool) || (options.not_ready && IsFine(status));
    });
  }
  return StatusReportToJson(report);
}

int Watch(CommandContext& context, StatusSource& source, const StatusOptions& options) {
  const Console& console = context.console;
  ChangeLines changes;
  int code = kExitDone;
  const std::stop_token stop = context.signals.stop();
  while (!stop.stop_requested()) {
    const auto report = source.Get(code);
    if (stop.stop_requested()) break;
    if (!report) return code;
    if (!KnowsStatuses(context, *report, options)) return kExitUsage;
    if (options.format == "json") {
      console.out << WriteJson(JsonOf(*report, options)) << '\n' << std::flush;
    } else if (!console.out_screen.terminal) {
      changes.PrintSource(console.out, *report, source.absence());
      changes.Print(console.out, *report, options.pools);
    } else {
      Console now = console;  // the window may have another size by now
      now.out_screen = LookAtScreen(STDOUT_FILENO, context.options.no_color);
      console.out << "\x1b[H\x1b[2J" << FormatTime(report->made) << "\n\n"
                  << TextOf(now, *report, source.absence(), options, true) << std::flush;
    }
    const auto pause = report->FromDaemon() ? kAskEvery : kLookEvery;
    if (!context.clock.SleepUntil(context.clock.Now() + pause, stop)) break;
  }
  return CodeUnlessStopped(context, kExitDone);
}

int RunStatus(CommandContext& context, const StatusOptions& options) {
  StatusSource source(context, options);
  if (options.watch) return Watch(context, source, options);
  int code = kExitDone;
  const auto report = source.Get(code);
  // A look that was broken off says nothing about any pool.
  if (context.signals.stop().stop_requested()) return CodeUnlessStopped(context, kExitError);
  if (!report) return code;
  if (!KnowsStatuses(context, *report, options)) return kExitUsage;
  if (options.format == "json") {
    context.console.out << WritePrettyJson(JsonOf(*report, options));
  } else {
    context.console.out << TextOf(context.console, *report, source.absence(), options, false);
  }
  ExitFacts facts = source.spec_facts();
  facts |= FactsOf(*report, options);
  return CodeUnlessStopped(context, ExitCodeOf(facts));
}

}  // namespace

void AddStatusCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<StatusOptions>();
  Verb verb = app.AddVerb("status", "Show the condition of each pool, and why");
  AddPoolNames(verb, options->pools);
  AddFormat(verb, options->format);
  verb.AddFlag("--watch", options->watch,
               "Show it again and again until Ctrl-C; without a terminal, what changes");
  verb.AddFlag("--fresh", options->fresh,
               "Look at the service, also where a daemon could be asked");
  verb.AddFlag("--not-ready", options->not_ready, "Leave out the pools that are Ready");
  verb.AddFlag("--unmanaged", options->unmanaged,
               "List the live pools that are not ours and that no spec names");
  verb.Footer(
      "A daemon that runs here is asked; where none answers the service is looked at once.\n"
      "With names of pools: everything that explains why each does or does not act.\n"
      "Exit codes: 0 all pools are Ready; 5 otherwise; 65 a spec is wrong.\n"
      "Example:\n  poolkeeper status render-linux");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunStatus(context, *options); };
  });
}

}  // namespace reconciler::daemon
