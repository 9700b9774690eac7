// Canonical forms and differences of single properties, driven by the property table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/property.h"
#include "reconciler/core/value.h"

namespace reconciler::plan {

/// One deep difference below a top-level property.
struct DeepDifference {
  std::string path;              // "startTask.commandLine", "applicationPackageReferences[0].version"
  std::optional<Value> desired;  // nullopt: absent (the service's default is wanted)
  std::optional<Value> live;     // nullopt: absent in the answer
  bool sensitive = false;        // either side is or was a secretRef: print "(sensitive)"
};

/// The value in the form in which equal means equal: defaults of `api_version` filled in, enums and
/// other case-folded texts lower-cased, durations as ISO canonical text, sets sorted, keyed lists
/// sorted by key, members that the service never returns left out, absent/null/empty list/default
/// alike. Idempotent. `value` nullptr or null: the default (null Value where the table has none).
Value Canonicalize(const PropertyNode& node, const Value* value, std::string_view api_version);

/// Deep differences of one property; empty: canonically equal. An absent desired member is compared
/// with its default; where the table has none, the live member is not compared. Members that the
/// service never returns are not compared.
std::vector<DeepDifference> Compare(const PropertyNode& node, const Value* desired,
                                    const Value* live, std::string_view api_version);

/// Canonical equality without building the list of differences: the fast path of a quiet cycle.
bool CanonicallyEqual(const PropertyNode& node, const Value* desired, const Value* live,
                      std::string_view api_version);

}  // namespace reconciler::plan
