// What can be the name of a user on a node.
#pragma once

#include <string>

namespace reconciler::daemon {

/// What is wrong with the name of a user, and what would be right; empty: nothing. Lenient: other
/// names cannot belong to a user of Linux, or break the path of the request. Whether one of the
/// rest is reserved is the service's to say. Takes a reference as CLI11 has its checks.
std::string CheckUserName(std::string& name);

}  // namespace reconciler::daemon
