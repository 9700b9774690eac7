// Expressions of ARM templates, as far as they need nothing but the template.
#pragma once

#include <string>
#include <vector>

#include "reconciler/core/value.h"
#include "reconciler/plan/import_pool.h"

namespace reconciler::plan {

/// What a template's expressions may name.
struct ArmScope {
  Value parameters = Object{};  // default values by name
  Value variables = Object{};
  /// Expressions may stand within texts: "cmd [parameters('p')] /x", and any other bracket is text.
  bool within_texts = false;
};
ArmScope ScopeOf(const Value& arm_template);

/// `value` with each text that is an expression replaced by what it comes to: parameters('p') with
/// a default value, variables('v'), format('...', ...) and concat(...) of such. One that cannot be
/// told here is left out and noted; a name keeps what stands behind its last slash.
Value Resolve(const Value& value, const ArmScope& scope, const std::string& path,
              std::vector<ImportNote>& left_out);

}  // namespace reconciler::plan
