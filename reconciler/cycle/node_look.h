// A fresh look at the nodes of an account's pools, apart from any cycle.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "reconciler/batch/client.h"
#include "reconciler/cycle/account.h"

namespace reconciler::cycle {

struct NodeRow {
  batch::NodeSummary node;
  std::optional<batch::RemoteLogin> login;
  /// Why there is no `login`: what the service said, or that the node is gone meanwhile.
  std::string no_login;
  bool gone = false;
};

struct PoolNodes {
  std::string pool;  // as the service spells it
  std::vector<NodeRow> rows;
  std::optional<Error> failure;  // its nodes, or all of their logins, could not be read
};

struct NodeLook {
  std::vector<PoolNodes> pools;       // sorted by id
  std::vector<std::string> pool_ids;  // of the whole account
};

/// A client for calls apart from cycles. References outlive it.
batch::Client ClientOf(const Account& account, Doors& doors);

/// The ids of all live pools, as the service spells them.
Result<std::vector<std::string>> ListPoolIds(const Account& account, Doors& doors,
                                             std::stop_token stop);

/// The node with this id; else those whose ids begin so, since ids are long.
std::vector<std::string> NodesLike(const std::vector<batch::NodeSummary>& nodes,
                                   std::string_view beginning);

/// The nodes of the named pools (ids without case; empty: all) and where people log in to them. A
/// name that no live pool has is left out. Blocks in the transport. Errors: the pools could not be
/// listed.
Result<NodeLook> LookAtNodes(const Account& account, Doors& doors,
                             const std::vector<std::string>& pools, std::stop_token stop);

}  // namespace reconciler::cycle
