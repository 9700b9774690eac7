// Request targets: how they are built, continued and shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace reconciler::batch {

/// "/pools/p1", or "/pools/p1/resize" with an action. Ids are percent-encoded.
std::string PoolPath(std::string_view pool_id, std::string_view action = {});

/// "/pools/p1/nodes/n1", or "/pools/p1/nodes/n1/users" with an action. Ids are percent-encoded.
std::string NodePath(std::string_view pool_id, std::string_view node_id,
                     std::string_view action = {});

/// Appends a query parameter; the value is percent-encoded, the name must need none.
std::string WithParameter(std::string target, std::string_view name, std::string_view value);

/// The decoded $skiptoken of a next link, which is data from the network: its host, its path and
/// its other parameters are not looked at. nullopt: there is none.
std::optional<std::string> SkipToken(std::string_view next_link);

/// The target for messages: values of parameters that are not known to be harmless are REDACTED.
std::string RedactTarget(std::string_view target);

}  // namespace reconciler::batch
