// poolkeeper plan [POOL...]
#include "reconciler/plan/plan.h"

#include <algorithm>
#include <memory>
#include <ostream>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/known_causes.h"
#include "daemon/session.h"
#include "reconciler/core/json.h"
#include "reconciler/plan/render.h"

namespace reconciler::daemon {
namespace {

struct PlanOptions {
  std::vector<std::string> pools;
  std::string format = "text";
};

void PrintJson(const Console& console, const Session& session,
               const std::vector<cycle::CycleReport>& reports) {
  std::vector<plan::AccountPlan> plans;
  for (const cycle::CycleReport& report : reports) {
    if (report.observed) plans.push_back(report.plan);
  }
  Value json = plan::PlanToJson(plans);
  Object& members = json.AsObject();  // sorted by name
  const auto behind = std::find_if(members.begin(), members.end(),
                                   [](const Member& member) { return member.name > "errors"; });
  members.insert(behind, Member{"errors", FailuresToJson(session, reports)});
  console.out << WritePrettyJson(json);
}

int RunPlan(CommandContext& context, const PlanOptions& options) {
  int code = kExitDone;
  const auto session = OpenSession(context, code);
  if (!session) return code;
  const auto specs = LoadSpecs(context, *session);
  if (!specs) return kExitInvalid;
  if (!KnowsPools(context, *session, *specs, options.pools)) return kExitUsage;
  WarnOfLastGood(context.console, *session);
  cycle::CycleOptions cycle_options;
  cycle_options.act = false;
  cycle_options.pools = options.pools;
  const bool json = options.format == "json";
  const auto causes = KnownCauses::Ask(context.options.config_file, context.options.account);
  if (!causes.silence().empty()) {
    PrintWarning(context.console, causes.silence() + "; who moved is not known");
  }
  const auto reports = RunAccounts(*session, specs, cycle_options, context.signals.stop(),
                                   [&](cycle::CycleReport& report) {
                                     causes.FillIn(report.plan);
                                     if (!json) PrintPlan(context.console, *session, report);
                                   });
  if (json) PrintJson(context.console, *session, reports);
  PrintFailures(context.console, *session, reports);
  ExitFacts facts = FactsOfSpecs(*specs);
  for (const auto& report : reports) facts |= FactsOfPlan(report, options.pools);
  return CodeUnlessStopped(context, ExitCodeOf(facts));
}

}  // namespace

void AddPlanCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<PlanOptions>();
  Verb verb = app.AddVerb("plan", "Show what would be done, and do nothing");
  AddPoolNames(verb, options->pools);
  AddFormat(verb, options->format);
  verb.Footer(
      "Exit codes: 0 nothing to do; 2 something is to be done; 5 a pool is blocked; 65 a spec is\n"
      "wrong (the plan of the others is shown all the same).\n"
      "Example:\n  poolkeeper plan render-linux --format json");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunPlan(context, *options); };
  });
}

}  // namespace reconciler::daemon
