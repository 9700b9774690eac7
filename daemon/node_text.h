// The nodes of pools as a table, as CSV and as JSON.
#pragma once

#include <string>
#include <vector>

#include "daemon/terminal.h"
#include "reconciler/core/time_text.h"
#include "reconciler/core/value.h"
#include "reconciler/cycle/node_look.h"

namespace reconciler::daemon {

struct NodesOfPool {
  std::string account;
  cycle::PoolNodes nodes;
};

/// A line a node, and under it what is wrong with it; a closing line that counts states.
std::string RenderNodes(const std::vector<NodesOfPool>& pools, Instant now, const Screen& screen);

/// RFC 4180 with a title line, but lines end with a line feed alone.
std::string NodesToCsv(const std::vector<NodesOfPool>& pools);

/// Held by schemas/nodes.output.schema.json. `failures`: accounts that did not answer.
Value NodesToJson(const std::vector<NodesOfPool>& pools, Array failures);

}  // namespace reconciler::daemon
