// Pools of the management plane: resources, lists of them, and templates.
#include <string>

#include "reconciler/core/json.h"
#include "reconciler/core/text.h"
#include "reconciler/plan/arm_resolve.h"
#include "reconciler/plan/foreign_tools.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kPoolType = "Microsoft.Batch/batchAccounts/pools";

/// "/subscriptions/ID/.../batchAccounts/NAME" of the id of a pool below it; empty of others.
std::string AccountOf(std::string_view resource_id) {
  const std::string folded = FoldCase(resource_id);
  const std::size_t pools = folded.rfind("/pools/");
  const bool told = folded.starts_with("/subscriptions/") && pools != std::string::npos &&
                    folded.find("/batchaccounts/") < pools;
  return told ? std::string(resource_id.substr(0, pools)) : "";
}

/// What a template says about how often there is the pool.
void NoteCount(const Value& resource, std::vector<ImportNote>& left_out) {
  if (const Value* condition = resource.Find("condition"); condition && *condition != Value(true)) {
    const std::string text = condition->IsString() ? condition->AsString() : WriteJson(*condition);
    left_out.push_back({"condition", "the template has the pool only under it: " + text});
  }
  if (resource.Find("copy") != nullptr) {
    left_out.push_back({"copy", "the template makes several such pools; write a spec of each"});
  }
}

/// Below `properties`; as the documentation shows some bodies, below `parameters.properties`; or
/// beside the name, as SDKs flatten them.
Value PropertiesOf(const Value& resource) {
  for (const char* path : {"properties", "parameters.properties"}) {
    const Value* found = resource.FindPath(path);
    if (found != nullptr && found->IsObject()) return *found;
  }
  Value flat = resource;
  for (const char* of_the_resource : {"id", "name", "type", "apiVersion", "condition", "copy",
                                      "identity", "location", "resourceGroup", "tags"}) {
    flat.Erase(of_the_resource);
  }
  return flat;
}

/// Expressions are of templates; what the service tells has texts alone.
void AddPool(const Value& resource, const ArmScope& scope, std::vector<ForeignPool>& pools) {
  ForeignPool pool;
  pool.account_id = AccountOf(resource.StringOr("id"));
  const bool is_told = !pool.account_id.empty();
  ArmNotes notes;
  const Value resolved = is_told ? resource : Resolve(resource, scope, "", notes);
  TakeNotes(notes, pool);
  pool.body = BodyOfArmPool(PropertiesOf(resolved), pool.left_out);
  const std::string name(resolved.StringOr("name", is_told ? resolved.StringOr("id") : ""));
  pool.body.Set("id", name.substr(name.rfind('/') + 1));
  for (const char* other : {"identity", "tags"}) {
    const Value* there = resolved.Find(other);
    if (there == nullptr || there->IsNull()) continue;
    pool.left_out.push_back({other, "is of the management plane"});
  }
  if (!is_told) NoteCount(resource, pool.left_out);
  pools.push_back(std::move(pool));
}

/// Within an account the type is short.
bool IsPool(const Value& resource) {
  const std::string_view type = resource.StringOr("type");
  return EqualFolded(type, kPoolType) || EqualFolded(type, "pools");
}

/// As a PUT takes it: its type stands in the URL alone.
bool IsBarePool(const Value& resource) {
  if (resource.Find("type") != nullptr) return false;
  return resource.FindPath("properties.deploymentConfiguration") != nullptr ||
         (resource.FindPath("properties.vmSize") != nullptr &&
          resource.FindPath("properties.scaleSettings") != nullptr);
}

void AddResource(const Value& resource, const ArmScope& scope, std::vector<ForeignPool>& pools);

/// Resources stand in a list, or by their symbolic names.
void AddResources(const Value* resources, const ArmScope& scope, std::vector<ForeignPool>& pools) {
  if (resources == nullptr) return;
  if (resources->IsArray()) {
    for (const Value& resource : resources->AsArray()) AddResource(resource, scope, pools);
  } else if (resources->IsObject()) {
    for (const Member& resource : resources->AsObject()) AddResource(resource.value, scope, pools);
  }
}

void AddResource(const Value& resource, const ArmScope& scope, std::vector<ForeignPool>& pools) {
  const std::string_view type = resource.StringOr("type");
  if (IsPool(resource)) {
    // One that is only looked up is somebody else's.
    if (!resource.BoolOr("existing", false)) AddPool(resource, scope, pools);
    return;
  }
  if (EqualFolded(type, "Microsoft.Batch/batchAccounts")) {
    return AddResources(resource.Find("resources"), scope, pools);
  }
  if (const Value* nested = resource.FindPath("properties.template")) {
    AddResources(nested->Find("resources"), ScopeOfNested(*nested, resource, scope), pools);
  }
}

}  // namespace

FoundPools ReadArmPools(const Value& document) {
  std::vector<ForeignPool> pools;
  const std::string schema = FoldCase(document.StringOr("$schema"));
  if (schema.find("deploymenttemplate") != std::string::npos) {
    AddResources(document.Find("resources"), ScopeOf(document), pools);
    return pools;
  }
  const Value* listed = document.Find("value");           // of a REST answer
  if (listed == nullptr) listed = document.Find("data");  // of a query of resources
  if (listed == nullptr) listed = &document;
  const Array resources = listed->IsArray() ? listed->AsArray() : Array{*listed};
  for (const Value& resource : resources) {
    if (IsPool(resource) || IsBarePool(resource)) AddPool(resource, {}, pools);
  }
  return pools.empty() ? std::nullopt : std::optional(std::move(pools));
}

}  // namespace reconciler::plan
