// poolkeeper man, completion, names: hidden, for packages and shells.
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <thread>

#include "daemon/cli.h"
#include "daemon/commands/command.h"
#include "daemon/completion.h"
#include "daemon/exit_code.h"
#include "daemon/man_page.h"
#include "daemon/own_daemon.h"
#include "daemon/session.h"
#include "daemon/time_limit.h"
#include "reconciler/cycle/node_look.h"

namespace reconciler::daemon {
namespace {

/// Somebody waits with a finger on the key.
constexpr Tick kPatience = std::chrono::seconds(2);

using Names = std::set<std::string>;

/// From the daemon if one answers: it has just looked. Its key is not needed then.
bool AddFromDaemon(const CommandContext& context, Names& names) {
  const auto report = OwnDaemon(context.options.config_file, context.options.account).Ask().report;
  if (!report) return false;
  for (const AccountStatus& account : report->accounts) {
    for (const cycle::PoolStatus& pool : account.pools) names.insert(pool.pool);
    names.insert(account.unmanaged.begin(), account.unmanaged.end());
  }
  return true;
}

void AddFromService(Session& session, const std::stop_token& stop, Names& names) {
  std::vector<Names> of_accounts(session.accounts.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < of_accounts.size(); ++i) {
      threads.emplace_back([&, i] {
        AccountWorld& account = *session.accounts[i];
        Doors doors = session.world->DoorsOf(account);
        batch::Client client = cycle::ClientOf(account.account, doors);
        const auto visit = [&](LivePool pool) -> Status {
          of_accounts[i].insert(std::move(pool.id));
          return Ok{};
        };
        (void)client.ListPools(visit, "", stop);
      });
    }
  }
  for (Names& found : of_accounts) names.merge(found);
}

int RunNames(CommandContext& context, const std::string& what) {
  Names names;
  if (what == "accounts") {
    const LoadedConfig loaded = LoadConfig(context.options.config_file, KeyReading::kSkip);
    if (!loaded.config) return kExitInvalid;
    for (const auto& account : loaded.config->accounts) names.insert(account.account.name);
  } else if (!AddFromDaemon(context, names)) {
    int code = kExitDone;
    const auto session = OpenSession(context, code);
    if (!session) return code;
    const TimeLimit limit(context.clock, kPatience, context.signals.stop());
    AddFromService(*session, limit.token(), names);
  }
  for (const std::string& name : names) context.console.out << name << '\n';
  return kExitDone;
}

}  // namespace

void AddManualCommands(CLI::App& app, Command& chosen) {
  CLI::App* man = app.add_subcommand("man", "Print the man page")->group("");
  man->callback([&chosen] {
    chosen = [](CommandContext& context) {
      context.console.out << ManPage(DescribeProgram(), POOLKEEPER_VERSION);
      return int{kExitDone};
    };
  });
  const auto shell = std::make_shared<std::string>();
  CLI::App* completion =
      app.add_subcommand("completion", "Print the completion of a shell")->group("");
  completion->add_option("SHELL", *shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  completion->callback([shell, &chosen] {
    chosen = [shell](CommandContext& context) {
      const CliVerb program = DescribeProgram();
      context.console.out << (*shell == "zsh" ? ZshCompletion(program) : BashCompletion(program));
      return int{kExitDone};
    };
  });
  const auto what = std::make_shared<std::string>();
  CLI::App* names = app.add_subcommand("names", "Print names for a completion")->group("");
  names->add_option("WHAT", *what, "pools or accounts")
      ->required()
      ->check(CLI::IsMember({"pools", "accounts"}));
  names->callback([what, &chosen] {
    chosen = [what](CommandContext& context) { return RunNames(context, *what); };
  });
}

}  // namespace reconciler::daemon
