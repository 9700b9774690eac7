// Nodes as GET and lists show them.
#pragma once

#include <string>
#include <string_view>

#include "tests/emulator/list_options.h"
#include "tests/emulator/pool.h"

namespace emulator {

std::string_view NodeStateText(NodeState state);
/// Whether nodes of a pool have addresses of both kinds, and the api-version shows it.
bool HasIpv6(const Context& context, const Pool& pool);
/// What forbids an operation on a node in a state that does not take it.
ApiError WrongNodeState(const Context& context, NodeState state);

/// Names of the members of a node that this api-version has, in order.
std::vector<std::string_view> NodeMemberNames(std::string_view api_version);

/// Appends the selected members, comma-separated, without braces.
void AppendNodeMembers(std::string& out, const Context& context, const Pool& pool, const Node& node,
                       const Selection& names);

}  // namespace emulator
