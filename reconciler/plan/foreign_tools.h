// The readers of single tools; see foreign_pool.h.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "reconciler/plan/arm_resolve.h"
#include "reconciler/plan/foreign_pool.h"

namespace reconciler::plan {

/// What a reader found; nothing if the document is not of its kind.
using FoundPools = std::optional<std::vector<ForeignPool>>;

/// Of an ARM template, a resource or a list of such.
FoundPools ReadArmPools(const Value& document);
/// Of a Terraform state, or of `terraform show -json`.
FoundPools ReadTerraformPools(const Value& document);
/// Of a template of `az batch pool create`.
FoundPools ReadCliTemplatePools(const Value& document);
/// Of an example of the service's API: a request and its responses.
FoundPools ReadExamplePools(const Value& document);
/// A pool or a list of pools as the Batch service tells them.
FoundPools ReadServicePools(const Value& document);

/// The properties of a resource in the data plane's shape.
Value BodyOfArmPool(const Value& properties, std::vector<ImportNote>& left_out);

/// What resolving left out, and the defaults by which the size of the pool was read.
void TakeNotes(const ArmNotes& notes, ForeignPool& pool);

/// Renames a member, where it is there.
inline void Rename(Value& object, std::string_view from, std::string_view to) {
  const Value* found = object.Find(from);
  if (found == nullptr) return;
  Value value = *found;
  object.Erase(from);
  object.Set(to, std::move(value));
}

}  // namespace reconciler::plan
