#include "daemon/session.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <thread>
#include <utility>

#include "daemon/exit_code.h"
#include "daemon/install_place.h"
#include "daemon/last_good_text.h"
#include "daemon/spec_options.h"
#include "reconciler/core/text.h"
#include "reconciler/plan/render.h"

namespace reconciler::daemon {
namespace {

/// Where the threads of a command's accounts leave their reports.
class ReportDesk {
 public:
  explicit ReportDesk(std::size_t accounts) : reports_(accounts), there_(accounts) {}

  void Put(std::size_t index, cycle::CycleReport report) {
    const std::lock_guard lock(mutex_);
    reports_[index] = std::move(report);
    there_[index] = true;
    changed_.notify_all();
  }

  std::vector<cycle::CycleReport> TakeAll(
      const std::function<void(cycle::CycleReport&)>& on_report) {
    std::vector<bool> taken(there_.size());
    for (std::size_t left = there_.size(); left > 0; --left) {
      const std::size_t next = WaitForNext(taken);
      taken[next] = true;
      if (on_report) on_report(reports_[next]);
    }
    return std::move(reports_);
  }

 private:
  /// The first that is left, or, if that one hangs, any that is there.
  std::size_t WaitForNext(const std::vector<bool>& taken) {
    const auto first =
        static_cast<std::size_t>(std::find(taken.begin(), taken.end(), false) - taken.begin());
    std::size_t any = taken.size();
    const auto some_there = [&] {
      for (any = 0; any < taken.size(); ++any) {
        if (there_[any] && !taken[any]) return true;
      }
      return false;
    };
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(2), [&] { return there_[first]; });
    changed_.wait(lock, some_there);
    return there_[first] ? first : any;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<cycle::CycleReport> reports_;
  std::vector<bool> there_;
};

bool IsMissing(const std::string& file) {
  struct stat info {};
  return ::stat(file.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

Value FindingToJson(const Finding& finding) {
  Value item = Object{{"column", finding.position.column},
                      {"file", finding.position.file ? Value(*finding.position.file) : Value()},
                      {"level", finding.level == Finding::Level::kError ? "error" : "warning"},
                      {"line", finding.position.line},
                      {"message", finding.message},
                      {"path", finding.path}};
  if (finding.pools_hit > 0) item.Set("poolsHit", finding.pools_hit);
  return item;
}

/// Names of files and keys may hold what moves a terminal.
std::string HarmlessFinding(Finding finding) {
  if (finding.position.file) {
    finding.position.file = std::make_shared<const std::string>(Harmless(*finding.position.file));
  }
  finding.message = Harmless(finding.message);
  return FormatFinding(finding);
}

std::string Counted(std::size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace

void VerbSink::Emit(const Event& event) {
  if (!quiet_ || event.kind == EventKind::kStateFailed) log_->Emit(event);
}

std::unique_ptr<VerbSink> MakeVerbLog(const CommandContext& context) {
  return std::make_unique<VerbSink>(
      std::make_unique<LogSink>(2, LogOptionsOf(context.options, Severity::kInfo), context.clock),
      context.options.log_level.empty());
}

void PrintFindings(std::ostream& stream, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) stream << HarmlessFinding(finding) << '\n';
}

void PrintFindings(const Console& console, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    const bool error = finding.level == Finding::Level::kError;
    console.err << PriorityMark(console, error ? Severity::kError : Severity::kWarning)
                << HarmlessFinding(finding) << '\n';
  }
}

std::string CountFindings(const std::vector<Finding>& findings) {
  const auto errors = static_cast<std::size_t>(std::count_if(
      findings.begin(), findings.end(),
      [](const Finding& finding) { return finding.level == Finding::Level::kError; }));
  const std::size_t warnings = findings.size() - errors;
  std::string text;
  if (errors > 0) text = Counted(errors, "error");
  if (warnings > 0) text += (text.empty() ? "" : ", ") + Counted(warnings, "warning");
  return text;
}

Array FindingsToJson(const std::vector<Finding>& findings) {
  Array list;
  for (const Finding& finding : findings) list.push_back(FindingToJson(finding));
  return list;
}

std::optional<Config> LoadConfigFor(CommandContext& context, int& code, KeyReading keys) {
  LoadedConfig loaded = LoadConfig(context.options.config_file, keys);
  PrintFindings(context.console, loaded.findings);
  code = kExitInvalid;
  if (!loaded.config) {
    PrintError(context.console,
               fmt::format("the configuration {} cannot be used, {}", context.options.config_file,
                           CountFindings(loaded.findings)));
    if (IsMissing(context.options.config_file)) {
      PrintHint(context.console,
                fmt::format("name one with --config FILE; {} is an example", ExampleConfigFile()));
    }
    return std::nullopt;
  }
  Config config = std::move(*loaded.config);
  if (!context.options.specs.empty()) config.specs = context.options.specs;
  code = kExitDone;
  return config;
}

bool KnowsAccount(CommandContext& context, const Config& config) {
  const std::string& wanted = context.options.account;
  if (wanted.empty() || config.Find(wanted) != nullptr) return true;
  std::vector<std::string_view> names;
  for (const AccountSettings& settings : config.accounts) names.push_back(settings.account.name);
  const std::string near = NearestName(wanted, names);
  PrintError(context.console, fmt::format("the configuration has no account '{}'{}", wanted,
                                          near.empty() ? "" : " (did you mean '" + near + "'?)"));
  return false;
}

std::unique_ptr<Session> OpenSession(CommandContext& context, int& code) {
  auto config = LoadConfigFor(context, code);
  if (!config) return nullptr;
  auto session = std::make_unique<Session>();
  session->load_options = LoadOptionsOf(*config);
  code = kExitUsage;
  if (!KnowsAccount(context, *config)) return nullptr;
  code = kExitDone;
  std::erase_if(config->accounts, [&](const AccountSettings& settings) {
    return !context.options.account.empty() && settings.account.name != context.options.account;
  });
  session->config = std::move(*config);
  session->log = MakeVerbLog(context);
  auto world = World::Create(session->config, context.clock, *session->log);
  if (!world) {
    PrintError(context.console, world.error().message);
    code = kExitError;
    return nullptr;
  }
  session->world = std::move(world).value();
  session->tree = std::make_unique<DiskFileTree>(session->config.specs);
  session->specs = std::make_unique<spec::SpecLoader>(*session->tree, session->world->state(),
                                                      session->load_options);
  for (AccountSettings& settings : session->config.accounts) {
    session->accounts.push_back(session->world->MakeAccount(std::move(settings)));
  }
  return session;
}

std::shared_ptr<const SpecSnapshot> LoadSpecs(CommandContext& context, Session& session) {
  auto loaded = session.specs->Load();
  if (!loaded) {
    PrintError(context.console, loaded.error().message);
    return nullptr;
  }
  PrintFindings(context.console, (*loaded)->findings);
  return std::move(loaded).value();
}

std::string LastGoodProblem(const Session& session) {
  return DescribeLastGoodProblem(session.config.state, session.specs->last_good_problem());
}

std::string LastGoodRemedy(const Session& session) {
  return LastGoodRemedy(session.specs->last_good_problem());
}

void WarnOfLastGood(const Console& console, const Session& session) {
  const std::string problem = LastGoodProblem(session);
  if (problem.empty()) return;
  PrintWarning(console, problem);
  PrintHint(console, LastGoodRemedy(session));
}

bool KnowsPools(CommandContext& context, const Session& session, const SpecSnapshot& specs,
                const std::vector<std::string>& pools) {
  std::vector<std::string_view> names;
  for (const auto& account : session.accounts) {
    for (const PoolSpec* spec : specs.OfAccount(account->account.config.name)) {
      names.push_back(spec->id);
    }
  }
  // A spec with errors names its pool all the same; the findings say what is wrong with it.
  for (const UnreadableSpec& spec : specs.unreadable) names.push_back(spec.id);
  bool known = true;
  for (const std::string& pool : pools) {
    if (std::any_of(names.begin(), names.end(),
                    [&](std::string_view name) { return EqualFolded(name, pool); })) {
      continue;
    }
    const std::string near = NearestName(pool, names);
    PrintError(context.console, fmt::format("no spec names a pool '{}'{}", pool,
                                            near.empty() ? "" : " (did you mean '" + near + "'?)"));
    known = false;
  }
  return known;
}

std::vector<cycle::CycleReport> RunAccounts(
    Session& session, const std::shared_ptr<const SpecSnapshot>& specs,
    const cycle::CycleOptions& options, std::stop_token stop,
    const std::function<void(cycle::CycleReport&)>& on_report) {
  ReportDesk desk(session.accounts.size());
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < session.accounts.size(); ++i) {
    threads.emplace_back([&, i] {
      Doors doors = session.world->DoorsOf(*session.accounts[i]);
      desk.Put(i, cycle::RunCycle(session.accounts[i]->account, specs, doors, options, stop));
    });
  }
  return desk.TakeAll(on_report);
}

std::string DescribeFailure(const std::string& account, const std::string& message) {
  const std::string prefix = fmt::format("account '{}': ", account);
  return Harmless(message.rfind(prefix, 0) == 0 ? message : prefix + message);
}

void PrintFailures(const Console& console, const Session& session,
                   const std::vector<cycle::CycleReport>& reports) {
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (!reports[i].failure || reports[i].failure->kind == ErrorKind::kCancelled) continue;
    PrintError(console, DescribeFailure(session.accounts[i]->account.config.name,
                                        reports[i].failure->message));
  }
}

Value FailureToJson(const std::string& account, const Error& error) {
  return Object{{"account", account},
                {"kind", ErrorKindName(error.kind)},
                {"message", Harmless(error.message)}};
}

Value FailuresToJson(const Session& session, const std::vector<cycle::CycleReport>& reports) {
  Array failures;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (!reports[i].failure) continue;
    failures.push_back(
        FailureToJson(session.accounts[i]->account.config.name, *reports[i].failure));
  }
  return failures;
}

std::string RenderPlanFor(const Console& console, const plan::AccountPlan& plan) {
  return plan::RenderPlan(plan,
                          {.color = console.out_screen.color, .width = console.out_screen.width});
}

void PrintPlan(const Console& console, const Session& session, const cycle::CycleReport& report) {
  if (!report.observed) return;
  if (session.accounts.size() > 1) console.out << "account " << report.plan.account << ":\n";
  console.out << RenderPlanFor(console, report.plan) << std::flush;
}

int CodeUnlessStopped(const CommandContext& context, int code) {
  const int signal = context.signals.received();
  return signal == 0 ? code : 128 + signal;
}

}  // namespace reconciler::daemon
