#include "reconciler/plan/write.h"

#include <algorithm>

#include "reconciler/plan/decide.h"
#include "reconciler/plan/write_record.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kDedicated = "targetDedicatedNodes";
constexpr std::string_view kLowPriority = "targetLowPriorityNodes";
constexpr std::string_view kMachine = "virtualMachineConfiguration";

const PropertyTable& TableOf(const DecideContext& context) {
  return context.table == nullptr ? PoolPropertyTable() : *context.table;
}

// "Ours, at the service's default": a create leaves such members out.
Value WithoutNulls(const Value& value) {
  if (value.IsArray()) {
    Array items;
    for (const Value& item : value.AsArray()) items.push_back(WithoutNulls(item));
    return items;
  }
  if (!value.IsObject()) return value;
  Object members;
  for (const Member& member : value.AsObject()) {
    if (!member.value.IsNull()) members.push_back({member.name, WithoutNulls(member.value)});
  }
  return members;
}

// Autoscale excludes targets and makes the timeout meaningless; without it both targets are sent.
void SetScale(const ScaleSpec& scale, Value& body) {
  if (scale.kind == ScaleKind::kAuto) {
    body.Erase(kDedicated);
    body.Erase(kLowPriority);
    body.Erase("resizeTimeout");
    return;
  }
  body.Set(kDedicated, scale.dedicated.value_or(0));
  body.Set(kLowPriority, scale.low_priority.value_or(0));
}

// The node agent, and the SKU where the spec leaves it to the list.
void SetImage(const DecideContext& context, const PoolSpec& spec, Value& body) {
  Value* machine = body.Find(kMachine);
  if (machine == nullptr) return;
  const ImageResolution image = ResolveImage(spec, context.images, context.wall);
  if (!image.node_agent.empty()) machine->Set("nodeAgentSKUId", image.node_agent);
  Value* reference = machine->Find("imageReference");
  if (!image.sku.empty() && reference != nullptr) reference->Set("sku", image.sku);
}

// What a PATCH sends to bring a property back to the service's default.
Value ResetValue(const PropertyNode* node, std::string_view api_version) {
  const Value* standard = node == nullptr ? nullptr : node->DefaultFor(api_version);
  if (standard != nullptr && !standard->IsNull()) return *standard;
  if (node != nullptr && node->type == ValueType::kList) return Array{};
  return nullptr;
}

Value PatchBody(const DecideContext& context, const PreparedSpec& prepared, const Step& step,
                const std::vector<MetadataItem>& metadata) {
  Value body{Object{}};
  for (const std::string& name : step.properties) {
    if (!MetadataName(name).empty()) continue;
    const PreparedProperty* property = FindProperty(prepared, name);
    const bool named =
        property != nullptr && property->desired != nullptr && !property->desired->IsNull();
    body.Set(name, named ? WithoutNulls(*property->desired)
                         : ResetValue(TableOf(context).FindTopLevel(name), context.api_version));
  }
  body.Set("metadata", WriteMetadata(metadata));
  return body;
}

// updateproperties clears what is left out, so that all it can carry is sent as it was read. The
// communication mode is the exception: where it was never set, the service's default is meant.
Value UpdateBody(const DecideContext& context, const LivePool& live,
                 const std::vector<MetadataItem>& metadata) {
  Value body{Object{}};
  const PropertyTable& table = TableOf(context);
  for (const std::string_view name : {"applicationPackageReferences", "certificateReferences"}) {
    const PropertyNode* node = table.FindTopLevel(name);
    if (node == nullptr || !node->ExistsIn(context.api_version)) continue;
    const Value* read = live.body.Find(name);
    body.Set(name, read == nullptr || read->IsNull() ? Value(Array{}) : *read);
  }
  constexpr std::string_view kMode = "targetNodeCommunicationMode";
  const PropertyNode* mode = table.FindTopLevel(kMode);
  const Value* read = live.body.Find(kMode);
  if (mode != nullptr && mode->ExistsIn(context.api_version) && read != nullptr) {
    body.Set(kMode, *read);
  }
  body.Set("metadata", WriteMetadata(metadata));
  return body;
}

