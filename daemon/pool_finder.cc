#include "daemon/pool_finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "reconciler/core/text.h"

namespace reconciler::daemon {
void ForAllAccounts(Session& session, const AccountLook& look) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < session.accounts.size(); ++i) {
    threads.emplace_back([&, i] {
      AccountWorld& account = *session.accounts[i];
      Doors doors = session.world->DoorsOf(account);
      look(i, account.account, doors);
    });
  }
}

std::vector<AccountNodes> LookAtNodesOfAll(Session& session, const std::vector<std::string>& pools,
                                           const std::stop_token& stop) {
  std::vector<AccountNodes> looks;
  for (const auto& account : session.accounts) {
    looks.push_back({account->account.config.name, Error{}});
  }
  ForAllAccounts(session, [&](std::size_t i, const cycle::Account& account, Doors& doors) {
    looks[i].look = cycle::LookAtNodes(account, doors, pools, stop);
  });
  return looks;
}

std::string UnknownPool(const Session& session, const std::string& pool,
                        const std::vector<std::string>& ids) {
  const std::vector<std::string_view> names(ids.begin(), ids.end());
  const std::string near = NearestName(pool, names);
  const std::string where = session.accounts.size() == 1
                                ? "account " + session.accounts.front()->account.config.name
                                : fmt::format("any of {} accounts", session.accounts.size());
  return fmt::format("no live pool '{}' in {}{}", pool, where,
                     near.empty() ? "" : " (did you mean '" + near + "'?)");
}

std::optional<FoundPool> FindLivePool(CommandContext& context, Session& session,
                                      const std::string& pool, ExitFacts& facts) {
  using Ids = std::vector<std::string>;
  std::vector<Result<Ids>> lists(session.accounts.size(), Error{});
  ForAllAccounts(session, [&](std::size_t i, const cycle::Account& account, Doors& doors) {
    lists[i] = cycle::ListPoolIds(account, doors, context.signals.stop());
  });
  std::vector<FoundPool> found;
  Ids all;
  bool failed = false;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const std::string& name = session.accounts[i]->account.config.name;
    if (!lists[i]) {
      failed = true;
      facts |= FactsOfError(lists[i].error());
      if (lists[i].error().kind == ErrorKind::kCancelled) continue;
      PrintError(context.console, DescribeFailure(name, lists[i].error().message));
      continue;
    }
    for (const std::string& id : *lists[i]) {
      if (EqualFolded(id, pool)) found.push_back({session.accounts[i].get(), id});
      all.push_back(id);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty() && failed) return std::nullopt;
  facts.usage = true;
  if (found.empty()) {
    PrintError(context.console, UnknownPool(session, pool, all));
    return std::nullopt;
  }
  PrintError(context.console,
             fmt::format("{} accounts have a pool '{}'", found.size(), found.front().pool));
  PrintHint(context.console, "name one with --account NAME");
  return std::nullopt;
}

}  // namespace reconciler::daemon
