// poolkeeper user add|remove POOL NAME
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/login_key.h"
#include "daemon/password_prompt.h"
#include "daemon/pool_finder.h"
#include "daemon/session.h"
#include "daemon/user_name.h"
#include "reconciler/core/duration.h"
#include "reconciler/core/json.h"
#include "reconciler/cycle/node_users.h"

namespace reconciler::daemon {
namespace {

using Outcome = cycle::NodeUserOutcome;

struct UserOptions {
  std::string pool;
  std::string name;
  std::vector<std::string> nodes;
  std::string format = "text";
  // of add
  std::string key_file;
  std::string password_file;
  bool password_prompt = false;
  bool admin = false;
  std::string expires = "30d";
};

/// What the options say of the user; empty after having said what is wrong.
std::optional<cycle::NodeUser> UserOf(CommandContext& context, const UserOptions& options,
                                      int& code) {
  const auto refuse = [&](const std::string& message, int because) {
    if (because != kExitInterrupt) PrintError(context.console, message);
    code = because;
    return std::nullopt;
  };
  cycle::NodeUser user{options.name, {}, {}, options.admin, {}};
  user.expires = context.clock.Wall() + *ParseShortDuration(options.expires);
  if (options.key_file.empty() && options.password_file.empty() && !options.password_prompt) {
    return refuse("give --ssh-key FILE, --password-prompt or --password-file FILE", kExitUsage);
  }
  if (!options.key_file.empty()) {
    auto key = ReadPublicKey(options.key_file);
    if (!key) return refuse(key.error().message, kExitInvalid);
    user.ssh_public_key = std::move(*key);
  }
  if (!options.password_file.empty()) {
    auto password = ReadSecret({options.password_file, ""});
    if (!password) return refuse(password.error().message, kExitInvalid);
    user.password = std::move(*password);
  }
  if (options.password_prompt) {
    auto password = AskForPassword(context.console,
                                   fmt::format("user {} of pool {}", options.name, options.pool),
                                   context.signals.stop());
    if (!password) {
      const bool stopped = password.error().kind == ErrorKind::kCancelled;
      return refuse(password.error().message, stopped ? kExitInterrupt : kExitUsage);
    }
    user.password = std::move(*password);
  }
  return user;
}

Color ColorOf(Outcome::Kind kind) {
  if (kind == Outcome::Kind::kFailed) return Color::kRed;
  if (kind == Outcome::Kind::kSkipped || kind == Outcome::Kind::kGone) return Color::kYellow;
  return Color::kNone;
}

void PrintOutcome(const Console& console, const Outcome& outcome) {
  std::string line =
      fmt::format("{}  {}", Harmless(outcome.node), cycle::NodeUserOutcomeName(outcome.kind));
  if (!outcome.detail.empty()) line += ": " + Harmless(outcome.detail);
  console.out << Paint(console.out_screen, ColorOf(outcome.kind), line) << std::endl;
}

/// Whether any node has the user now.
bool HasUser(const cycle::NodeUserReport& report) {
  return std::any_of(report.nodes.begin(), report.nodes.end(), [](const Outcome& outcome) {
    return outcome.kind == Outcome::Kind::kAdded || outcome.kind == Outcome::Kind::kUpdated;
  });
}

/// "2 of 3 nodes: 1 added, 1 updated, 1 failed."
std::string Closing(const cycle::NodeUserReport& report) {
  std::map<std::string_view, int> kinds;
  for (const Outcome& outcome : report.nodes) ++kinds[cycle::NodeUserOutcomeName(outcome.kind)];
  std::string text =
      fmt::format("{} node{}", report.nodes.size(), report.nodes.size() == 1 ? "" : "s");
  const char* separator = ": ";
  for (const auto& [name, count] : kinds) {
    text += fmt::format("{}{} {}", separator, count, name);
    separator = ", ";
  }
  return text + ".";
}

Value ToJson(const FoundPool& found, const UserOptions& options,
             const std::optional<Instant>& expires, const cycle::NodeUserReport& report) {
  Array nodes;
  for (const Outcome& outcome : report.nodes) {
    nodes.push_back(Object{{"detail", outcome.detail.empty() ? Value() : Value(outcome.detail)},
                           {"id", outcome.node},
                           {"outcome", std::string(cycle::NodeUserOutcomeName(outcome.kind))}});
  }
  Array errors;
  const std::string& account = found.account->account.config.name;
  if (report.failure) errors.push_back(FailureToJson(account, *report.failure));
  return Object{{"account", account},
                {"errors", std::move(errors)},
                {"expires", expires ? Value(FormatTime(*expires)) : Value()},
                {"formatVersion", "1"},
                {"nodes", std::move(nodes)},
                {"pool", found.pool},
                {"user", options.name}};
}

ExitFacts FactsOf(const cycle::NodeUserReport& report) {
  ExitFacts facts;
  if (report.failure) facts |= FactsOfError(*report.failure);
  for (const Outcome& outcome : report.nodes) {
    if (outcome.kind == Outcome::Kind::kSkipped) facts.remains = true;
    if (outcome.kind == Outcome::Kind::kFailed) facts |= FactsOfError(Error{outcome.error, ""});
  }
  return facts;
}

/// Finds the pool, lets `change` do it, and tells.
int Change(CommandContext& context, const UserOptions& options,
           const std::optional<Instant>& expires,
           const std::function<cycle::NodeUserReport(const FoundPool&, Doors&,
                                                     const cycle::OnNodeUser&)>& change) {
  int code = kExitDone;
  const auto session = OpenSession(context, code);
  if (!session) return code;
  ExitFacts facts;
  const auto found = FindLivePool(context, *session, options.pool, facts);
  if (!found) return CodeUnlessStopped(context, ExitCodeOf(facts));
  Doors doors = session->world->DoorsOf(*found->account);
  const bool text = options.format != "json";
  const cycle::NodeUserReport report = change(*found, doors, [&](const Outcome& outcome) {
    if (text) PrintOutcome(context.console, outcome);
  });
  for (const std::string& problem : report.wrong_nodes) {
    PrintError(context.console, fmt::format("pool '{}': {}", found->pool, problem));
  }
  if (!report.wrong_nodes.empty()) {
    PrintHint(context.console, fmt::format("`poolkeeper nodes {}` lists them", found->pool));
    return kExitUsage;
  }
  if (!text) {
    context.console.out << WritePrettyJson(ToJson(*found, options, expires, report));
  } else if (!report.failure) {
    context.console.out << Closing(report) << '\n';
    if (expires && HasUser(report)) {
      context.console.out << fmt::format("The user expires on {}.\n", FormatTime(*expires));
    }
  }
  if (report.failure) {
    PrintError(context.console,
               DescribeFailure(found->account->account.config.name, report.failure->message));
  }
  return CodeUnlessStopped(context, ExitCodeOf(FactsOf(report)));
}

int RunAdd(CommandContext& context, const UserOptions& options) {
  int code = kExitDone;
  const auto user = UserOf(context, options, code);
  if (!user) return code;
  code = Change(context, options, user->expires,
                [&](const FoundPool& found, Doors& doors, const cycle::OnNodeUser& tell) {
                  cycle::NodeUserReport report =
                      cycle::AddNodeUser(found.account->account, doors, found.pool, *user,
                                         options.nodes, tell, context.signals.stop());
                  const bool kept =
                      user->admin && std::any_of(report.nodes.begin(), report.nodes.end(),
                                                 [](const Outcome& outcome) {
                                                   return outcome.kind == Outcome::Kind::kUpdated;
                                                 });
                  if (kept) {
                    PrintWarning(context.console,
                                 "whether a user is an administrator cannot be changed on nodes "
                                 "that had it: remove it there and add it again");
                  }
                  return report;
                });
  return code;
}

int RunRemove(CommandContext& context, const UserOptions& options) {
  return Change(context, options, std::nullopt,
                [&](const FoundPool& found, Doors& doors, const cycle::OnNodeUser& tell) {
                  return cycle::RemoveNodeUser(found.account->account, doors, found.pool,
                                               options.name, options.nodes, tell,
                                               context.signals.stop());
                });
}

void AddCommonOptions(Verb& verb, UserOptions& options) {
  verb.AddOption("POOL", options.pool, "Id of a live pool").Value("").Required();
  verb.AddOption("NAME", options.name, "Name of the user")
      .Value("")
      .Required()
      .Check(CheckUserName);
  verb.AddOption("--node", options.nodes,
                 "Only this node, by its id or the beginning of it; may come several times")
      .Value("ID")
      .Repeats();
  AddFormat(verb, options.format);
}

}  // namespace

void AddUserCommand(Verb& app, Command& chosen) {
  Verb verb = app.AddVerb("user", "Add or remove the accounts of people on nodes");
  verb.NeedsVerb();

  const auto added = std::make_shared<UserOptions>();
  Verb add =
      verb.AddVerb("add", "Put a user on every node of a pool, or renew its key, password and end");
  AddCommonOptions(add, *added);
  add.AddOption("--ssh-key", added->key_file, "File with the public key").Value("FILE");
  const Argument file = add.AddOption("--password-file", added->password_file,
                                      "File with the password, which only its owner may read")
                            .Value("FILE");
  add.AddFlag("--password-prompt", added->password_prompt, "Ask for the password").Excludes(file);
  add.AddFlag("--admin", added->admin, "The user may become root by sudo");
  add.AddOption("--expires", added->expires, "When the user ends, from now")
      .Value("TIME")
      .Check(CheckDurationText)
      .ShowDefault();
  add.Footer(
      "What is left out is removed from a user that is there: a key alone takes its password.\n"
      "Exit codes: 0 every node has it; 2 a node takes no users in its state; 4 refused.\n"
      "Example:\n  poolkeeper user add render-linux ada --ssh-key ~/.ssh/id_ed25519.pub");
  add.OnChosen([added, &chosen] {
    chosen = [added](CommandContext& context) { return RunAdd(context, *added); };
  });

  const auto removed = std::make_shared<UserOptions>();
  Verb remove = verb.AddVerb("remove", "Take a user off every node of a pool");
  AddCommonOptions(remove, *removed);
  remove.Footer(
      "Exit codes: 0 no node has it; 2 a node cannot be asked in its state; 4 refused.\n"
      "Example:\n  poolkeeper user remove render-linux ada");
  remove.OnChosen([removed, &chosen] {
    chosen = [removed](CommandContext& context) { return RunRemove(context, *removed); };
  });
}

}  // namespace reconciler::daemon
