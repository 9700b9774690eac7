// The owned properties outside the scale group: one verdict each, then the steps for all of them.
#include <fmt/format.h>

#include <algorithm>

#include "reconciler/plan/compare.h"
#include "reconciler/plan/decide.h"
#include "reconciler/plan/packages.h"
#include "reconciler/plan/secret_changes.h"
#include "reconciler/plan/secret_ref.h"
#include "reconciler/plan/verdict.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kMetadata = "metadata.";

struct Gathered {
  std::vector<std::string> patch;        // written by the PATCH
  std::vector<std::string> record_kept;  // the record learns them
  std::vector<std::string> forget;       // the record drops them
  bool remove_start_task = false;
};

std::optional<Value> CopyOf(const Value* value) {
  return value == nullptr ? std::nullopt : std::optional<Value>(*value);
}

// The text of a metadata item; a prepared property points at the text or at the item.
const Value* ItemText(const Value* desired) {
  if (desired != nullptr && desired->IsObject()) return desired->Find("value");
  return desired;
}

bool SameText(const Value* desired, const Value* live) {
  if (desired == nullptr || live == nullptr) return desired == live;
  return desired->IsString() && live->IsString() && desired->AsString() == live->AsString();
}

// Of a spec that leaves its SKU to the list, with the SKU that this pool should have.
const Value* DesiredOf(const Decision& decision, const PreparedProperty& property) {
  const bool is_machine = property.name == "virtualMachineConfiguration";
  return decision.machine && is_machine ? &*decision.machine : property.desired;
}

bool Equal(const Decision& decision, const PreparedProperty& property, const Value* live) {
  if (property.node == nullptr) return SameText(ItemText(property.desired), live);
  return CanonicallyEqual(*property.node, DesiredOf(decision, property), live,
                          decision.context.api_version, property.secrets.get());
}

Cost CostOf(const Decision& decision, const PreparedProperty& property) {
  if (property.node == nullptr) return Cost::kPatch;
  return property.node->CostFor(decision.context.api_version).value_or(Cost::kReplace);
}

const AppliedEntry* AppliedOf(const Decision& decision, std::string_view property) {
  return decision.stamp.record ? decision.stamp.record->Find(property) : nullptr;
}

Change ModelOf(const Decision& decision, const PreparedProperty& property, Cause cause) {
  Change model;
  model.property = model.path = property.name;
  model.cost = CostOf(decision, property);
  model.cause = cause;
  model.position = decision.spec().PositionOf(property.name);
  if (model.cost == Cost::kReboot) model.note = kReachesNodes;
  return model;
}

