#include "reconciler/plan/pool_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "reconciler/plan/compare.h"
#include "reconciler/plan/decide.h"
#include "reconciler/plan/live_as_written.h"
#include "reconciler/plan/newest_image.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kSkuPath = "virtualMachineConfiguration.imageReference.sku";

/// Whether a spec for that version can say something that is compared.
bool IsWritable(const PropertyNode& node, std::string_view api_version) {
  return node.ExistsIn(api_version) && node.compare != Compare::kNone;
}

std::string TimeOfMinute(std::int64_t minute) {
  return FormatTime(Instant{} + std::chrono::minutes(minute));
}

class Differ {
 public:
  Differ(const PreparedSpec& prepared, const LivePool* live, const PoolPlan& plan,
         const PropertyTable& table, std::string_view api_version)
      : prepared_(prepared), live_(live), plan_(plan), table_(table), api_version_(api_version) {
    if (live != nullptr) stamp_ = ReadStamp(ReadMetadata(live->body));
  }

  PoolDiff Differences() {
    diff_.pool = plan_.pool;
    diff_.presence = plan_.presence;
    diff_.ownership = plan_.ownership;
    diff_.position = prepared_.spec->position;
    diff_.revision = stamp_.revision;
    diff_.holds = plan_.holds;
    diff_.released = plan_.released;
    const bool of_others = live_ != nullptr && plan_.ownership != Ownership::kOurs;
    const bool untouched = plan_.observe_only || of_others;
    Add(plan_.changes, untouched ? DiffState::kObserved : DiffState::kPlanned);
    Add(plan_.blocked, untouched ? DiffState::kObserved : DiffState::kBlocked);
    Add(plan_.kept, DiffState::kKept);
    return std::move(diff_);
  }

  PoolDiff Everything() {
    diff_ = Differences();
    if (live_ == nullptr) return std::move(diff_);
    for (const DiffRow& row : diff_.rows)
      differing_.insert(row.path.substr(0, row.path.find_first_of(".[")));
    for (const PropertyNode& node : table_.Spec().members) AddProperty(node);
    for (const PreparedProperty& property : prepared_.properties) {
      if (property.node == nullptr) AddOwned(property);
    }
    return std::move(diff_);
  }

 private:
  void Add(const std::vector<Change>& changes, DiffState state) {
    for (const Change& change : changes) {
      DiffRow row;
      row.path = change.path;
      row.state = state;
      row.spec = change.after;
      row.live = change.before;
      row.standard = change.standard;
      row.applied = live_ == nullptr ? std::string() : AppliedText(change.property);
      row.sensitive = change.sensitive;
      row.cost = change.cost;
      row.cause = change.cause;
      row.position = change.position;
      row.note = change.note;
      diff_.rows.push_back(std::move(row));
    }
  }

  const PreparedProperty* FindPrepared(std::string_view name) const {
    const auto found =
        std::find_if(prepared_.properties.begin(), prepared_.properties.end(),
                     [&](const PreparedProperty& property) { return property.name == name; });
    return found == prepared_.properties.end() ? nullptr : &*found;
  }

  /// The record holds digests: it tells whether a value is the one that was applied, not the value.
  std::string AppliedText(std::string_view property) const {
    if (table_.InScaleGroup(property)) return "not recorded: scale has no record on the pool";
    if (!stamp_.record_problem.empty()) return "unknown: the record " + stamp_.record_problem;
    if (!stamp_.record) return "nothing: the pool carries no record";
    if (stamp_.record->reduced) return "unknown: the record had no room";
    const AppliedEntry* entry = stamp_.record->Find(property);
    if (entry == nullptr) return "nothing";
    std::string text = WhichValue(*entry, property);
    if (entry->changed_minute) text += ", on " + TimeOfMinute(*entry->changed_minute);
    return text;
  }
  std::string WhichValue(const AppliedEntry& entry, std::string_view property) const {
    const PreparedProperty* prepared = FindPrepared(property);
    const std::string live = LiveDigest(LiveValue(*live_, property));
    if (prepared != nullptr && entry.digest == prepared->digest) {
      return entry.kept == live ? "as in the spec; the service made of it what is live"
                                : "as in the spec";
    }
    if (entry.digest == live || entry.kept == live || WasWritten(entry, prepared)) {
      return "what is live";
    }
    return prepared != nullptr ? "another value than in the spec"
                               : "unknown: the record holds a digest alone";
  }
  /// Whether live is what was applied, completed by the service.
  bool WasWritten(const AppliedEntry& entry, const PreparedProperty* prepared) const {
    if (prepared == nullptr || prepared->node == nullptr || prepared->desired == nullptr) {
      return false;
    }
    const Value* live = LiveValue(*live_, prepared->name);
    if (live == nullptr) return false;
    const std::vector<Value> written =
        LiveAsWritten(*prepared->node, *prepared->desired, *live, api_version_);
    return std::any_of(written.begin(), written.end(),
                       [&](const Value& value) { return RawDigest(value) == entry.digest; });
  }

