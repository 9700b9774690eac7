// Folder defaults under a document.
#pragma once

#include <string_view>

#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

/// JSON Merge Patch (RFC 7386) of `patch` over `base`, the trees of two documents: mappings merge
/// member by member, lists and scalars are replaced, null takes the inherited member away. A null
/// that meets nothing stays. Beyond the RFC: `spec.metadata` merges by item name, and
/// imageReference, userIdentity and the scale group are replaced whole, so that alternatives never
/// mix. (resizeTimeout or autoScaleEvaluationInterval alone are no alternative: they merge.)
/// Values keep the positions that they have.
Node MergeDocuments(const Node& base, const Node& patch);

/// The properties of the spec that decide together how many nodes a pool has.
bool IsScaleProperty(std::string_view name);

}  // namespace reconciler::spec
