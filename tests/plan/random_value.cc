#include "tests/plan/random_value.h"

#include <algorithm>
#include <string>
#include <utility>

#include "reconciler/core/text.h"

namespace reconciler::plan {
namespace {

constexpr std::string_view kLetters[] = {"a", "b", "A", "c", ""};
/// Pairs of equal length in time.
constexpr std::string_view kDurations[] = {"PT5M", "PT300S", "P1D", "PT24H", "soon", "SOON"};

const PropertyAlternative* AlternativeWith(const PropertyNode& node, const Value& object) {
  for (const PropertyAlternative& alternative : node.alternatives) {
    const Value* member = object.Find(alternative.member);
    if (member != nullptr && !member->IsNull()) return &alternative;
  }
  return nullptr;
}

bool Belongs(const PropertyAlternative* alternative, const std::string& member) {
  return alternative == nullptr || alternative->members.empty() ||
         std::find(alternative->members.begin(), alternative->members.end(), member) !=
             alternative->members.end();
}

std::string Upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace

template <class Items>
void RandomValue::Shuffle(Items& items) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[static_cast<std::size_t>(random_.Below(i))]);
  }
}

Value RandomValue::MakeText(const PropertyNode& node) {
  if (node.compare == Compare::kDuration) return kDurations[random_.Below(std::size(kDurations))];
  if (!node.allowed.empty()) return node.allowed[random_.Below(node.allowed.size())];
  const std::string letter(kLetters[random_.Below(std::size(kLetters))]);
  if (node.compare == Compare::kUrl) return "https://h/" + letter + (Chance(50) ? "?sig=1" : "");
  return letter;
}

Value RandomValue::MakeObject(const PropertyNode& node) {
  const PropertyAlternative* chosen =
      node.alternatives.empty() ? nullptr
                                : &node.alternatives[random_.Below(node.alternatives.size())];
  Object members;
  for (const PropertyNode& row : node.members) {
    if (!Belongs(chosen, row.name)) continue;
    const bool distinguishes = chosen != nullptr && chosen->member == row.name;
    const bool must = distinguishes || (whole_ && row.DefaultFor(api_version_) == nullptr);
    if (must || Chance(50)) members.push_back({row.name, Make(row)});
    if (!must && Chance(5)) members.push_back({row.name, Value()});
    if (members.size() > 1 && members[members.size() - 2].name == row.name) members.pop_back();
  }
  return members;
}

Value RandomValue::Make(const PropertyNode& node) {
  if (node.secret == SecretUse::kAlways) return Object{{"secretRef", "s"}};
  if (node.compare == Compare::kJson) return Object{{"k", static_cast<int>(random_.Below(2))}};
  switch (node.type) {
    case ValueType::kBoolean:
      return Chance(50);
    case ValueType::kInteger:
      return static_cast<int>(random_.Below(3));
    case ValueType::kObject:
      return MakeObject(node);
    case ValueType::kList: {
      Array items;
      for (std::uint64_t count = random_.Below(4); count > 0; --count) {
        items.push_back(Make(*node.item));
      }
      return items;
    }
    default:
      return MakeText(node);
  }
}

Value RandomValue::RespellText(const PropertyNode& node, const Value& value) {
  if (node.type == ValueType::kInteger && value.IsInt()) {
    return Chance(30) ? Value(std::to_string(value.AsInt())) : value;
  }
  if (!value.IsString()) return value;
  const std::string& text = value.AsString();
  if (node.compare == Compare::kCaseFold) return Chance(50) ? Upper(text) : FoldCase(text);
  if (node.compare == Compare::kText) return text + (Chance(50) ? "\r\n" : " ");
  if (node.compare == Compare::kUrl) return text.substr(0, text.find('?')) + "?other";
  if (node.compare != Compare::kDuration) return value;
  const auto* known = std::find(std::begin(kDurations), std::begin(kDurations) + 4, text);
  if (known == std::begin(kDurations) + 4) return value;
  return kDurations[static_cast<std::size_t>(known - std::begin(kDurations)) ^ 1U];
}

