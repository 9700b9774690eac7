#include "reconciler/plan/foreign_pool.h"

#include <utility>

#include "reconciler/core/property.h"
#include "reconciler/core/text.h"
#include "reconciler/plan/foreign_history.h"
#include "reconciler/plan/foreign_names.h"
#include "reconciler/plan/foreign_tools.h"

namespace reconciler::plan {
namespace {

constexpr const char* kExpected =
    "expected a pool as `az batch pool show` prints it, an ARM template or resource with "
    "Microsoft.Batch/batchAccounts/pools in it, a template of `az batch pool create`, or a "
    "Terraform "
    "state with azurerm_batch_pool in it";

bool IsServicePool(const Value& value) {
  const bool is_node = value.Find("affinityId") != nullptr || value.Find("isDedicated") != nullptr;
  return value.IsObject() && value.Find("id") != nullptr && value.Find("vmSize") != nullptr &&
         !is_node;
}

}  // namespace

FoundPools ReadServicePools(const Value& document) {
  std::vector<ForeignPool> pools;
  const Value* list = document.Find("value");  // of a REST answer
  if (list == nullptr) list = &document;
  if (IsServicePool(*list)) {
    pools.push_back({*list});
    return pools;
  }
  if (!list->IsArray() || list->AsArray().empty()) return std::nullopt;
  for (const Value& item : list->AsArray()) {
    if (!IsServicePool(item)) return std::nullopt;
    pools.push_back({item});
  }
  return pools;
}

void TakeNotes(const ArmNotes& notes, ForeignPool& pool) {
  pool.left_out.insert(pool.left_out.end(), notes.left_out.begin(), notes.left_out.end());
  for (const ImportNote& note : notes.defaults) {
    const std::string folded = FoldCase(note.path);
    const auto has = [&](const char* word) { return folded.find(word) != std::string::npos; };
    if (folded == "properties" || has("scale") || has("target")) pool.remarks.push_back(note);
  }
}

Result<std::vector<ForeignPool>> ReadForeignPools(const Value& document) {
  FoundPools pools;
  for (const auto read : {ReadExamplePools, ReadArmPools, ReadTerraformPools, ReadCliTemplatePools,
                          ReadServicePools}) {
    if (!pools) pools = read(document);
  }
  if (!pools) return Error{ErrorKind::kInvalidSpec, kExpected};
  if (pools->empty()) {
    return Error{ErrorKind::kInvalidSpec, std::string("there is no pool in it; ") + kExpected};
  }
  for (ForeignPool& pool : *pools) {
    pool.body = WithTableNames(PoolPropertyTable().Spec(), pool.body);
    MoveOldMembers(pool);
    CompleteApplicationIds(pool);
  }
  return std::move(*pools);
}

}  // namespace reconciler::plan
