// A table of where each member of another tool's pool goes, and what carries it there.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reconciler/core/value.h"
#include "reconciler/plan/import_pool.h"

namespace reconciler::plan {

struct Move;
using Moves = std::span<const Move>;

enum class How {
  kCopy,       // as it is
  kBlock,      // an object, or a list of one, whose members have moves of their own
  kBlocks,     // a list of such
  kPairs,      // {a: b} becomes [{name: a, value: b}]
  kEnabled,    // "Enabled" becomes true
  kResource,   // an id becomes {resourceId: id}
  kJson,       // a text that holds JSON
  kPortRange,  // "40000-40100" becomes frontendPortRangeStart and frontendPortRangeEnd
  kNoPlace,    // `to` says why
};

struct Move {
  const char* from;
  /// Names with dots, from the object that is being made; "" puts the members of a block beside it.
  const char* to;
  How how = How::kCopy;
  Moves below{};
};

/// `from` as the moves say. Absent, null and empty members are skipped; those that no move knows
/// are added to `left_out` under `path`.
Value Carry(const Value& from, Moves moves, const std::string& path,
            std::vector<ImportNote>& left_out);

/// {a: b} as [{name: a, value: b}]; empty of anything else.
Value PairsOf(const Value& map);

}  // namespace reconciler::plan
