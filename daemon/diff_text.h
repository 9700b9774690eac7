// What differs between a spec and its pool, for people and for machines.
#pragma once

#include <string>
#include <vector>

#include "daemon/terminal.h"
#include "reconciler/core/value.h"
#include "reconciler/plan/pool_diff.h"

namespace reconciler::daemon {

struct AccountDiff {
  std::string account;
  std::vector<plan::PoolDiff> pools;  // sorted by name
};

/// One pool: a block for each property that differs, texts of several lines as a unified diff from
/// live to spec; what does not differ a line each. Ends with a line feed.
std::string RenderDiff(const std::string& account, const plan::PoolDiff& diff,
                       const Screen& screen);

/// {"accounts": [...], "errors": errors, "formatVersion": "1"}: schemas/diff.output.schema.json.
Value DiffsToJson(const std::vector<AccountDiff>& diffs, Array errors);

}  // namespace reconciler::daemon
