// Templates of `az batch pool create --template`. Source: the documentation and the samples of the
// extension azure-batch-cli-extensions.
#include "reconciler/plan/arm_resolve.h"
#include "reconciler/plan/foreign_tools.h"

namespace reconciler::plan {
namespace {

/// The members of the pool stand below `properties`, or by themselves.
Value MembersOf(const Value& pool) {
  const Value* properties = pool.Find("properties");
  if (properties != nullptr && properties->IsObject()) return *properties;
  Value members = pool;
  members.Erase("type");
  members.Erase("apiVersion");
  return members;
}

}  // namespace

FoundPools ReadCliTemplatePools(const Value& document) {
  const Value* pool = document.Find("pool");
  if (pool == nullptr || !pool->IsObject()) return std::nullopt;
  ArmScope scope = ScopeOf(document);
  scope.within_texts = true;
  std::vector<ForeignPool> pools(1);
  ForeignPool& made = pools.front();
  ArmNotes notes;
  made.body = Resolve(MembersOf(*pool), scope, "", notes);
  TakeNotes(notes, made);
  if (made.body.Erase("packageReferences")) {
    made.left_out.push_back(
        {"packageReferences", "az makes a start task of them; write startTask for the same"});
  }
  return pools;
}

}  // namespace reconciler::plan