  void AddProperty(const PropertyNode& node) {
    if (!IsWritable(node, api_version_) || node.name == "metadata") return;
    const PreparedProperty* property = FindPrepared(node.name);
    if (differing_.contains(node.name)) {
      if (property == nullptr) return;
      AddDefaults(node, property->desired, LiveValue(*live_, node.name));
    } else if (table_.InScaleGroup(node.name)) {
      AddScale(node);
    } else if (property != nullptr) {
      AddOwned(*property);
    } else {
      AddUnmanaged(node);
    }
  }

  void AddUnmanaged(const PropertyNode& node) {
    const Value* live = live_->body.Find(node.name);
    if (live == nullptr || live->IsNull()) return;
    DiffRow& row = diff_.rows.emplace_back();
    row.path = node.name;
    row.state = DiffState::kUnmanaged;
    row.live = HideSecrets(node, *live, true);
    row.cost = node.CostFor(api_version_);
  }

  /// A target that the spec names is in sync here: what differs has its row already.
  void AddScale(const PropertyNode& node) {
    const Value* live = live_->body.Find(node.name);
    const Value* named = prepared_.spec->body.Find(node.name);
    if (live == nullptr && named == nullptr) return;
    DiffRow& row = diff_.rows.emplace_back();
    row.path = node.name;
    row.state = named == nullptr ? DiffState::kUnmanaged : DiffState::kInSync;
    if (named != nullptr) {
      row.spec = *named;
      row.position = prepared_.spec->PositionOf(node.name);
    }
    if (live != nullptr) row.live = *live;
    row.cost = Cost::kScale;
  }

  bool HasRow(std::string_view path) const {
    return std::any_of(diff_.rows.begin(), diff_.rows.end(),
                       [&](const DiffRow& row) { return row.path == path; });
  }

  void AddOwned(const PreparedProperty& property) {
    if (HasRow(property.name)) return;
    DiffRow& row = diff_.rows.emplace_back();
    row.path = property.name;
    row.position = prepared_.spec->PositionOf(property.name);
    row.applied = AppliedText(property.name);
    const Value* desired = property.desired;
    const Value* live = LiveValue(*live_, property.name);
    if (property.node == nullptr) {
      if (desired != nullptr && desired->IsObject()) desired = desired->Find("value");
      row.cost = Cost::kPatch;
      if (desired != nullptr) row.spec = *desired;
      if (live != nullptr) row.live = *live;
      return;
    }
    const bool secrets = property.HasSecrets();
    row.cost = property.node->CostFor(api_version_);
    if (desired != nullptr) row.spec = HideSecrets(*property.node, *desired, secrets);
    if (live != nullptr) row.live = HideSecrets(*property.node, *live, true);
    AddDefaults(*property.node, desired, live);
  }

  /// Members below an owned object that the spec leaves to the service.
  void AddDefaults(const PropertyNode& node, const Value* desired, const Value* live) {
    if (desired == nullptr || !desired->IsObject()) return;
    for (const PropertyNode& member : node.members) {
      if (!member.ExistsIn(api_version_) || !member.returned) continue;
      const Value* named = desired->Find(member.name);
      const Value* there = live == nullptr ? nullptr : live->Find(member.name);
      if (named != nullptr) {
        AddDefaults(member, named, there);
        continue;
      }
      if (there == nullptr || there->IsNull() || HasRow(member.path)) continue;
      DiffRow& row = diff_.rows.emplace_back();
      row.path = member.path;
      const bool compared = member.DefaultFor(api_version_) != nullptr;
      row.state = compared ? DiffState::kDefault : DiffState::kUnmanaged;
      row.live = HideSecrets(member, *there, true);
      if (member.path == kSkuPath && PicksNewest(*prepared_.spec)) {
        row.state = DiffState::kInSync;
        row.spec = Value(prepared_.spec->policy.newest_sku_pattern);
      }
    }
  }

  const PreparedSpec& prepared_;
  const LivePool* live_;
  const PoolPlan& plan_;
  const PropertyTable& table_;
  const std::string_view api_version_;
  Stamp stamp_;
  std::set<std::string, std::less<>> differing_;  // top-level names with a row of what differs
  PoolDiff diff_;
};

}  // namespace

std::string_view DiffStateName(DiffState state) {
  switch (state) {
    case DiffState::kPlanned:
      return "planned";
    case DiffState::kBlocked:
      return "blocked";
    case DiffState::kObserved:
      return "observed";
    case DiffState::kKept:
      return "kept";
    case DiffState::kInSync:
      return "in sync";
    case DiffState::kDefault:
      return "default";
    case DiffState::kUnmanaged:
      return "unmanaged";
  }
  return "in sync";
}

PoolDiff DiffPool(const PreparedSpec& prepared, const LivePool* live, const PoolPlan& plan,
                  const PropertyTable& table, std::string_view api_version, bool all) {
  Differ differ(prepared, live, plan, table, api_version);
  return all ? differ.Everything() : differ.Differences();
}

}  // namespace reconciler::plan
