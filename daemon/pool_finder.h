// Live pools by name, whatever account has them, for verbs that look at nodes.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/exit_code.h"
#include "daemon/session.h"
#include "reconciler/cycle/node_look.h"

namespace reconciler::daemon {

/// `index`: of the session's accounts.
using AccountLook =
    std::function<void(std::size_t index, const cycle::Account& account, Doors& doors)>;
/// Calls `look` for each account in a thread of its own and waits for all.
void ForAllAccounts(Session& session, const AccountLook& look);

/// What one account answered.
struct AccountNodes {
  std::string account;
  Result<cycle::NodeLook> look;
};
/// All accounts at the same time, in the order of the configuration.
std::vector<AccountNodes> LookAtNodesOfAll(Session& session, const std::vector<std::string>& pools,
                                           const std::stop_token& stop);

struct FoundPool {
  AccountWorld* account = nullptr;
  std::string pool;  // as the service spells it
};
/// The one account that has the pool. Empty after having said why; `facts` then has the reason.
std::optional<FoundPool> FindLivePool(CommandContext& context, Session& session,
                                      const std::string& pool, ExitFacts& facts);

/// "no live pool 'rendr' in account demo (did you mean 'render'?)"
std::string UnknownPool(const Session& session, const std::string& pool,
                        const std::vector<std::string>& ids);

}  // namespace reconciler::daemon
