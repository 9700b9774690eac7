// poolkeeper man, completion, names: hidden, for packages and shells.
#include <functional>
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

/// Asks all accounts at the same time; what one does not answer is left out.
void AddFromService(Session& session, Names& names,
                    const std::function<void(batch::Client&, Names&)>& ask) {
  std::vector<Names> of_accounts(session.accounts.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < of_accounts.size(); ++i) {
      threads.emplace_back([&, i] {
        AccountWorld& account = *session.accounts[i];
        Doors doors = session.world->DoorsOf(account);
        batch::Client client = cycle::ClientOf(account.account, doors);
        ask(client, of_accounts[i]);
      });
    }
  }
  for (Names& found : of_accounts) names.merge(found);
}

void AddPools(batch::Client& client, const std::stop_token& stop, Names& names) {
  const auto visit = [&](LivePool pool) -> Status {
    names.insert(std::move(pool.id));
    return Ok{};
  };
  (void)client.ListPools(visit, "", stop);
}

void AddNodes(batch::Client& client, const std::string& pool, const std::stop_token& stop,
              Names& names) {
  const auto nodes = client.ListNodes(pool, stop);
  if (!nodes) return;
  for (const batch::NodeSummary& node : *nodes) names.insert(node.id);
}

bool AddAccounts(const CommandContext& context, Names& names) {
  const LoadedConfig loaded = LoadConfig(context.options.config_file, KeyReading::kSkip);
  if (!loaded.config) return false;
  for (const auto& account : loaded.config->accounts) names.insert(account.account.name);
  return true;
}

struct NamesOptions {
  std::string what;
  std::string pool;  // of nodes
};

int RunNames(CommandContext& context, const NamesOptions& options) {
  Names names;
  if (options.what == "accounts") {
    if (!AddAccounts(context, names)) return kExitInvalid;
  } else if (options.what == "nodes" || !AddFromDaemon(context, names)) {
    int code = kExitDone;
    const auto session = OpenSession(context, code);
    if (!session) return code;
    const TimeLimit limit(context.clock, kPatience, context.signals.stop());
    AddFromService(*session, names, [&](batch::Client& client, Names& found) {
      if (options.what != "nodes") return AddPools(client, limit.token(), found);
      if (!options.pool.empty()) AddNodes(client, options.pool, limit.token(), found);
    });
  }
  for (const std::string& name : names) context.console.out << name << '\n';
  return kExitDone;
}

}  // namespace

void AddManualCommands(Verb& app, Command& chosen) {
  Verb man = app.AddHiddenVerb("man", "Print the man page");
  man.OnChosen([&chosen] {
    chosen = [](CommandContext& context) {
      context.console.out << ManPage(DescribeProgram(), POOLKEEPER_VERSION);
      return int{kExitDone};
    };
  });
  const auto shell = std::make_shared<std::string>();
  Verb completion = app.AddHiddenVerb("completion", "Print the completion of a shell");
  completion.AddOption("SHELL", *shell, "bash or zsh").Required().OneOf({"bash", "zsh"});
  completion.OnChosen([shell, &chosen] {
    chosen = [shell](CommandContext& context) {
      const CliVerb program = DescribeProgram();
      context.console.out << (*shell == "zsh" ? ZshCompletion(program) : BashCompletion(program));
      return int{kExitDone};
    };
  });
  const auto options = std::make_shared<NamesOptions>();
  Verb names = app.AddHiddenVerb("names", "Print names for a completion");
  names.AddOption("WHAT", options->what, "pools, nodes or accounts")
      .Required()
      .OneOf({"pools", "nodes", "accounts"});
  names.AddOption("POOL", options->pool, "Whose nodes");
  names.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunNames(context, *options); };
  });
}

}  // namespace reconciler::daemon
