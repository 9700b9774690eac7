#include "tests/drift/spec_change.h"

#include <utility>
#include <vector>

#include "reconciler/plan/compare.h"
#include "tests/drift/spec_draw.h"
#include "tests/drift/spec_texts.h"

namespace drift {

using reconciler::Compare;
using reconciler::Cost;
using reconciler::PropertyNode;
using reconciler::SecretUse;
using reconciler::SeededRandom;
using reconciler::Value;

namespace {

/// A member that is there, or one that may be added.
struct Spot {
  Value* parent;
  const PropertyNode* row;
  std::string path;
  bool in_list;
};

bool IsScalar(const Value& value) { return value.IsBool() || value.IsInt() || value.IsString(); }

/// Members whose change says that it is another thing.
bool Identifies(const PropertyNode& parent, const PropertyNode& row, std::string_view list_key) {
  if (parent.name == "imageReference" || row.name == "nodeAgentSKUId") return true;
  return row.name == list_key;
}

bool IsCompared(const PropertyNode& row) {
  return row.returned && row.compare != Compare::kNone && row.secret != SecretUse::kAlways;
}

/// Below `value`, which is the row's: members that the kind of change can be done to.
class Collector {
 public:
  Collector(ChangeKind kind, std::string_view api_version)
      : kind_(kind), api_version_(api_version) {}

  void Run(const PropertyNode& row, Value& value, const std::string& path, bool in_list,
           std::string_view list_key) {
    if (value.IsArray() && row.item != nullptr) {
      for (Value& item : value.AsArray()) Run(*row.item, item, path, true, row.key);
    }
    if (!value.IsObject() || row.compare != Compare::kObject) return;
    for (const PropertyNode& below : row.members) {
      if (!IsCompared(below) || Identifies(row, below, list_key)) continue;
      const std::string below_path = in_list        ? path
                                     : path.empty() ? below.name
                                                    : path + "." + below.name;
      Member(below, value, below_path, in_list);
    }
  }

  std::vector<Spot> spots;

 private:
  void Member(const PropertyNode& row, Value& parent, const std::string& path, bool in_list) {
    Value* value = parent.Find(row.name);
    const bool top = row.path == row.name;
    if (top && row.CostFor(api_version_) == Cost::kScale) return;
    const bool there = value != nullptr && !value->IsNull();
    const bool fits = kind_ == ChangeKind::kChanged ? there && IsScalar(*value)
                      : kind_ == ChangeKind::kAdded ? !there && !top && MayAdd(row)
                                                    : there && !top;
    if (fits) spots.push_back({&parent, &row, path, in_list});
    if (there) Run(row, *value, path, in_list, "");
  }

  /// An absent member of unknown default may be anything.
  bool MayAdd(const PropertyNode& row) const {
    return row.ExistsIn(api_version_) && row.DefaultFor(api_version_) != nullptr;
  }

  ChangeKind kind_;
  std::string_view api_version_;
};

Value Other(SeededRandom& random, std::string_view api_version, const PropertyNode& row,
            const Value& value) {
  if (value.IsBool()) return !value.AsBool();
  if (!row.allowed.empty()) return DrawAllowed(random, row, api_version);
  if (value.IsInt()) return DrawInteger(random, row);
  if (row.compare == Compare::kDuration) return DrawDuration(random, row);
  return DrawText(random, row);
}

bool Agrees(const Value& left, const Value& right, std::string_view property,
            std::string_view api_version) {
  const PropertyNode& row = *reconciler::PoolPropertyTable().Spec().FindMember(property);
  return reconciler::plan::Canonicalize(row, left.Find(property), api_version) ==
         reconciler::plan::Canonicalize(row, right.Find(property), api_version);
}

void Change(SeededRandom& random, std::string_view api_version, ChangeKind kind, const Spot& spot) {
  const std::string& name = spot.row->name;
  if (kind == ChangeKind::kRemoved) {
    spot.parent->Erase(name);
  } else if (kind == ChangeKind::kAdded) {
    spot.parent->Set(name, DrawMember(random, api_version, *spot.row));
  } else {
    spot.parent->Set(name, Other(random, api_version, *spot.row, *spot.parent->Find(name)));
  }
}

}  // namespace

std::optional<SpecChange> ChangeOne(SeededRandom& random, std::string_view api_version,
                                    const Value& spec, ChangeKind kind) {
  const PropertyNode& table = reconciler::PoolPropertyTable().Spec();
  for (int tries = 0; tries < 20; ++tries) {
    SpecChange change{spec, "", "", false};
    Collector collector(kind, api_version);
    collector.Run(table, change.spec, "", false, "");
    if (collector.spots.empty()) return std::nullopt;
    const Spot& spot = OneOf(random, collector.spots);
    change.property = spot.path.substr(0, spot.path.find('.'));
    change.path = spot.path;
    change.in_list = spot.in_list;
    Change(random, api_version, kind, spot);
    if (!Agrees(spec, change.spec, change.property, api_version)) return change;
  }
  return std::nullopt;
}

}  // namespace drift
