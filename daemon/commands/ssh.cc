// poolkeeper ssh POOL [NODE] [-- COMMAND...]
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <ostream>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/pool_finder.h"
#include "daemon/posix.h"
#include "daemon/session.h"
#include "daemon/user_name.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

struct SshOptions {
  std::vector<std::string> words;  // POOL, NODE, and behind them the command
  bool any = false;
  std::string user;
  std::string identity;
  std::vector<std::string> ssh_options;
  bool print = false;
};

/// What the words behind the verb mean.
struct Wanted {
  std::string pool;
  std::string node;                  // or its beginning; empty: none given
  std::vector<std::string> command;  // empty: a shell
};

/// Everything behind "--" is the command; before it stand one or two words.
Wanted WantedOf(const SshOptions& options, const std::vector<std::string>& command) {
  Wanted wanted;
  wanted.pool = options.words.at(0);
  if (options.words.size() > 1) wanted.node = options.words[1];
  wanted.command = command;
  return wanted;
}

/// Nodes on which somebody is likely to get in come first.
int Rank(const cycle::NodeRow& row) {
  if (!row.login) return 3;
  if (row.node.state == "idle") return 0;
  return row.node.state == "running" ? 1 : 2;
}

/// One row, or why there is none.
struct Choice {
  const cycle::NodeRow* row = nullptr;
  std::string problem;
  std::string hint;
};

std::string ListOf(const std::vector<std::string>& ids) {
  constexpr std::size_t kShown = 5;
  const std::vector<std::string> shown(
      ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), kShown)));
  return fmt::format("{}{}", fmt::join(shown, ", "), ids.size() > kShown ? ", ..." : "");
}

Choice ChooseNode(const cycle::PoolNodes& pool, const std::string& beginning, bool any) {
  Choice choice;
  if (pool.rows.empty()) {
    choice.problem = fmt::format("pool '{}' has no nodes", pool.pool);
    return choice;
  }
  std::vector<batch::NodeSummary> nodes;
  for (const cycle::NodeRow& row : pool.rows) nodes.push_back(row.node);
  std::vector<std::string> like = cycle::NodesLike(nodes, beginning);  // all for ""
  const auto row_of = [&](const std::string& id) {
    return &*std::find_if(pool.rows.begin(), pool.rows.end(),
                          [&](const cycle::NodeRow& row) { return row.node.id == id; });
  };
  if (any) {
    choice.row = &*std::min_element(
        pool.rows.begin(), pool.rows.end(),
        [](const cycle::NodeRow& a, const cycle::NodeRow& b) { return Rank(a) < Rank(b); });
  } else if (like.size() == 1) {
    choice.row = row_of(like.front());
  } else if (like.empty()) {
    choice.problem = fmt::format("pool '{}' has no node '{}'", pool.pool, beginning);
    choice.hint = fmt::format("`poolkeeper nodes {}` lists them", pool.pool);
  } else if (beginning.empty()) {
    choice.problem = fmt::format("pool '{}' has {} nodes, name one or give --any: {}", pool.pool,
                                 like.size(), ListOf(like));
  } else {
    choice.problem = fmt::format("{} nodes of pool '{}' begin with '{}': {}", like.size(),
                                 pool.pool, beginning, ListOf(like));
  }
  return choice;
}

/// Nodes take over the addresses of others: their host keys are known by pool and node.
std::vector<std::string> SshLine(const SshOptions& options, const Wanted& wanted,
                                 const cycle::PoolNodes& pool, const cycle::NodeRow& row) {
  std::vector<std::string> line{"ssh",
                                "-p",
                                std::to_string(row.login->port),
                                "-o",
                                fmt::format("HostKeyAlias={}.{}", row.node.id, pool.pool),
                                "-o",
                                "StrictHostKeyChecking=accept-new"};
  if (!options.identity.empty()) line.insert(line.end(), {"-i", options.identity});
  if (!options.user.empty()) line.insert(line.end(), {"-l", options.user});
  for (const std::string& option : options.ssh_options) {
    line.insert(line.begin() + 1, {"-o", option});  // the first that ssh reads counts
  }
  line.insert(line.end(), {"--", row.login->address});
  line.insert(line.end(), wanted.command.begin(), wanted.command.end());
  return line;
}

std::string Quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789-_./=:@%+,") == std::string::npos;
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// Takes the place of this process; returns only if that fails.
int Become(const Console& console, const std::vector<std::string>& line) {
  std::vector<char*> arguments;
  for (const std::string& word : line) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);  // ours are blocked for the thread of the signals
  ::execvp(arguments[0], arguments.data());
  PrintError(console, "cannot run ssh: " + ErrnoText(errno));
  if (errno == ENOENT) PrintHint(console, "install it: apt install openssh-client");
  return kExitError;
}

