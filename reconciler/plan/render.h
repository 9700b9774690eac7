// How a plan reads, for people and for machines.
#pragma once

#include <string>

#include "reconciler/core/value.h"
#include "reconciler/plan/plan.h"

namespace reconciler::plan {

struct RenderOptions {
  bool color = false;
  int width = 0;  // columns of the terminal; 0: not cut
};
/// Terraform's grammar: "+" create, "~" change, unchanged hidden, "(sensitive)", one reason and one
/// cause per line with the place in the spec, and a closing count line.
std::string RenderPlan(const AccountPlan& plan, const RenderOptions& options);
/// The plans of all accounts, {"formatVersion": "1", "accounts": [...]}.
Value PlanToJson(const std::vector<AccountPlan>& plans);
/// One value on one line, as JSON text; long ones are cut in the middle.
std::string RenderValue(const std::optional<Value>& value, bool sensitive);

}  // namespace reconciler::plan
