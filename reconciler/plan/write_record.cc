#include "reconciler/plan/write_record.h"

#include <algorithm>

#include "reconciler/plan/decide.h"

namespace reconciler::plan {
namespace {

bool Has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool Mentions(const std::vector<Change>& changes, std::string_view property) {
  return std::any_of(changes.begin(), changes.end(),
                     [&](const Change& change) { return change.property == property; });
}

bool InSync(const PoolPlan& plan, std::string_view property) {
  return std::any_of(plan.in_sync.begin(), plan.in_sync.end(),
                     [&](const auto& entry) { return entry.first == property; });
}

std::int64_t MinuteOf(Instant wall) {
  return std::chrono::floor<std::chrono::minutes>(wall).time_since_epoch().count();
}

AppliedEntry EntryOf(const PreparedProperty& property) {
  AppliedEntry entry;
  entry.row = property.node == nullptr ? 1 : std::max(property.node->row, 1);
  entry.digest = property.digest;
  entry.secret_key_id = property.secret_key_id;
  entry.secret_digest = property.secret_digest;
  entry.secret_tags = property.secret_tags;
  return entry;
}

bool CostsReboot(const DecideContext& context, const PreparedProperty& property) {
  return property.node != nullptr && property.node->CostFor(context.api_version) == Cost::kReboot;
}

// What the record says about one owned property after the write.
std::optional<AppliedEntry> EntryAfter(const DecideContext& context, const PoolPlan& plan,
                                       const Step& step, const PreparedProperty& property,
                                       const AppliedEntry* old, const LivePool& live) {
  AppliedEntry entry = EntryOf(property);
  if (Has(step.properties, property.name) && step.kind != StepKind::kRecordKept) {
    if (CostsReboot(context, property)) entry.changed_minute = MinuteOf(context.wall);
    return entry;
  }
  if (old != nullptr) entry.changed_minute = old->changed_minute;
  if (Mentions(plan.kept, property.name)) {
    entry.kept = LiveDigest(LiveValue(live, property.name));
    return entry;
  }
  if (InSync(plan, property.name)) return entry;
  if (Has(plan.secret_unknown, property.name) && property.secret_problem.empty()) return entry;
  return old == nullptr ? std::nullopt : std::optional<AppliedEntry>(*old);
}

// The start task is taken away by a call of its own: until then the record keeps it.
bool ResetPending(const PoolPlan& plan, const Step& step, std::string_view name) {
  return Mentions(plan.changes, name) && !Has(step.properties, name);
}

Record RecordAfter(const DecideContext& context, const PreparedSpec& prepared, const PoolPlan& plan,
                   const Step& step, const OwnedPool& pool) {
  Record record;
  const std::optional<Record>& old = pool.stamp().record;
  for (const PreparedProperty& property : prepared.properties) {
    const AppliedEntry* entry = old ? old->Find(property.name) : nullptr;
    std::optional<AppliedEntry> after =
        EntryAfter(context, plan, step, property, entry, pool.live());
    if (after) record.entries.emplace(property.name, std::move(*after));
  }
  if (!old) return record;
  for (const auto& [name, entry] : old->entries) {
    if (FindProperty(prepared, name) != nullptr || !ResetPending(plan, step, name)) continue;
    record.entries.emplace(name, entry);
  }
  return record;
}

// Items that the spec names and this step writes, and items that left the spec.
std::vector<std::pair<std::string, std::optional<std::string>>> UserItems(
    const PreparedSpec& prepared, const Step& step) {
  std::vector<std::pair<std::string, std::optional<std::string>>> items;
  if (step.kind != StepKind::kPatch) return items;
  for (const std::string& name : step.properties) {
    const std::string_view item = MetadataName(name);
    if (item.empty()) continue;
    const PreparedProperty* property = FindProperty(prepared, name);
    const Value* text = property == nullptr ? nullptr : property->desired;
    if (text != nullptr && text->IsObject()) text = text->Find("value");
    const bool named = text != nullptr && text->IsString();
    items.emplace_back(std::string(item),
                       named ? std::optional<std::string>(text->AsString()) : std::nullopt);
  }
  return items;
}

}  // namespace

const PreparedProperty* FindProperty(const PreparedSpec& prepared, std::string_view name) {
  for (const PreparedProperty& property : prepared.properties) {
    if (property.name == name) return &property;
  }
  return nullptr;
}

Stamp NewStamp(const DecideContext& context, const PoolSpec& spec, const std::string& incarnation) {
  Stamp stamp;
  stamp.owner = context.identity.owner;
  stamp.source = context.identity.source;
  stamp.pool = spec.id;
  stamp.incarnation = incarnation;
  return stamp;
}

Record RecordOfCreate(const DecideContext& context, const PreparedSpec& prepared) {
  Record record;
  for (const PreparedProperty& property : prepared.properties) {
    if (property.node != nullptr && !property.node->ExistsIn(context.api_version)) continue;
    record.entries.emplace(property.name, EntryOf(property));  // all nodes will be newer
  }
  return record;
}

std::optional<Record> RecordOfAdopt(const PreparedSpec& prepared, const PoolPlan& plan) {
  Record record;
  for (const PreparedProperty& property : prepared.properties) {
    const bool unknown = Has(plan.secret_unknown, property.name);
    if (unknown && property.secret_problem.empty()) {
      record.entries.emplace(property.name, EntryOf(property));
    }
  }
  return record.entries.empty() ? std::nullopt : std::optional<Record>(std::move(record));
}

void Reduce(Stamp& stamp, bool refused) {
  if (!stamp.record) return;
  if (!refused && StampBytes(stamp) <= kRecordBytesMax) return;
  for (auto& [name, entry] : stamp.record->entries) entry.secret_tags.clear();
  if (!refused && StampBytes(stamp) <= kRecordBytesMax) return;
  stamp.record = Record{.reduced = true, .entries = {}};
}

std::vector<MetadataItem> MetadataOfWrite(const DecideContext& context,
                                          const PreparedSpec& prepared, const PoolPlan& plan,
                                          const Step& step, const OwnedPool& pool,
                                          bool record_reduced) {
  Stamp stamp = pool.stamp();
  stamp.revision = context.revision;
  stamp.record = RecordAfter(context, prepared, plan, step, pool);
  Reduce(stamp, record_reduced);
  return WithStamp(ReadMetadata(pool.live().body), UserItems(prepared, step), stamp);
}

}  // namespace reconciler::plan
