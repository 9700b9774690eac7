// The values of an ARM template with its expressions told.
#pragma once

#include <string>
#include <vector>

#include "reconciler/core/value.h"
#include "reconciler/plan/arm_scope.h"
#include "reconciler/plan/import_pool.h"

namespace reconciler::plan {

struct ArmNotes {
  std::vector<ImportNote> left_out;
  /// Of values that come from a parameter's default: a deployment may have given another.
  std::vector<ImportNote> defaults;
};

/// `value` with each expression replaced by what it comes to. What cannot be told here is left out
/// and noted; a name keeps what stands behind its last slash. Secrets are kSecretMark.
Value Resolve(const Value& value, const ArmScope& scope, const std::string& path, ArmNotes& notes);

}  // namespace reconciler::plan