Value ResizeBody(const PreparedSpec& prepared, const Step& step, const LivePool& live) {
  Value body{Object{}};
  body.Set(kDedicated, step.dedicated);
  body.Set(kLowPriority, step.low_priority);
  if (!prepared.scale.resize_timeout.empty()) {
    body.Set("resizeTimeout", prepared.scale.resize_timeout);
  }
  const bool shrinks =
      step.dedicated < std::max(live.current_dedicated, live.target_dedicated) ||
      step.low_priority < std::max(live.current_low_priority, live.target_low_priority);
  if (shrinks) {
    body.Set("nodeDeallocationOption", prepared.spec->policy.node_deallocation_option);
  }
  return body;
}

Value EnableBody(const PreparedSpec& prepared) {
  Value body{Object{}};
  const Value* formula = prepared.spec->body.Find("autoScaleFormula");
  body.Set("autoScaleFormula", formula == nullptr ? Value(prepared.scale.formula) : *formula);
  body.Set("autoScaleEvaluationInterval", prepared.scale.interval);
  return body;
}

}  // namespace

WriteIntent BuildCreate(const DecideContext& context, const PreparedSpec& prepared,
                        const std::string& incarnation, bool record_reduced) {
  const PoolSpec& spec = *prepared.spec;
  WriteIntent intent;
  intent.kind = StepKind::kCreate;
  intent.pool_id = spec.id;
  intent.body = Object{{"id", spec.id}};
  const Value wanted = WithoutNulls(spec.body);
  if (wanted.IsObject()) {
    for (const Member& member : wanted.AsObject()) {
      if (member.name != "id" && member.name != "metadata") {
        intent.body.Set(member.name, member.value);
      }
    }
  }
  SetScale(prepared.scale, intent.body);
  SetImage(context, spec, intent.body);
  Stamp stamp = NewStamp(context, spec, incarnation);
  stamp.revision = context.revision;
  stamp.record = RecordOfCreate(context, prepared);
  Reduce(stamp, record_reduced);
  intent.body.Set("metadata", WriteMetadata(WithStamp(ReadMetadata(wanted), {}, stamp)));
  for (const PreparedProperty& property : prepared.properties) {
    intent.properties.push_back(property.name);
  }
  return intent;
}

WriteIntent BuildAdopt(const DecideContext& context, const PreparedSpec& prepared,
                       const PoolPlan& plan, const AdoptablePool& pool,
                       const std::string& incarnation, bool record_reduced) {
  WriteIntent intent;
  intent.kind = StepKind::kAdopt;
  intent.pool_id = pool.live().id;
  intent.if_match = pool.live().etag;
  Stamp stamp = NewStamp(context, *prepared.spec, incarnation);
  stamp.record = RecordOfAdopt(prepared, plan);
  Reduce(stamp, record_reduced);
  intent.body =
      Object{{"metadata", WriteMetadata(WithStamp(ReadMetadata(pool.live().body), {}, stamp))}};
  return intent;
}

WriteIntent BuildWrite(const DecideContext& context, const PreparedSpec& prepared,
                       const PoolPlan& plan, const Step& step, const OwnedPool& pool,
                       const PoolMemory&, bool record_reduced) {
  const LivePool& live = pool.live();
  WriteIntent intent;
  intent.kind = step.kind;
  intent.pool_id = live.id;
  intent.if_match = live.etag;
  intent.properties = step.properties;
  const auto metadata = [&] {
    return MetadataOfWrite(context, prepared, plan, step, pool, record_reduced);
  };
  switch (step.kind) {
    case StepKind::kPatch:
      intent.body = PatchBody(context, prepared, step, metadata());
      break;
    case StepKind::kForget:
    case StepKind::kRecordKept:
      intent.body = Object{{"metadata", WriteMetadata(metadata())}};
      break;
    case StepKind::kRemoveStartTask:
      intent.body = UpdateBody(context, live, metadata());
      intent.if_match.clear();  // the call takes no condition
      break;
    case StepKind::kResize:
    case StepKind::kRetryAllocation:
      intent.body = ResizeBody(prepared, step, live);
      break;
    case StepKind::kEnableAutoScale:
      intent.body = EnableBody(prepared);
      break;
    case StepKind::kDisableAutoScale:
      intent.if_match.clear();  // the call takes no condition
      break;
    case StepKind::kStopResize:
    case StepKind::kCreate:
    case StepKind::kAdopt:
      break;
  }
  return intent;
}

}  // namespace reconciler::plan
