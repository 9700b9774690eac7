#include "tests/drift/spec_change.h"

#include <utility>
#include <vector>

#include "reconciler/plan/compare.h"
#include "tests/drift/spec_texts.h"

namespace drift {

using reconciler::Compare;
using reconciler::Cost;
using reconciler::PropertyNode;
using reconciler::SecretUse;
using reconciler::SeededRandom;
using reconciler::Value;

namespace {

struct Leaf {
  Value* value;
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

void Collect(const PropertyNode& row, Value& value, const std::string& path, bool in_list,
             std::string_view list_key, std::vector<Leaf>& leaves) {
  if (!row.returned || row.compare == Compare::kNone || row.secret == SecretUse::kAlways) return;
  if (value.IsObject() && row.compare == Compare::kObject) {
    for (reconciler::Member& member : value.AsObject()) {
      const PropertyNode* below = row.FindMember(member.name);
      if (below == nullptr || Identifies(row, *below, list_key)) continue;
      const std::string below_path = in_list ? path : path + "." + member.name;
      Collect(*below, member.value, below_path, in_list, "", leaves);
    }
  } else if (value.IsArray() && row.item != nullptr) {
    for (Value& item : value.AsArray()) Collect(*row.item, item, path, true, row.key, leaves);
  } else if (IsScalar(value)) {
    leaves.push_back({&value, &row, path, in_list});
  }
}

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

}  // namespace

std::optional<SpecChange> ChangeOne(SeededRandom& random, std::string_view api_version,
                                    const Value& spec) {
  SpecChange change{spec, "", "", false};
  std::vector<Leaf> leaves;
  const PropertyNode& table = reconciler::PoolPropertyTable().Spec();
  for (reconciler::Member& member : change.spec.AsObject()) {
    const PropertyNode& row = *table.FindMember(member.name);
    if (row.CostFor(api_version) == Cost::kScale || member.value.IsNull()) continue;
    Collect(row, member.value, member.name, false, "", leaves);
  }
  for (int tries = 0; tries < 20 && !leaves.empty(); ++tries) {
    const Leaf& leaf = OneOf(random, leaves);
    change.property = leaf.path.substr(0, leaf.path.find('.'));
    change.path = leaf.path;
    change.in_list = leaf.in_list;
    const Value before = *leaf.value;
    *leaf.value = Other(random, api_version, *leaf.row, before);
    if (!Agrees(spec, change.spec, change.property, api_version)) return change;
    *leaf.value = before;
  }
  return std::nullopt;
}

}  // namespace drift
