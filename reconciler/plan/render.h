// How a plan reads, for people and for machines.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reconciler/core/value.h"
#include "reconciler/plan/plan.h"

namespace reconciler::plan {

struct RenderOptions {
  bool color = false;
  int width = 0;  // columns of the terminal; values are cut shorter where it is narrow; 0: unknown
};
/// Terraform's grammar: "+" create, "~" change, unchanged hidden, "(sensitive)", one reason and one
/// cause per line with the place in the spec, and a closing count line.
std::string RenderPlan(const AccountPlan& plan, const RenderOptions& options);
/// The plans of all accounts, {"formatVersion": "1", "accounts": [...]}; members sorted by name.
/// Pools about which nothing is to be said are left out.
Value PlanToJson(const std::vector<AccountPlan>& plans);
/// One value on one line, as JSON text; long ones are cut in the middle. Absent: "(none)".
std::string RenderValue(const std::optional<Value>& value, bool sensitive,
                        std::size_t columns_max = 60);
/// Whether a pool has its lines in the plan: it differs, is worked on, held, or released something.
bool IsShown(const PoolPlan& pool);
/// What plan and status say of a pool with a `newer_sku`.
std::string NewerImageText(const PoolPlan& pool);

/// "a, b, c and 197 more"
std::string NameSome(const std::vector<std::string>& names);

}  // namespace reconciler::plan
