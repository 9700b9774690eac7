// Pools as other tools describe them, in the service's own shape.
#pragma once

#include <string>
#include <vector>

#include "reconciler/core/result.h"
#include "reconciler/core/value.h"
#include "reconciler/plan/import_pool.h"

namespace reconciler::plan {

struct ForeignPool {
  Value body;  // as "get pool" would answer it, with its id
  /// What the service's shape has no place for.
  std::vector<ImportNote> left_out{};
  /// What is to be said beside members of the spec.
  std::vector<ImportNote> comments{};
  std::vector<ImportNote> remarks{};  // as in ImportedPool
  std::string account_id{};  // "/subscriptions/.../batchAccounts/NAME"; empty: nothing tells it
};

/// One of: a pool or a list of pools as `az batch pool show` and `list` print them, or as REST
/// answers have them; an ARM template, or a resource of one, with pools in it (Bicep compiles to
/// that), or the body of a PUT; a template of `az batch pool create`; an example of the service's
/// API, with request and responses; a Terraform state, or what `terraform show -json` prints, with
/// azurerm_batch_pool in it.
/// The shape is that of api-version 2025-06-01.
/// Errors (kInvalidSpec): it is none of these, or has no pool.
Result<std::vector<ForeignPool>> ReadForeignPools(const Value& document);

}  // namespace reconciler::plan
