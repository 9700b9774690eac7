// Pools of the management plane. Source: the reference of Microsoft.Batch batchAccounts/pools.
#include <algorithm>
#include <string>

#include "reconciler/core/text.h"
#include "reconciler/plan/arm_expression.h"
#include "reconciler/plan/foreign_moves.h"
#include "reconciler/plan/foreign_tools.h"
#include "reconciler/plan/import_words.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kPoolType = "Microsoft.Batch/batchAccounts/pools";

/// Copies a member from below `scaleSettings` to the top, where it is there.
void TakeScale(const Value& scale, std::string_view from, std::string_view to, Value& body) {
  if (const Value* found = scale.FindPath(from)) body.Set(to, *found);
}

void MoveScale(Value& body) {
  const Value* settings = body.Find("scaleSettings");
  if (settings == nullptr) return;
  const Value scale = *settings;
  body.Erase("scaleSettings");
  if (scale.FindPath("autoScale.formula") != nullptr) body.Set("enableAutoScale", true);
  TakeScale(scale, "autoScale.formula", "autoScaleFormula", body);
  TakeScale(scale, "autoScale.evaluationInterval", "autoScaleEvaluationInterval", body);
  TakeScale(scale, "fixedScale.targetDedicatedNodes", "targetDedicatedNodes", body);
  TakeScale(scale, "fixedScale.targetLowPriorityNodes", "targetLowPriorityNodes", body);
  TakeScale(scale, "fixedScale.resizeTimeout", "resizeTimeout", body);
}

void MoveCertificates(Value& body) {
  const Value* certificates = body.Find("certificates");
  if (certificates == nullptr || !certificates->IsArray()) return;
  Array moved;
  for (Value certificate : certificates->AsArray()) {
    // ".../certificates/sha1-0a0e4f50"
    const std::string id(certificate.StringOr("id"));
    const std::size_t name = id.rfind('/') + 1;
    const std::size_t dash = id.find('-', name);
    if (dash != std::string::npos) {
      certificate.Set("thumbprintAlgorithm", id.substr(name, dash - name));
      certificate.Set("thumbprint", id.substr(dash + 1));
    }
    certificate.Erase("id");
    moved.push_back(std::move(certificate));
  }
  body.Erase("certificates");
  body.Set("certificateReferences", std::move(moved));
}

/// The properties of a resource in the data plane's shape.
Value BodyOf(const Value& properties, std::vector<ImportNote>& left_out) {
  Value body = properties;
  if (const Value* machine = properties.FindPath("deploymentConfiguration."
                                                 "virtualMachineConfiguration")) {
    body.Set("virtualMachineConfiguration", *machine);
  }
  if (properties.FindPath("deploymentConfiguration.cloudServiceConfiguration") != nullptr) {
    left_out.push_back(
        {"deploymentConfiguration.cloudServiceConfiguration", std::string(kCloudServices)});
  }
  body.Erase("deploymentConfiguration");
  if (Value* machine = body.Find("virtualMachineConfiguration")) {
    if (Value* image = machine->Find("imageReference")) {
      Rename(*image, "id", "virtualMachineImageId");
    }
  }
  if (const Value* communication = body.Find("interNodeCommunication")) {
    const bool on = communication->IsString() && EqualFolded(communication->AsString(), "Enabled");
    body.Set("enableInterNodeCommunication", on);
    body.Erase("interNodeCommunication");
  }
  Rename(body, "applicationPackages", "applicationPackageReferences");
  if (Value* packages = body.Find("applicationPackageReferences");
      packages && packages->IsArray()) {
    for (Value& package : packages->AsArray()) Rename(package, "id", "applicationId");
  }
  if (properties.FindPath("scaleSettings.fixedScale.nodeDeallocationOption") != nullptr) {
    left_out.push_back({"scaleSettings.fixedScale.nodeDeallocationOption",
                        "write policy.resize.nodeDeallocationOption"});
  }
  MoveScale(body);
  if (body.Find("applicationLicenses") != nullptr) {
    left_out.push_back({"applicationLicenses", "only the management plane takes it"});
    body.Erase("applicationLicenses");
  }
  MoveCertificates(body);
  return body;
}

/// "/subscriptions/ID/.../batchAccounts/NAME" of the id of a pool below it; empty of others.
std::string AccountOf(std::string_view resource_id) {
  const std::string folded = FoldCase(resource_id);
  const std::size_t pools = folded.rfind("/pools/");
  const bool told = folded.starts_with("/subscriptions/") && pools != std::string::npos &&
                    folded.find("/batchaccounts/") < pools;
  return told ? std::string(resource_id.substr(0, pools)) : "";
}

void AddPool(const Value& resource, const ArmScope& scope, std::vector<ForeignPool>& pools) {
  ForeignPool pool;
  const Value resolved = Resolve(resource, scope, "", pool.left_out);
  const Value* properties = resolved.Find("properties");
  const bool told = properties != nullptr && properties->IsObject();
  pool.body = BodyOf(told ? *properties : Value(Object{}), pool.left_out);
  const std::string_view id = resolved.StringOr("id");
  const std::string name(resolved.StringOr("name", id));
  pool.body.Set("id", name.substr(name.rfind('/') + 1));
  pool.account_id = AccountOf(id);
  for (const char* other : {"identity", "tags"}) {
    if (resolved.Find(other) == nullptr) continue;
    pool.left_out.push_back({other, "is of the management plane"});
  }
  pools.push_back(std::move(pool));
}

/// The scope of a template within one, as Bicep makes of a module: what it is given is told by the
/// outer one.
ArmScope ScopeOfNested(const Value& nested, const Value& deployment, const ArmScope& outer) {
  ArmScope scope = ScopeOf(nested);
  const Value* given = deployment.FindPath("properties.parameters");
  if (given == nullptr || !given->IsObject()) return scope;
  for (const Member& parameter : given->AsObject()) {
    const Value* value = parameter.value.Find("value");
    std::vector<ImportNote> untold;
    if (value == nullptr) continue;
    Value resolved = Resolve(Object{{"value", *value}}, outer, "", untold);
    if (const Value* told = resolved.Find("value")) scope.parameters.Set(parameter.name, *told);
  }
  return scope;
}

bool IsPool(const Value& resource) { return EqualFolded(resource.StringOr("type"), kPoolType); }

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
  if (IsPool(resource)) return AddPool(resource, scope, pools);
  if (EqualFolded(type, "Microsoft.Batch/batchAccounts")) {
    const Value* below = resource.Find("resources");
    if (below == nullptr || !below->IsArray()) return;
    for (Value child : below->AsArray()) {
      if (EqualFolded(child.StringOr("type"), "pools")) child.Set("type", kPoolType);
      AddResource(child, scope, pools);
    }
  }
  if (const Value* nested = resource.FindPath("properties.template")) {
    AddResources(nested->Find("resources"), ScopeOfNested(*nested, resource, scope), pools);
  }
}

}  // namespace

std::optional<std::vector<ForeignPool>> ReadArmPools(const Value& document) {
  std::vector<ForeignPool> pools;
  if (IsPool(document)) {
    AddPool(document, {}, pools);
    return pools;
  }
  const std::string schema = FoldCase(document.StringOr("$schema"));
  if (schema.find("deploymenttemplate") == std::string::npos) return std::nullopt;
  AddResources(document.Find("resources"), ScopeOf(document), pools);
  return pools;
}

}  // namespace reconciler::plan
