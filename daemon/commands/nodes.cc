// poolkeeper nodes [POOL...]
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/node_text.h"
#include "daemon/pool_finder.h"
#include "daemon/session.h"
#include "reconciler/core/json.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

struct NodesOptions {
  std::vector<std::string> pools;
  std::string format = "text";
};

/// What could be read, and what not.
struct Answers {
  std::vector<NodesOfPool> pools;
  Array failures;
  std::vector<std::string> messages;
  std::vector<std::string> pool_ids;  // of all accounts that answered
  bool all_answered = true;
  ExitFacts facts;

  void Fail(const std::string& account, const Error& error) {
    facts |= FactsOfError(error);
    failures.push_back(FailureToJson(account, error));
    if (error.kind != ErrorKind::kCancelled) {
      messages.push_back(DescribeFailure(account, error.message));
    }
  }
};

Answers Sort(std::vector<AccountNodes> looks) {
  Answers answers;
  for (AccountNodes& account : looks) {
    if (!account.look) {
      answers.all_answered = false;
      answers.Fail(account.account, account.look.error());
      continue;
    }
    cycle::NodeLook& look = *account.look;
    answers.pool_ids.insert(answers.pool_ids.end(), look.pool_ids.begin(), look.pool_ids.end());
    for (cycle::PoolNodes& pool : look.pools) {
      if (pool.failure) answers.Fail(account.account, *pool.failure);
      answers.pools.push_back({account.account, std::move(pool)});
    }
  }
  return answers;
}

/// Each name must be that of a live pool; the first unknown one is named.
bool KnowsLivePools(CommandContext& context, const Session& session, const Answers& answers,
                    const std::vector<std::string>& pools) {
  for (const std::string& pool : pools) {
    const bool known = std::any_of(answers.pool_ids.begin(), answers.pool_ids.end(),
                                   [&](const std::string& id) { return EqualFolded(id, pool); });
    if (known) continue;
    PrintError(context.console, UnknownPool(session, pool, answers.pool_ids));
    return false;
  }
  return true;
}

int RunNodes(CommandContext& context, const NodesOptions& options) {
  int code = kExitDone;
  const auto session = OpenSession(context, code);
  if (!session) return code;
  Answers answers = Sort(LookAtNodesOfAll(*session, options.pools, context.signals.stop()));
  if (answers.all_answered && !KnowsLivePools(context, *session, answers, options.pools)) {
    return kExitUsage;
  }
  std::ostream& out = context.console.out;
  if (options.format == "json") {
    out << WritePrettyJson(NodesToJson(answers.pools, std::move(answers.failures)));
  } else if (options.format == "csv") {
    out << NodesToCsv(answers.pools);
  } else if (answers.all_answered || !answers.pools.empty()) {
    out << RenderNodes(answers.pools, context.clock.Wall(), context.console.out_screen);
  }
  for (const std::string& message : answers.messages) PrintError(context.console, message);
  return CodeUnlessStopped(context, ExitCodeOf(answers.facts));
}

}  // namespace

void AddNodesCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<NodesOptions>();
  Verb verb =
      app.AddVerb("nodes", "List the nodes of live pools: state, where to log in, age, start task");
  AddPoolNames(verb, options->pools);
  AddFormat(verb, options->format, {"text", "json", "csv"});
  verb.Footer(
      "IP and PORT are those of remote login; a node without an endpoint for it has none.\n"
      "On a terminal ids are cut to what tells them apart; `ssh` and `user` take such beginnings.\n"
      "Exit codes: 0 all could be read; 3, 4, 1 an account could not.\n"
      "Example:\n  poolkeeper nodes render-linux");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunNodes(context, *options); };
  });
}

}  // namespace reconciler::daemon
