// poolkeeper run
#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/heartbeat.h"
#include "daemon/keeper.h"
#include "daemon/run_lock.h"
#include "daemon/run_view.h"
#include "daemon/service_notify.h"
#include "daemon/session.h"
#include "daemon/status_board.h"
#include "daemon/status_socket.h"
#include "daemon/system_clock.h"
#include "reconciler/core/duration.h"
#include "reconciler/core/json.h"

namespace reconciler::daemon {
namespace {

struct RunOptions {
  std::optional<bool> show;               // unset: if standard output is a terminal
  std::optional<std::string> exit_ready;  // unset: run until a signal
};

/// What of the main thread's waiting the other threads may end.
struct Calls {
  Alarm alarm;
  std::atomic<bool> reload{false};
};

void TellStart(World& world, const Config& config) {
  Event event;
  event.kind = EventKind::kDaemonStarted;
  event.fields = {{"version", POOLKEEPER_VERSION},
                  {"pid", std::to_string(::getpid())},
                  {"owner", config.owner},
                  {"specs", config.specs},
                  {"accounts", std::to_string(config.accounts.size())}};
  world.events().Emit(event);
}

void TellStop(World& world, int signal) {
  Event event;
  event.kind = EventKind::kDaemonStopping;
  if (signal != 0) event.fields = {{"signal", std::to_string(signal)}};
  world.events().Emit(event);
}

StatusReport IdentityOf(const Config& config, Clock& clock) {
  StatusReport identity;
  identity.pid = ::getpid();
  identity.version = POOLKEEPER_VERSION;
  identity.owner = config.owner;
  identity.source = config.source_id;
  identity.started = clock.Wall();
  return identity;
}

/// Without it all goes on but `status`, which then looks for itself.
std::unique_ptr<StatusServer> ServeStatus(const Config& config, const StatusBoard& board,
                                          World& world) {
  std::string path =
      config.status_socket.empty() ? DefaultStatusSocket(config.state) : config.status_socket;
  auto server = StatusServer::Start(std::move(path), config.status_group, [&board] {
    return WriteJson(StatusReportToJson(board.Report())) + "\n";
  });
  if (server) return std::move(*server);
  Event event;
  event.kind = EventKind::kStatusSocketFailed;
  event.severity = Severity::kWarning;
  event.detail = server.error().message;
  world.events().Emit(event);
  return nullptr;
}

void Reload(Keeper& keeper, StatusBoard& board, Clock& clock) {
  NotifyReloading(clock.Now());
  keeper.Reload();
  board.SetAccounts(keeper.AccountNames());
  NotifyReady();
}

/// Waits for a signal, or, with `deadline`, until it is known whether all pools are Ready.
ExitCode WatchOver(CommandContext& context, Keeper& keeper, const RunView& view, StatusBoard& board,
                   Calls& calls, std::optional<Tick> deadline) {
  const std::stop_token stop = context.signals.stop();
  const auto watchdog = WatchdogTime();
  while (true) {
    Tick due = deadline.value_or(context.clock.Now() + std::chrono::hours(1));
    if (watchdog) {
      const WatchdogTimes times = WatchdogTimesOf(*watchdog);
      const Tick now = context.clock.Now();
      if (AllBeatWithin(times.limit, keeper.LastBeats(), now)) NotifyAlive();
      due = std::min(due, now + times.every);
    }
    const Alarm::Ended ended = calls.alarm.WaitUntil(due, stop);
    if (ended == Alarm::Ended::kStopped) return kExitDone;
    if (calls.reload.exchange(false)) Reload(keeper, board, context.clock);
    if (!deadline) continue;
    if (const auto verdict = view.Verdict()) {
      if (*verdict != kExitDone) view.PrintState();
      return *verdict;
    }
    if (context.clock.Now() >= *deadline) {
      view.PrintState();
      return view.VerdictAtTimeout();
    }
  }
}

std::optional<Tick> DeadlineOf(const RunOptions& options, Clock& clock) {
  if (!options.exit_ready) return std::nullopt;
  return clock.Now() + ParseShortDuration(*options.exit_ready).value_or(std::chrono::seconds(180));
}

std::vector<std::string> NamesOf(const Config& config, const std::string& only) {
  std::vector<std::string> names;
  for (const AccountSettings& settings : config.accounts) {
    if (only.empty() || settings.account.name == only) names.push_back(settings.account.name);
  }
  return names;
}

int Keep(CommandContext& context, const RunOptions& options, Config config, World& world) {
  const std::vector<std::string> names = NamesOf(config, context.options.account);
  RunView view(context.console, context.clock, names,
               options.show.value_or(context.console.out_screen.terminal));
  StatusBoard board(IdentityOf(config, context.clock), names, context.clock);
  Calls calls;
  TellStart(world, config);
  const std::optional<Tick> deadline = DeadlineOf(options, context.clock);
  const std::unique_ptr<StatusServer> status = ServeStatus(config, board, world);
  ExitCode code = kExitDone;
  {
    Keeper keeper(
        std::move(config), {context.options.specs, context.options.account}, world,
        {[&](const plan::AccountPlan& plan) { view.TakePlan(plan); },
         [&](const std::string& account, const cycle::CycleReport& report) {
           board.TakeReport(account, report);
           view.TakeReport(account, report);
           NotifyStatus(board.Summary());
           calls.alarm.Wake();
         },
         WatchdogTimesOf(WatchdogTime().value_or(std::chrono::minutes(4))).every},
        [&](const SpecSnapshot& specs) { view.TakeSpecs(specs); },
        [&](const std::string& observer, const std::vector<std::string>& problems) {
          board.SetProblems(observer, problems);
          NotifyStatus(board.Summary());
        });
    context.signals.OnHangup([&] {
      calls.reload = true;
      calls.alarm.Wake();
    });
    NotifyReady();
    code = WatchOver(context, keeper, view, board, calls, deadline);
    context.signals.OnHangup([] {});
    NotifyStopping();
    TellStop(world, context.signals.received());
  }
  return code;
}

int RunRun(CommandContext& context, const RunOptions& options) {
  int code = kExitDone;
  auto config = LoadConfigFor(context, code);
  if (!config) return code;
  if (!KnowsAccount(context, *config)) return kExitUsage;
  LogSink log(STDERR_FILENO, LogOptionsOf(context.options, Severity::kInfo), context.clock);
  auto world = World::Create(*config, context.clock, log);
  if (!world) {
    PrintError(context.console, world.error().message);
    return kExitError;
  }
  if (auto prepared = (*world)->state().Prepare(); !prepared) {
    PrintError(context.console, prepared.error().message);
    return kExitError;
  }
  const auto lock = RunLock::Take(config->state, config->owner);
  if (!lock) {
    PrintError(context.console, lock.error().message);
    return kExitError;
  }
  return Keep(context, options, std::move(*config), **world);
}

}  // namespace

void AddRunCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<RunOptions>();
  Verb verb = app.AddVerb("run", "Keep the pools what their specs say, until stopped");
  verb.AddFlag(
      "--show", [options] { options->show = true; },
      "Print plans and the status table on standard output; the default if it "
      "is a terminal");
  verb.AddFlag(
      "--no-show", [options] { options->show = false; }, "Print the log alone");
  verb.AddOption(
          "--exit-when-ready", [options](const std::string& text) { options->exit_ready = text; },
          "Leave with 0 once all pools are Ready, with the reason otherwise, at the latest after "
          "this time (3m)")
      .Value("[DURATION]")
      .ValueOr("3m")
      .Check(CheckDurationText);
  verb.Footer(
      "SIGTERM and SIGINT end it with 0, a second one at once; SIGHUP reads the configuration\n"
      "again. One process per owner and state folder.\n"
      "Exit codes: 0 after a signal; 1 another process runs; 65 the configuration is wrong.\n"
      "With --exit-when-ready also 3, 4, 5, 6, 9 and 65 for specs, as for apply --wait.\n"
      "Example:\n  poolkeeper run --config /etc/poolkeeper/poolkeeper.yaml");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunRun(context, *options); };
  });
}

}  // namespace reconciler::daemon
