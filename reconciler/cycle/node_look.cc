#include "reconciler/cycle/node_look.h"

#include <algorithm>
#include <utility>

#include "reconciler/core/text.h"

namespace reconciler::cycle {
namespace {

bool IsNamed(const std::vector<std::string>& names, std::string_view pool) {
  return names.empty() || std::any_of(names.begin(), names.end(), [&](const std::string& name) {
           return EqualFolded(name, pool);
         });
}

/// The service's words without what was asked, which the row shows.
std::string Words(const Error& error, const std::string& pool) {
  const std::string asked = "of pool '" + pool + "': ";
  const std::size_t at = error.message.find(asked);
  return at == std::string::npos ? error.message : error.message.substr(at + asked.size());
}

void TakeLogin(NodeRow& row, const std::string& pool,
               Result<std::optional<batch::RemoteLogin>> login) {
  if (!login) {
    row.no_login = Words(login.error(), pool);
  } else if (*login) {
    row.login = std::move(**login);
  } else {
    row.gone = true;
    row.no_login = "the node has left the pool";
  }
}

void LookAtLogins(batch::Client& client, NodeLook& look, const std::stop_token& stop) {
  std::vector<batch::Client::NodeName> names;
  std::vector<NodeRow*> rows;
  for (PoolNodes& pool : look.pools) {
    for (NodeRow& row : pool.rows) {
      names.push_back({pool.pool, row.node.id});
      rows.push_back(&row);
    }
  }
  auto logins = client.GetRemoteLogins(names, stop);
  for (std::size_t i = 0; i < rows.size(); ++i)
    TakeLogin(*rows[i], names[i].pool_id, std::move(logins[i]));
}

}  // namespace

batch::Client ClientOf(const Account& account, Doors& doors) {
  const AccountConfig& config = account.config;
  return batch::Client(
      {config.name, config.endpoint, config.api_version, config.requests_in_flight},
      *account.credential, doors.transport, doors.clock, doors.random);
}

Result<std::vector<std::string>> ListPoolIds(const Account& account, Doors& doors,
                                             std::stop_token stop) {
  std::vector<std::string> ids;
  const auto visit = [&](const LivePool& pool) -> Status {
    ids.push_back(pool.id);
    return Ok{};
  };
  batch::Client client = ClientOf(account, doors);
  if (auto listed = client.ListPools(visit, "", std::move(stop)); !listed) {
    return std::move(listed).error();
  }
  return ids;
}

std::vector<std::string> NodesLike(const std::vector<batch::NodeSummary>& nodes,
                                   std::string_view beginning) {
  std::vector<std::string> like;
  for (const batch::NodeSummary& node : nodes) {
    if (node.id == beginning) return {node.id};
    if (node.id.starts_with(beginning)) like.push_back(node.id);
  }
  return like;
}

Result<NodeLook> LookAtNodes(const Account& account, Doors& doors,
                             const std::vector<std::string>& pools, std::stop_token stop) {
  auto ids = ListPoolIds(account, doors, stop);
  if (!ids) return std::move(ids).error();
  NodeLook look{{}, std::move(*ids)};
  std::vector<std::string> chosen;
  for (const std::string& id : look.pool_ids) {
    if (IsNamed(pools, id)) chosen.push_back(id);
  }
  batch::Client client = ClientOf(account, doors);
  std::sort(chosen.begin(), chosen.end());
  auto lists = client.ListNodesOf(chosen, stop);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    PoolNodes nodes{chosen[i], {}, {}};
    if (!lists[i]) {
      nodes.failure = lists[i].error();
    } else {
      std::sort(lists[i]->begin(), lists[i]->end(),
                [](const auto& a, const auto& b) { return a.id < b.id; });
      for (batch::NodeSummary& node : *lists[i]) nodes.rows.push_back({std::move(node), {}, {}});
    }
    look.pools.push_back(std::move(nodes));
  }
  LookAtLogins(client, look, stop);
  return look;
}

}  // namespace reconciler::cycle
