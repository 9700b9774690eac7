// The readers of single tools; see foreign_pool.h.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "reconciler/plan/foreign_pool.h"

namespace reconciler::plan {

/// Pools of an ARM template or resource; nothing if the document is neither.
std::optional<std::vector<ForeignPool>> ReadArmPools(const Value& document);
/// Pools of a Terraform state, or of `terraform show -json`; nothing if the document is neither.
std::optional<std::vector<ForeignPool>> ReadTerraformPools(const Value& document);

/// Renames a member, where it is there.
inline void Rename(Value& object, std::string_view from, std::string_view to) {
  const Value* found = object.Find(from);
  if (found == nullptr) return;
  Value value = *found;
  object.Erase(from);
  object.Set(to, std::move(value));
}

}  // namespace reconciler::plan
