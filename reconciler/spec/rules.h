// Rules between members that the property table cannot say.
#pragma once

#include <string>

#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

struct RuleOptions {
  bool shared_key = true;   // the pool's account does not sign in with Entra ID
  std::string api_version;  // of the account; empty: not known
};

/// Reports combinations with which every create call fails, as far as the body alone tells, and
/// warns of what has no effect beside what else is written.
/// `document`: a whole document of kind Pool, after merging. Members of a wrong type are skipped.
void CheckRules(const Node& document, const RuleOptions& options, FindingSink& sink);

/// Reports items of `spec.metadata` under the reserved prefix; for PoolDefaults too.
void CheckReservedMetadata(const Node& document, FindingSink& sink);

}  // namespace reconciler::spec
