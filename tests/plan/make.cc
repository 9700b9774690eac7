#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

AllocationState StateOf(std::string_view text) {
  if (text == "steady") return AllocationState::kSteady;
  if (text == "resizing") return AllocationState::kResizing;
  return text == "stopping" ? AllocationState::kStopping : AllocationState::kUnknown;
}

int CountOf(const Value& body, std::string_view name) {
  return static_cast<int>(body.IntOr(name, 0));
}

}  // namespace

LivePool MakeLive(Value body) {
  LivePool live;
  live.id = std::string(body.StringOr("id"));
  live.etag = std::string(body.StringOr("eTag"));
  live.creation_time = std::string(body.StringOr("creationTime"));
  live.deleting = body.StringOr("state") == "deleting";
  live.allocation_state = StateOf(body.StringOr("allocationState"));
  live.allocation_transition = ParseTime(body.StringOr("allocationStateTransitionTime"));
  live.vm_size = std::string(body.StringOr("vmSize"));
  live.current_dedicated = CountOf(body, "currentDedicatedNodes");
  live.current_low_priority = CountOf(body, "currentLowPriorityNodes");
  live.target_dedicated = CountOf(body, "targetDedicatedNodes");
  live.target_low_priority = CountOf(body, "targetLowPriorityNodes");
  live.auto_scale = body.BoolOr("enableAutoScale", false);
  if (const Value* errors = body.Find("resizeErrors"); errors != nullptr) {
    for (const Value& error : errors->AsArray()) {
      live.resize_errors.push_back(
          {std::string(error.StringOr("code")), std::string(error.StringOr("message"))});
    }
  }
  live.body = std::move(body);
  return live;
}

ImageList MakeImages() {
  ImageList list;
  SupportedImage image;
  image.publisher = "canonical";
  image.offer = "0001-com-ubuntu-server-jammy";
  image.sku = "22_04-lts";
  image.version = "latest";
  image.node_agent = "batch.node.ubuntu 22.04";
  image.os_type = "linux";
  image.verified = true;
  list.images.push_back(image);
  image.sku = "20_04-lts";
  image.node_agent = "batch.node.ubuntu 20.04";
  list.images.push_back(image);
  list.fetched = At("2025-07-01T12:00:00Z");
  return list;
}

OnePool::OnePool(std::string_view body, std::string_view id) : images(MakeImages()) {
  spec.id = std::string(id);
  spec.account = "contoso";
  spec.body = Json(body);
  spec.position = Line(4);
  spec.digest = "spec-1";
  spec.positions = {{"targetDedicatedNodes", Line(14)},
                    {"startTask", Line(20)},
                    {"startTask.commandLine", Line(21)},
                    {"vmSize", Line(8)},
                    {"metadata.team", Line(30)}};
  secrets.key_id = "hq2k";
  context.account = "contoso";
  context.identity = {.owner = "contoso-batch", .source = "pools-main"};
  context.revision = "sha256:0123456789ab";
  context.table = &PoolPropertyTable();
  context.images = &images;
  context.wall = At("2025-07-01T12:00:00Z");
  context.now = std::chrono::hours(1);
  prepared = Prepare(spec, secrets, *context.table);
  Value answer = BuildCreate(context, prepared, "0123456789abcdef0123456789abcdef").body;
  answer.Set("eTag", "0x8DC1");
  answer.Set("creationTime", "2025-06-01T00:00:00Z");
  answer.Set("state", "active");
  answer.Set("allocationState", "steady");
  answer.Set("allocationStateTransitionTime", "2025-06-01T00:05:00Z");
  answer.Set("currentDedicatedNodes", answer.IntOr("targetDedicatedNodes", 0));
  answer.Set("currentLowPriorityNodes", answer.IntOr("targetLowPriorityNodes", 0));
  if (answer.BoolOr("enableAutoScale", false) &&
      answer.Find("autoScaleEvaluationInterval") == nullptr) {
    answer.Set("autoScaleEvaluationInterval", "PT15M");
  }
  live = MakeLive(std::move(answer));
}

PoolPlan OnePool::Decide() {
  prepared = Prepare(spec, secrets, *context.table);
  return DecidePool(context, prepared, &live, ownership, memory);
}

PoolPlan OnePool::DecideAbsent() {
  prepared = Prepare(spec, secrets, *context.table);
  return DecidePool(context, prepared, nullptr, Ownership::kUnclaimed, memory);
}

void OnePool::Want(std::string_view member, std::string_view json) {
  spec.body.Set(member, Json(json));
}

void OnePool::Set(std::string_view member, std::string_view json) {
  Value body = std::move(live.body);
  body.Set(member, Json(json));
  live = MakeLive(std::move(body));
}

void OnePool::Remember() {
  const PoolPlan plan = Decide();
  for (const auto& entry : plan.in_sync) memory.seen[entry.first] = entry.second;
  memory.scale = plan.scale_in_sync;
  memory.managed = true;
  memory.creation_time = live.creation_time;
}

WriteIntent OnePool::Write(const PoolPlan& plan, StepKind kind, bool record_reduced) {
  for (const Step& step : plan.steps) {
    if (step.kind != kind) continue;
    std::optional<OwnedPool> owned = ProveOwnership(live, context.identity, false);
    REQUIRE(owned.has_value());
    return BuildWrite(context, prepared, plan, step, *owned, memory, record_reduced);
  }
  FAIL("the plan has no such step");
  return {};
}

void OnePool::Done(const WriteIntent& intent) {
  Value body = std::move(live.body);
  if (intent.kind == StepKind::kRemoveStartTask) body.Erase("startTask");
  for (const Member& member : intent.body.AsObject()) body.Set(member.name, member.value);
  live = MakeLive(std::move(body));
}

const Change* FindChange(const std::vector<Change>& changes, std::string_view path) {
  for (const Change& change : changes) {
    if (change.path == path) return &change;
  }
  return nullptr;
}

const Hold* FindHold(const PoolPlan& plan, Reason reason) {
  for (const Hold& hold : plan.holds) {
    if (hold.reason == reason) return &hold;
  }
  return nullptr;
}

std::string StepsOf(const PoolPlan& plan) {
  std::string names;
  for (const Step& step : plan.steps) {
    names += (names.empty() ? "" : ", ") + std::string(StepName(step.kind));
  }
  return names;
}

std::string ItemOf(const Value& body, std::string_view name) {
  for (const MetadataItem& item : ReadMetadata(body)) {
    if (item.name == name) return item.value;
  }
  return {};
}

}  // namespace reconciler::plan
