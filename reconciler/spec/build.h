// From a merged document to what the other rooms take.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "reconciler/core/pool.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

/// `document`: a valid document of kind Pool, after merging. Id and account are the caller's.
PoolSpec BuildPoolSpec(const Node& document);

/// Where each member stands, by its path. `metadata_by_name`: items of `metadata` under their
/// names.
std::map<std::string, Position, std::less<>> CollectPositions(const Node& node,
                                                              bool metadata_by_name);

Policy ReadPolicy(const Value& policy);
Value WritePolicy(const Policy& policy);
/// Digest over body and policy.
std::string SpecDigest(const Value& body, const Policy& policy);

}  // namespace reconciler::spec
