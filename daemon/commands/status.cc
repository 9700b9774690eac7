// poolkeeper status [POOL...]
#include "reconciler/cycle/status.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/session.h"
#include "daemon/status_table.h"
#include "reconciler/core/json.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

struct StatusOptions {
  std::vector<std::string> pools;
  std::string format = "text";
  bool unmanaged = false;
};

std::vector<cycle::PoolStatus> Collect(const std::vector<cycle::CycleReport>& reports,
                                       const std::vector<std::string>& pools) {
  std::vector<cycle::PoolStatus> statuses;
  for (const cycle::CycleReport& report : reports) {
    for (const cycle::PoolStatus& status : report.statuses) {
      if (!Selects(pools, status.pool)) continue;
      statuses.push_back(status);
      statuses.back().since = {};  // this process saw it just now, and knows no more
    }
  }
  return statuses;
}

/// Every name must be that of a pool with a status; the first unknown one is named.
bool KnowsStatuses(CommandContext& context, const std::vector<cycle::PoolStatus>& statuses,
                   const std::vector<cycle::PoolStatus>& all, const StatusOptions& options) {
  for (const std::string& pool : options.pools) {
    const auto is_it = [&](const cycle::PoolStatus& status) {
      return EqualFolded(status.pool, pool);
    };
    if (std::any_of(statuses.begin(), statuses.end(), is_it)) continue;
    std::vector<std::string_view> names;
    for (const cycle::PoolStatus& status : all) names.push_back(status.pool);
    const std::string near = NearestName(pool, names);
    PrintError(context.console, fmt::format("no pool '{}' is managed or named by a spec{}", pool,
                                            near.empty() ? "" : " (did you mean '" + near + "'?)"));
    return false;
  }
  return true;
}

void PrintUnmanaged(const Console& console, const std::vector<cycle::CycleReport>& reports,
                    bool list) {
  for (const cycle::CycleReport& report : reports) {
    if (report.unmanaged == 0) continue;
    console.out << fmt::format("{} unmanaged {} in account {}{}\n", report.unmanaged,
                               report.unmanaged == 1 ? "pool" : "pools", report.plan.account,
                               list ? ":" : " (--unmanaged lists them)");
    if (!list) continue;
    for (const std::string& pool : report.plan.unmanaged) {
      console.out << "  " << Harmless(pool) << '\n';
    }
  }
}

ExitFacts FactsOfStatuses(const std::vector<cycle::PoolStatus>& statuses,
                          const std::vector<cycle::CycleReport>& reports) {
  ExitFacts facts;
  for (const cycle::CycleReport& report : reports) {
    if (report.failure) facts |= FactsOfError(*report.failure);
  }
  for (const cycle::PoolStatus& status : statuses) {
    const bool orphan = status.reason == Reason::kOrphaned;
    if (!orphan && status.condition != Condition::kReady) facts.blocked = true;
  }
  return facts;
}

/// Pools of accounts that did not answer have no row, but they are not forgotten.
void PrintUnknown(const Console& console, const Session& session, const SpecSnapshot& specs,
                  const std::vector<cycle::CycleReport>& reports) {
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (reports[i].observed) continue;
    const std::string& account = session.accounts[i]->account.config.name;
    const std::size_t pools = specs.OfAccount(account).size();
    console.out << fmt::format("{} {} of account {} unknown: it could not be read\n", pools,
                               pools == 1 ? "pool" : "pools", account);
  }
}

void PrintText(CommandContext& context, const Session& session, const SpecSnapshot& specs,
               const std::vector<cycle::PoolStatus>& statuses,
               const std::vector<cycle::CycleReport>& reports, const StatusOptions& options,
               bool observed) {
  const Console& console = context.console;
  console.out << RenderStatusTable(statuses, context.clock.Wall(), console.out_screen);
  for (const cycle::CycleReport& report : reports) {
    if (!report.plan.parked) continue;
    const std::string text = "Plan parked: " + Harmless(report.plan.parked->message);
    for (const std::string& line : WrapToWidth(text, console.out_screen.width)) {
      console.out << line << '\n';
    }
  }
  if (!options.pools.empty()) return;
  if (observed || !statuses.empty()) console.out << CountStatuses(statuses) << '\n';
  PrintUnknown(console, session, specs, reports);
  PrintUnmanaged(console, reports, options.unmanaged);
}

void PrintJson(const Console& console, const Session& session,
               const std::vector<cycle::PoolStatus>& statuses,
               const std::vector<cycle::CycleReport>& reports) {
  Array accounts;
  for (const cycle::CycleReport& report : reports) {
    if (!report.observed) continue;
    Array unmanaged(report.plan.unmanaged.begin(), report.plan.unmanaged.end());
    accounts.push_back(
        Object{{"account", report.plan.account},
               {"parked", report.plan.parked ? Value(report.plan.parked->message) : Value()},
               {"unmanaged", std::move(unmanaged)}});
  }
  console.out << WritePrettyJson(Object{{"accounts", std::move(accounts)},
                                        {"errors", FailuresToJson(session, reports)},
                                        {"formatVersion", "1"},
                                        {"pools", StatusesToJson(statuses)}});
}

int RunStatus(CommandContext& context, const StatusOptions& options) {
  int code = kExitDone;
  const auto session = OpenSession(context, code);
  if (!session) return code;
  const auto specs = LoadSpecs(context, *session);
  if (!specs) return kExitInvalid;
  cycle::CycleOptions cycle_options;
  cycle_options.act = false;
  const auto reports = RunAccounts(*session, specs, cycle_options, context.signals.stop(), {});
  if (!session->specs->last_good_known()) {
    PrintWarning(context.console, LastGoodProblem(*session));
    PrintHint(context.console, LastGoodRemedy(*session));
  }
  PrintFailures(context.console, *session, reports);
  const bool observed =
      std::all_of(reports.begin(), reports.end(),
                  [](const cycle::CycleReport& report) { return report.observed; });
  const auto all = Collect(reports, {});
  const auto statuses = Collect(reports, options.pools);
  if (observed && !KnowsStatuses(context, statuses, all, options)) return kExitUsage;
  if (options.format == "json") {
    PrintJson(context.console, *session, statuses, reports);
  } else {
    PrintText(context, *session, *specs, statuses, reports, options, observed);
  }
  const ExitFacts facts = FactsOfStatuses(statuses, reports);
  ExitFacts all_facts = FactsOfSpecs(*specs);
  all_facts |= facts;
  return CodeUnlessStopped(context, ExitCodeOf(all_facts));
}

}  // namespace

void AddStatusCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App* verb = app.add_subcommand("status", "Show the condition of each pool, and why");
  AddPoolNames(*verb, options->pools);
  verb->add_option("--format", options->format, "Form of the answer: text or json")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  verb->add_flag("--unmanaged", options->unmanaged,
                 "List the live pools that are not ours and that no spec names");
  verb->footer(
      "Exit codes: 0 all pools are Ready; 5 otherwise; 65 a spec is wrong.\n"
      "Example:\n  poolkeeper status --account contoso");
  verb->callback([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunStatus(context, *options); };
  });
}

}  // namespace reconciler::daemon