/// An address is data from the network and becomes an argument of a program.
bool IsAddress(std::string_view text) {
  return !text.empty() && text.front() != '-' &&
         text.find_first_not_of(
             "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
             ".:-") == std::string_view::npos;
}

int RunSsh(CommandContext& context, const SshOptions& options, const Wanted& wanted) {
  int code = kExitDone;
  const Console& console = context.console;
  const auto session = OpenSession(context, code);
  if (!session) return code;
  ExitFacts facts;
  const auto found = FindLivePool(context, *session, wanted.pool, facts);
  if (!found) return CodeUnlessStopped(context, ExitCodeOf(facts));
  Doors doors = session->world->DoorsOf(*found->account);
  auto look =
      cycle::LookAtNodes(found->account->account, doors, {found->pool}, context.signals.stop());
  const std::string& account = found->account->account.config.name;
  const Error* failure = !look ? &look.error() : nullptr;
  if (look && !look->pools.empty() && look->pools.front().failure) {
    failure = &*look->pools.front().failure;
  }
  if (failure != nullptr) {
    PrintError(console, DescribeFailure(account, failure->message));
    return CodeUnlessStopped(context, ExitCodeOf(FactsOfError(*failure)));
  }
  const cycle::PoolNodes pool =
      look->pools.empty() ? cycle::PoolNodes{found->pool, {}, {}} : look->pools.front();
  const Choice choice = ChooseNode(pool, wanted.node, options.any);
  if (choice.row == nullptr) {
    PrintError(console, choice.problem);
    if (!choice.hint.empty()) PrintHint(console, choice.hint);
    return pool.rows.empty() ? kExitBlocked : kExitUsage;
  }
  if (!choice.row->login || !IsAddress(choice.row->login->address)) {
    const std::string why = choice.row->login ? "the service names no address but '" +
                                                    Harmless(choice.row->login->address) + "'"
                                              : choice.row->no_login;
    PrintError(console, fmt::format("node '{}' of pool '{}' has no remote login: {}",
                                    choice.row->node.id, pool.pool, Harmless(why)));
    PrintHint(console,
              "a pool needs an inbound NAT pool to port 22 in "
              "networkConfiguration.endpointConfiguration");
    return kExitBlocked;
  }
  const std::vector<std::string> line = SshLine(options, wanted, pool, *choice.row);
  if (!options.print) return Become(console, line);
  std::vector<std::string> quoted;
  for (const std::string& word : line) quoted.push_back(Quoted(word));
  console.out << fmt::format("{}\n", fmt::join(quoted, " "));
  return kExitDone;
}

}  // namespace

void AddSshCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<SshOptions>();
  Verb verb = app.AddVerb("ssh", "Log in to a node with the ssh of this host");
  verb.AddOption("POOL", options->words, "Id of a live pool, then a node's id or its beginning")
      .Value("")
      .AtLeastOne()
      .Required();
  verb.AddFlag("--any", options->any, "Any node, an idle one before others");
  verb.AddOption("-l,--login", options->user, "Name of the user; as ssh chooses it otherwise")
      .Value("USER")
      .Check(CheckUserName);
  verb.AddOption("-i,--identity", options->identity, "File with the private key").Value("FILE");
  verb.AddOption("-o,--ssh-option", options->ssh_options,
                 "Handed to ssh as its -o; may come several times")
      .Value("OPTION")
      .Repeats();
  verb.AddFlag("--print", options->print, "Print the command line instead of running it");
  verb.Footer(
      "Host keys are kept under the names of node and pool, and taken when they are new: other\n"
      "nodes answer at the same address later.\n"
      "Exit codes: those of ssh; 5 the node has no remote login.\n"
      "Example:\n  poolkeeper ssh render-linux --any -l ada -- uptime");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) {
      const std::vector<std::string>& command = context.options.behind_dashes;
      if (options->words.size() > 2) {
        PrintError(context.console, fmt::format("unexpected argument '{}'", options->words[2]));
        PrintHint(context.console, "put -- before the command: `poolkeeper ssh POOL -- COMMAND`");
        return int{kExitUsage};
      }
      if (options->any && options->words.size() > 1) {
        PrintError(context.console,
                   fmt::format("'{}' names a node, and --any takes any: give one of them",
                               options->words[1]));
        PrintHint(context.console, "see `poolkeeper ssh --help`");
        return int{kExitUsage};
      }
      return RunSsh(context, *options, WantedOf(*options, command));
    };
  });
}

}  // namespace reconciler::daemon
