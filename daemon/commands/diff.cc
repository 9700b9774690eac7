// poolkeeper diff [POOL...]
#include <map>
#include <memory>
#include <mutex>
#include <ostream>

#include "daemon/commands/command.h"
#include "daemon/diff_text.h"
#include "daemon/exit_code.h"
#include "daemon/known_causes.h"
#include "daemon/session.h"
#include "reconciler/core/json.h"
#include "reconciler/core/text.h"
#include "reconciler/cycle/pool_state.h"

namespace reconciler::daemon {
namespace {

struct DiffOptions {
  std::vector<std::string> pools;
  std::string format = "text";
  bool all = false;
};

/// The live pools as the cycle read them, by PoolKey; its threads fill it.
class LivePools {
 public:
  void Take(const cycle::PoolState& state) {
    if (!state.live || state.prepared == nullptr) return;
    const std::lock_guard lock(mutex_);
    pools_[PoolKey(state.prepared->spec->account, state.prepared->spec->id)] = *state.live;
  }
  const LivePool* Find(const PoolSpec& spec) const {
    const auto found = pools_.find(PoolKey(spec.account, spec.id));
    return found == pools_.end() ? nullptr : &found->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, LivePool> pools_;
};

bool SaysSomething(const plan::PoolDiff& diff) {
  return !diff.rows.empty() || !diff.holds.empty() || !diff.released.empty();
}

AccountDiff DiffAccount(const AccountWorld& world, const cycle::CycleReport& report,
                        const LivePools& live, const DiffOptions& options) {
  const cycle::Account& account = world.account;
  AccountDiff diffs{account.config.name, {}};
  for (const plan::PoolPlan& plan : report.plan.pools) {
    if (plan.spec == nullptr || !Selects(options.pools, plan.pool)) continue;
    const auto prepared = account.prepared.find(FoldCase(plan.spec->id));
    if (prepared == account.prepared.end()) continue;
    plan::PoolDiff diff =
        plan::DiffPool(prepared->second, live.Find(*plan.spec), plan, PoolPropertyTable(),
                       account.config.api_version, options.all);
    if (SaysSomething(diff) || !options.pools.empty()) diffs.pools.push_back(std::move(diff));
  }
  return diffs;
}

void PrintText(const Console& console, const std::vector<AccountDiff>& diffs) {
  std::size_t shown = 0;
  for (const AccountDiff& account : diffs) {
    for (const plan::PoolDiff& diff : account.pools) {
      console.out << (shown++ > 0 ? "\n" : "")
                  << RenderDiff(account.account, diff, console.out_screen);
    }
  }
  if (shown == 0 && !diffs.empty()) console.out << "No differences.\n";
}

int RunDiff(CommandContext& context, const DiffOptions& options) {
  int code = kExitDone;
  const auto session = OpenSession(context, code);
  if (!session) return code;
  const auto specs = LoadSpecs(context, *session);
  if (!specs) return kExitInvalid;
  if (!KnowsPools(context, *session, *specs, options.pools)) return kExitUsage;
  WarnOfLastGood(context.console, *session);
  LivePools live;
  cycle::CycleOptions cycle_options;
  cycle_options.act = false;
  cycle_options.pools = options.pools;
  cycle_options.on_look = [&](const cycle::PoolState& state) {
    if (Selects(options.pools, state.prepared->spec->id)) live.Take(state);
  };
  const auto causes = KnownCauses::Ask(context.options.config_file, context.options.account);
  if (!causes.silence().empty()) {
    PrintWarning(context.console, causes.silence() + "; who moved is not known");
  }
  const auto reports = RunAccounts(*session, specs, cycle_options, context.signals.stop(),
                                   [&](cycle::CycleReport& report) { causes.FillIn(report.plan); });
  std::vector<AccountDiff> diffs;
  ExitFacts facts = FactsOfSpecs(*specs);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    facts |= FactsOfPlan(reports[i], options.pools);
    if (reports[i].observed) {
      diffs.push_back(DiffAccount(*session->accounts[i], reports[i], live, options));
    }
  }
  if (options.format == "json") {
    Value errors = FailuresToJson(*session, reports);
    context.console.out << WritePrettyJson(DiffsToJson(diffs, std::move(errors.AsArray())));
  } else {
    PrintText(context.console, diffs);
  }
  PrintFailures(context.console, *session, reports);
  return CodeUnlessStopped(context, ExitCodeOf(facts));
}

}  // namespace

void AddDiffCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<DiffOptions>();
  Verb verb = app.AddVerb("diff", "Compare pools with their specs, property by property");
  AddPoolNames(verb, options->pools);
  verb.AddFlag("--all", options->all,
               "Also what agrees, what the spec leaves to the service, and what it does not name");
  AddFormat(verb, options->format);
  verb.Footer(
      "applied: what the record on the pool says was written last, told by digests.\n"
      "Exit codes: 0 nothing differs; 2 something is to be done; 5 a pool is blocked; 65 a spec "
      "is\n"
      "wrong.\n"
      "Example:\n  poolkeeper diff render-linux --all");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunDiff(context, *options); };
  });
}

}  // namespace reconciler::daemon
