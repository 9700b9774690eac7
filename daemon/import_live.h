// The live pools that `import` writes specs of.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/exit_code.h"
#include "daemon/import_text.h"
#include "daemon/session.h"

namespace reconciler::daemon {

struct ImportFound {
  std::vector<ImportedSpec> specs;
  std::vector<std::string> ids;  // of all pools that were looked at
  std::size_t of_others = 0;     // left out: another owner or source has stamped them
  ExitFacts facts;
};

/// `pools`: the names that are asked for; empty: all that no spec names and nobody else keeps.
/// `kept`: PoolKey of each pool that a spec names. Says what it leaves out.
ImportFound FindLivePools(CommandContext& context, Session& session,
                          const std::vector<std::string>& pools, const std::set<std::string>& kept);

}  // namespace reconciler::daemon