Value RandomValue::RespellObject(const PropertyNode& node, const Value& value) {
  const PropertyAlternative* chosen = AlternativeWith(node, value);
  Object members;
  for (const PropertyNode& row : node.members) {
    const Value* member = value.Find(row.name);
    const Value* fallback = row.DefaultFor(api_version_);
    if (!row.returned) continue;
    if (member != nullptr && !member->IsNull()) {
      const bool is_default = fallback != nullptr && *fallback == *member;
      if (!is_default || Chance(50)) members.push_back({row.name, Respell(row, *member)});
    } else if (fallback != nullptr && Belongs(chosen, row.name) && Chance(50)) {
      members.push_back({row.name, fallback->IsNull() ? Value() : Respell(row, *fallback)});
    }
  }
  if (node.open) return value;
  if (Chance(20)) members.push_back({"addedByTheService", 1});
  Shuffle(members);
  return members;
}

Value RandomValue::RespellList(const PropertyNode& node, const Value& value) {
  Array items;
  for (const Value& item : value.AsArray()) items.push_back(Respell(*node.item, item));
  if (node.compare == Compare::kSet) {
    if (!items.empty() && Chance(30)) items.push_back(items.front());
    Shuffle(items);
  }
  // Items of one key keep their order among themselves; a rotation of unique keys is enough.
  if (node.compare == Compare::kByKey && items.size() == 2) {
    const Value* left = items[0].Find(node.key);
    const Value* right = items[1].Find(node.key);
    const bool unique = left != nullptr && right != nullptr && left->IsString() &&
                        right->IsString() && !EqualFolded(left->AsString(), right->AsString());
    if (unique) std::swap(items[0], items[1]);
  }
  return items;
}

Value RandomValue::Respell(const PropertyNode& node, const Value& value) {
  if (node.compare == Compare::kObject && value.IsObject()) return RespellObject(node, value);
  if (value.IsArray() && node.item != nullptr) return RespellList(node, value);
  return RespellText(node, value);
}

Value RandomValue::Change(const PropertyNode& node, const Value& value) {
  if (value.IsObject() && node.compare == Compare::kObject && !value.AsObject().empty() &&
      Chance(80)) {
    Value changed = value;
    Member& member = changed.AsObject()[random_.Below(changed.AsObject().size())];
    const PropertyNode* row = node.FindMember(member.name);
    if (row != nullptr && !member.value.IsNull()) member.value = Change(*row, member.value);
    return changed;
  }
  if (value.IsArray() && node.item != nullptr && !value.AsArray().empty() && Chance(70)) {
    Value changed = value;
    Value& item = changed.AsArray()[random_.Below(changed.AsArray().size())];
    item = Change(*node.item, item);
    return changed;
  }
  return Make(node);
}

Value RandomValue::Anything(int depth) {
  const std::uint64_t kind = random_.Below(depth > 0 ? 7 : 5);
  if (kind == 0) return nullptr;
  if (kind == 1) return Chance(50);
  if (kind == 2) return static_cast<int>(random_.Below(3));
  if (kind == 3) return 1.5;
  if (kind == 4) return kLetters[random_.Below(std::size(kLetters))];
  if (kind == 5) {
    Array items;
    for (std::uint64_t count = random_.Below(3); count > 0; --count) {
      items.push_back(Anything(depth - 1));
    }
    return items;
  }
  constexpr std::string_view kNames[] = {"name", "commandLine", "secretRef", "lun", "value"};
  Value object = Object{};
  for (std::uint64_t count = random_.Below(3); count > 0; --count) {
    object.Set(kNames[random_.Below(std::size(kNames))], Anything(depth - 1));
  }
  return object;
}

}  // namespace reconciler::plan
