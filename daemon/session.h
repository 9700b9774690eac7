// What the verbs that look at accounts share: configuration, specs, doors, accounts.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/commands/command.h"
#include "daemon/config.h"
#include "daemon/file_tree.h"
#include "daemon/world.h"
#include "reconciler/cycle/account_cycle.h"
#include "reconciler/spec/load.h"

namespace reconciler::daemon {

/// Prints findings as `file:line:column: message`, each with its line and caret.
void PrintFindings(std::ostream& stream, const std::vector<Finding>& findings);
/// The same on `err`, with priorities where the journal reads it.
void PrintFindings(const Console& console, const std::vector<Finding>& findings);
/// "3 errors, 1 warning"; empty for none.
std::string CountFindings(const std::vector<Finding>& findings);
/// Each as an object.
Array FindingsToJson(const std::vector<Finding>& findings);

/// Reads the configuration and takes the options of the command line into it. Empty after having
/// said why; `code` is then the exit code.
std::optional<Config> LoadConfigFor(CommandContext& context, int& code,
                                    KeyReading keys = KeyReading::kRead);

/// Whether --account names one of the configuration's; says so if not.
bool KnowsAccount(CommandContext& context, const Config& config);

/// Passes events on to the log, or, while it is quiet, only failures of the state folder: a plan
/// that is printed says all the rest.
class VerbSink final : public EventSink {
 public:
  VerbSink(std::unique_ptr<EventSink> log, bool quiet) : log_(std::move(log)), quiet_(quiet) {}
  void SetQuiet(bool quiet) { quiet_ = quiet; }
  void Emit(const Event& event) override;

 private:
  std::unique_ptr<EventSink> log_;
  std::atomic<bool> quiet_;
};

/// On standard error; quiet unless --log-level asks for it.
std::unique_ptr<VerbSink> MakeVerbLog(const CommandContext& context);

struct Session {
  Config config;  // its accounts have moved on to `accounts`
  std::unique_ptr<VerbSink> log;
  std::unique_ptr<World> world;
  std::unique_ptr<DiskFileTree> tree;
  std::unique_ptr<spec::SpecLoader> specs;
  spec::LoadOptions load_options;                       // of every account of the configuration
  std::vector<std::unique_ptr<AccountWorld>> accounts;  // in the order of the configuration
};
/// nullptr after having said why. The log is quiet unless --log-level asks for it.
std::unique_ptr<Session> OpenSession(CommandContext& context, int& code);

/// Reads the spec tree and prints its findings; nullptr after having said why.
std::shared_ptr<const SpecSnapshot> LoadSpecs(CommandContext& context, Session& session);

/// "the last good state of the specs is unknown: /var/lib/poolkeeper/last-good.json: ...". Without
/// it nothing can be frozen, and what left a spec cannot be seen. Empty while it is known.
std::string LastGoodProblem(const Session& session);
/// What a person does about it.
std::string LastGoodRemedy(const Session& session);

/// Says both, where there is something to say.
void WarnOfLastGood(const Console& console, const Session& session);

/// Whether a spec of the session's accounts has each of the names; says which one is unknown.
bool KnowsPools(CommandContext& context, const Session& session, const SpecSnapshot& specs,
                const std::vector<std::string>& pools);

/// One cycle of every account, all at the same time; reports in the order of the accounts. Each is
/// handed to `on_report` in that order, too, in the thread of the caller; but none that is there
/// waits longer than two seconds for one that hangs.
std::vector<cycle::CycleReport> RunAccounts(
    Session& session, const std::shared_ptr<const SpecSnapshot>& specs,
    const cycle::CycleOptions& options, std::stop_token stop,
    const std::function<void(cycle::CycleReport&)>& on_report);

/// "account 'contoso': list pools: ...", the account named once.
std::string DescribeFailure(const std::string& account, const std::string& message);

/// What is awaited of an account at first.
inline constexpr const char* kNotReadYet = "its pools have not been read yet";

/// The failure of each account that could not be observed, on the error stream.
void PrintFailures(const Console& console, const Session& session,
                   const std::vector<cycle::CycleReport>& reports);

/// {"account": "demo", "kind": "unauthorized", "message": "..."}
Value FailureToJson(const std::string& account, const Error& error);
/// The same for machines: [{"account": "demo", "kind": "Unauthorized", "message": "..."}]; empty if
/// all could be observed.
Value FailuresToJson(const Session& session, const std::vector<cycle::CycleReport>& reports);

/// The plan as text, as wide and colourful as the console's output allows.
std::string RenderPlanFor(const Console& console, const plan::AccountPlan& plan);

/// Prints the plan at once, under the name of the account where the session has several; nothing
/// for an account that could not be observed.
void PrintPlan(const Console& console, const Session& session, const cycle::CycleReport& report);

/// The code of a signal if one came, else `code`.
int CodeUnlessStopped(const CommandContext& context, int code);

}  // namespace reconciler::daemon
