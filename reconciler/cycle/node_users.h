// Puts the account of a person on the nodes of a pool, or takes it off them.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "reconciler/cycle/account.h"

namespace reconciler::cycle {

/// What a person logs in with: a key, a password, or both.
struct NodeUser {
  std::string name;
  std::string ssh_public_key{};  // one line as in authorized_keys; empty: none
  Secret password{};
  bool admin = false;
  Instant expires{};
};

struct NodeUserOutcome {
  enum class Kind {
    kAdded,
    kUpdated,  // was there: credentials and end are the new ones
    kRemoved,
    kAbsent,   // nothing to remove
    kSkipped,  // the node takes no users in its state
    kGone,     // the node has left the pool meanwhile
    kFailed,
  };
  std::string node;
  Kind kind = Kind::kFailed;
  std::string detail;  // of kSkipped and kFailed: the service's words
  ErrorKind error = ErrorKind::kTerminal;
};
/// "added", "updated", "removed", "not there", "skipped", "gone", "failed"
std::string_view NodeUserOutcomeName(NodeUserOutcome::Kind kind);

struct NodeUserReport {
  std::vector<NodeUserOutcome> nodes;
  std::optional<Error> failure;            // the nodes could not be listed
  std::vector<std::string> wrong_nodes{};  // "no node 'x'", "3 nodes begin with 'tvmps_'"
};

using OnNodeUser = std::function<void(const NodeUserOutcome&)>;

/// Adds or updates the user on every node, or on the named ones (ids or their beginnings). Nodes
/// that appear meanwhile are included, nodes that come into a state that takes users too, as long
/// as the passes last. Each outcome is handed over when it is known. A lost answer is asked again:
/// both calls say the same twice. Blocks in the transport and, while the service throttles, in the
/// clock. Source: Batch REST, "Nodes - Create User", "Nodes - Replace User".
NodeUserReport AddNodeUser(const Account& account, Doors& doors, const std::string& pool,
                           const NodeUser& user, const std::vector<std::string>& nodes,
                           const OnNodeUser& on_outcome, std::stop_token stop);
/// Takes the user off every node, or off the named ones.
NodeUserReport RemoveNodeUser(const Account& account, Doors& doors, const std::string& pool,
                              const std::string& user, const std::vector<std::string>& nodes,
                              const OnNodeUser& on_outcome, std::stop_token stop);

}  // namespace reconciler::cycle
