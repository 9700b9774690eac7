#include "tests/drift/spec_draw.h"

#include <algorithm>
#include <string>
#include <utility>

#include "reconciler/core/property.h"
#include "tests/drift/spec_rules.h"
#include "tests/drift/spec_texts.h"

namespace drift {
namespace {

using reconciler::Array;
using reconciler::Compare;
using reconciler::Object;
using reconciler::PropertyAlternative;
using reconciler::PropertyNode;
using reconciler::SecretUse;
using reconciler::SeededRandom;
using reconciler::Value;
using reconciler::ValueType;

class Draw {
 public:
  Draw(SeededRandom& random, std::string_view api_version)
      : random_(random), api_version_(api_version) {}

  Value Make(const PropertyNode& row) {
    if (row.secret == SecretUse::kAlways ||
        (row.secret == SecretUse::kMaybe && Chance(random_, 25))) {
      return Object{{"secretRef", row.secret_is_json ? "json" : "text"}};
    }
    if (row.compare == Compare::kJson || row.open) return FreeForm();
    switch (row.type) {
      case ValueType::kBoolean:
        return Chance(random_, 50);
      case ValueType::kInteger:
        return DrawInteger(random_, row);
      case ValueType::kObject:
        return MakeObject(row);
      case ValueType::kList:
        return MakeList(row);
      default:
        break;
    }
    if (!row.allowed.empty()) return DrawAllowed(random_, row, api_version_);
    const bool duration = row.compare == Compare::kDuration || !row.range_min.empty();
    return duration ? DrawDuration(random_, row) : DrawText(random_, row);
  }

 private:
  Value FreeForm() {
    Object members;
    for (const char* name : {"a", "b", "c"}) {
      if (Chance(random_, 40)) members.push_back({name, "v" + std::to_string(random_.Below(9))});
    }
    if (members.empty()) members.push_back({"only", "x"});
    return members;
  }

  bool MayStand(const PropertyNode& row) const {
    return row.ExistsIn(api_version_) && row.name != "customerManagedKey";
  }

  Value MakeObject(const PropertyNode& node) {
    std::vector<const PropertyAlternative*> open;
    for (const PropertyAlternative& alternative : node.alternatives) {
      const PropertyNode* row = node.FindMember(alternative.member);
      if (row == nullptr || MayStand(*row)) open.push_back(&alternative);
    }
    const PropertyAlternative* chosen = open.empty() ? nullptr : OneOf(random_, open);
    Object members;
    for (const PropertyNode& row : node.members) {
      if (!MayStand(row) || !Belongs(node, chosen, row.name)) continue;
      const bool must = node.IsRequired(row.name) || Requires(chosen, row.name);
      if (must || Chance(random_, 40)) members.push_back({row.name, MakeMember(row, must)});
    }
    return members;
  }

  /// Mostly a value; sometimes the default written out, an empty list, at the top null.
  Value MakeMember(const PropertyNode& row, bool must) {
    const Value* fallback = row.DefaultFor(api_version_);
    const bool shown = fallback != nullptr && !fallback->IsNull() && row.members.empty();
    if (shown && Chance(random_, 15)) return *fallback;
    if (!must && row.type == ValueType::kList && Chance(random_, 7)) return Array{};
    return Make(row);
  }

  static bool Requires(const PropertyAlternative* chosen, std::string_view name) {
    if (chosen == nullptr) return false;
    return std::find(chosen->required.begin(), chosen->required.end(), name) !=
           chosen->required.end();
  }

  /// Whether a member may stand beside what the chosen alternative says.
  static bool Belongs(const PropertyNode& node, const PropertyAlternative* chosen,
                      std::string_view name) {
    if (chosen == nullptr) return true;
    if (!chosen->members.empty()) {
      return std::find(chosen->members.begin(), chosen->members.end(), name) !=
             chosen->members.end();
    }
    const auto is_other = [&](const PropertyAlternative& other) {
      return &other != chosen && other.member == name;
    };
    return std::none_of(node.alternatives.begin(), node.alternatives.end(), is_other);
  }

  Value MakeList(const PropertyNode& row) {
    Array items;
    const std::uint64_t most = std::min<std::uint64_t>(row.items_max.value_or(3), 3);
    const std::uint64_t count = std::max<std::uint64_t>(row.items_min.value_or(0), 1) +
                                random_.Below(std::max<std::uint64_t>(most, 1));
    for (std::uint64_t i = 0; i < std::min(count, most); ++i) items.push_back(Make(*row.item));
    return items;
  }

  SeededRandom& random_;
  std::string_view api_version_;
};

}  // namespace

Value DrawMember(SeededRandom& random, std::string_view api_version, const PropertyNode& row) {
  return Draw(random, api_version).Make(row);
}

Value DrawSpec(SeededRandom& random, std::string_view api_version) {
  Draw draw(random, api_version);
  const PropertyNode& table = reconciler::PoolPropertyTable().Spec();
  Value spec = Object{};
  // Few members at a time as often as many.
  const unsigned percent = 10 + static_cast<unsigned>(random.Below(60));
  for (const PropertyNode& row : table.members) {
    if (!row.ExistsIn(api_version)) continue;
    const bool must = table.IsRequired(row.name);
    if (!must && !Chance(random, percent)) continue;
    if (!must && Chance(random, 5)) {
      spec.Set(row.name, Value());
    } else {
      spec.Set(row.name, draw.Make(row));
    }
  }
  KeepRules(random, api_version, spec);
  return spec;
}

}  // namespace drift