void Append(std::vector<Change>& to, std::vector<Change> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// At least one line, also where nothing but a secret differs.
std::vector<Change> ChangesOf(const Decision& decision, const PreparedProperty& property,
                              const Value* live, Cause cause, bool secret_changed = false) {
  const Change model = ModelOf(decision, property, cause);
  std::vector<Change> changes;
  if (property.node == nullptr) {
    changes.push_back(model);
    changes.back().before = CopyOf(live);
    changes.back().after = CopyOf(ItemText(property.desired));
    return changes;
  }
  const AppliedEntry* applied = AppliedOf(decision, property.name);
  const bool had_secrets = applied == nullptr || applied->HasSecrets() || property.HasSecrets();
  for (DeepDifference& difference :
       Compare(*property.node, DesiredOf(decision, property), live, decision.context.api_version,
               had_secrets, property.secrets.get())) {
    Change& change = changes.emplace_back(model);
    change.position = decision.spec().PositionOf(
        difference.spec_path.empty() ? difference.path : difference.spec_path);
    change.path = std::move(difference.path);
    change.before = std::move(difference.live);
    change.after = std::move(difference.desired);
    change.standard = std::move(difference.standard);
    change.sensitive = difference.sensitive;
  }
  if (changes.empty() || secret_changed) {
    Append(changes, SecretChanges(property, decision.spec(), applied, model, changes));
  }
  return changes;
}

bool KeptProven(const PoolMemory& memory, const PreparedProperty& property,
                const std::string& live_digest) {
  const auto proof = memory.kept_proven.find(property.name);
  if (proof == memory.kept_proven.end() || proof->second != live_digest) return false;
  const auto desired = memory.kept_desired.find(property.name);
  return desired == memory.kept_desired.end() || desired->second == property.digest;
}

Verdict VerdictOf(const Decision& decision, const PreparedProperty& property, const Value* live,
                  bool equal) {
  VerdictInput input;
  input.canonical_equal = equal;
  input.applied = AppliedOf(decision, property.name);
  input.row = property.node == nullptr ? 1 : std::max(property.node->row, 1);
  input.takes_new_form = decision.context.takes_new_forms;
  input.record_damaged = !decision.stamp.record_problem.empty();
  input.desired_digest = property.digest;
  input.live_digest = LiveDigest(live);
  input.secret_key_id = property.secret_key_id;
  input.secret_digest = property.secret_digest;
  input.secrets_compared = property.secrets_compared;
  input.kept_proven = KeptProven(decision.memory, property, input.live_digest);
  const auto seen = decision.memory.seen.find(property.name);
  input.seen = seen != decision.memory.seen.end();
  input.moved_since_seen = input.seen && seen->second != input.live_digest;
  input.adopted = decision.Adopted();
  return Judge(input);
}

// A missing secret needs a person; an unknown one is recorded anew by our next write.
void HoldSecret(Decision& decision, const PreparedProperty& property, Reason reason,
                std::string message) {
  decision.plan.holds.push_back({.reason = reason,
                                 .message = std::move(message),
                                 .lifted_by_time = reason == Reason::kSecretUnknown,
                                 .position = decision.spec().PositionOf(property.name),
                                 .property = property.name});
}

void HoldForm(Decision& decision, const PreparedProperty& property, std::vector<Change> changes) {
  decision.plan.holds.push_back(
      {.reason = Reason::kCanonicalFormChanged,
       .message = property.name + ": " + std::string(TextOf(Reason::kCanonicalFormChanged).meaning),
       .lifted_by_time = false,
       .position = changes.front().position,
       .property = property.name});
  Append(decision.plan.blocked, std::move(changes));
}

/// True: the property cannot be written, since the account lacks what it names.
bool HoldForPackages(Decision& decision, const PreparedProperty& property) {
  const DecideContext& context = decision.context;
  if (property.name != "applicationPackageReferences" || context.applications == nullptr) {
    return false;
  }
  const auto all = MissingPackages(decision.spec().body, context.account, *context.applications);
  for (const MissingPackage& missing : all) {
    decision.plan.holds.push_back({.reason = Reason::kPackageMissing,
                                   .message = missing.message,
                                   .lifted_by_time = false,
                                   .position = decision.spec().PositionOf(missing.path),
                                   .property = property.name});
  }
  return !all.empty();
}

void Act(Decision& decision, const PreparedProperty& property, std::vector<Change> changes,
         Gathered& gathered) {
  if (HoldForPackages(decision, property)) {
    Append(decision.plan.blocked, std::move(changes));
    return;
  }
  const Cost cost = changes.front().cost;
  if (cost != Cost::kPatch && cost != Cost::kReboot) {
    Block(decision, property.name, std::move(changes));
    return;
  }
  Append(decision.plan.changes, std::move(changes));
  const bool removed = property.desired == nullptr || property.desired->IsNull();
  if (property.name == "startTask" && removed) {
    gathered.remove_start_task = true;
  } else {
    gathered.patch.push_back(property.name);
  }
}

void DecideOne(Decision& decision, const PreparedProperty& property, Gathered& gathered) {
  if (property.node != nullptr && !property.node->ExistsIn(decision.context.api_version)) return;
  const Value* live = LiveValue(decision.live, property.name);
  const bool equal = Equal(decision, property, live);
  if (!property.secret_problem.empty()) {
    if (decision.ours) {
      HoldSecret(decision, property, Reason::kSecretMissing,
                 property.name + ": " + property.secret_problem);
    }
    if (equal) return;
    Append(decision.plan.blocked, ChangesOf(decision, property, live, Cause::kNone));
    return;
  }
  if (!decision.ours) {
    if (equal) {
      const bool has_secrets = !property.secret_key_id.empty();
      if (has_secrets) decision.plan.secret_unknown.push_back(property.name);
      return;
    }
    std::vector<Change> changes = ChangesOf(decision, property, live, Cause::kNone);
    const bool executable =
        changes.front().cost == Cost::kPatch || changes.front().cost == Cost::kReboot;
    Append(executable ? decision.plan.changes : decision.plan.blocked, std::move(changes));
    return;
  }
  const Verdict verdict = VerdictOf(decision, property, live, equal);
  switch (verdict.kind) {
    case VerdictKind::kInSync:
      decision.plan.in_sync.emplace_back(property.name, LiveDigest(live));
      return;
    case VerdictKind::kKept:
      decision.plan.in_sync.emplace_back(property.name, LiveDigest(live));
      Append(decision.plan.kept, ChangesOf(decision, property, live, Cause::kNone));
      if (verdict.record_kept) gathered.record_kept.push_back(property.name);
      return;
    case VerdictKind::kSecretUnknown:
      decision.plan.secret_unknown.push_back(property.name);
      HoldSecret(decision, property, Reason::kSecretUnknown,
                 property.name + ": " + std::string(TextOf(Reason::kSecretUnknown).meaning) +
                     "; it is recorded anew with the next write");
      return;
    case VerdictKind::kFormChanged:
      HoldForm(decision, property, ChangesOf(decision, property, live, Cause::kUnknown));
      return;
    case VerdictKind::kAct:
      Act(decision, property,
          ChangesOf(decision, property, live, verdict.cause, verdict.secret_changed), gathered);
      return;
  }
}

void AddSteps(Decision& decision, const Gathered& gathered) {
  std::vector<Step>& steps = decision.plan.steps;
  if (!gathered.patch.empty()) {
    steps.push_back({.kind = StepKind::kPatch, .properties = gathered.patch});
  } else if (!gathered.forget.empty()) {
    steps.push_back(
        {.kind = StepKind::kForget,
         .properties = gathered.forget,
         .summary = fmt::format("the record forgets {}", fmt::join(gathered.forget, ", "))});
  } else if (!gathered.record_kept.empty()) {
    steps.push_back({.kind = StepKind::kRecordKept,
                     .properties = gathered.record_kept,
                     .summary = "record what the service made of " +
                                fmt::format("{}", fmt::join(gathered.record_kept, ", "))});
  }
  if (!gathered.remove_start_task) return;
  if (decision.Steady()) {
    steps.push_back({.kind = StepKind::kRemoveStartTask, .properties = {"startTask"}});
    return;
  }
  decision.plan.holds.push_back(
      {.reason = Reason::kResizing,
       .message = "the start task is removed once the pool is steady; it is " +
                  std::string(AllocationStateName(decision.live.allocation_state)),
       .lifted_by_time = true,
       .position = decision.spec().PositionOf("startTask"),
       .property = "startTask"});
}

}  // namespace

void DecideProperties(Decision& decision) {
  Gathered gathered;
  for (const PreparedProperty& property : decision.prepared.properties) {
    DecideOne(decision, property, gathered);
  }
  if (!decision.ours) return;
  DecideLeft(decision, gathered.patch, gathered.forget, gathered.remove_start_task);
  AddSteps(decision, gathered);
}

std::string_view MetadataName(std::string_view property) {
  return property.starts_with(kMetadata) ? property.substr(kMetadata.size()) : std::string_view();
}

const Value* LiveValue(const LivePool& live, std::string_view property) {
  const std::string_view item_name = MetadataName(property);
  if (item_name.empty()) return live.body.Find(property);
  const Value* items = live.body.Find("metadata");
  if (items == nullptr || !items->IsArray()) return nullptr;
  for (const Value& item : items->AsArray()) {
    const Value* name = item.Find("name");
    if (name != nullptr && name->IsString() && name->AsString() == item_name) {
      return item.Find("value");
    }
  }
  return nullptr;
}

std::string LiveDigest(const Value* live) { return RawDigest(live == nullptr ? Value() : *live); }

}  // namespace reconciler::plan
