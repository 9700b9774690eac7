#include "reconciler/plan/canonical.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "reconciler/core/duration.h"
#include "reconciler/core/json.h"
#include "reconciler/core/text.h"
#include "reconciler/plan/compare.h"
#include "reconciler/plan/secret_ref.h"

namespace reconciler::plan {
namespace {

std::optional<Value> CanonicalDuration(const Value& value) {
  if (!value.IsString()) return std::nullopt;
  const std::optional<Ticks> ticks = ParseIsoDuration(value.AsString());
  if (!ticks) return std::nullopt;
  return Value(FormatIsoDuration(*ticks));
}

}  // namespace

const Value* Present(const PropertyNode& node, const Value* value) {
  if (value == nullptr || value->IsNull()) return nullptr;
  if (value->IsArray() && value->AsArray().empty() && !node.empty_is_value) return nullptr;
  if (!value->IsObject()) return value;
  if (node.compare != Compare::kObject || node.open) {
    return value->AsObject().empty() ? nullptr : value;
  }
  const auto counts = [&](const PropertyNode& row) {
    return row.returned && row.compare != Compare::kNone &&
           Present(row, value->Find(row.name)) != nullptr;
  };
  return std::any_of(node.members.begin(), node.members.end(), counts) ? value : nullptr;
}

std::optional<std::int64_t> IntegerOf(const Value& value) {
  if (value.IsInt()) return value.AsInt();
  if (value.IsDouble()) {
    constexpr double kExactMax = 9007199254740992.0;  // 2^53: every integer below is exact
    const double number = value.AsDouble();
    if (std::fabs(number) > kExactMax || std::floor(number) != number) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  if (!value.IsString()) return std::nullopt;
  const std::string& text = value.AsString();
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string CanonicalText(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  std::string canonical;
  canonical.reserve(text.size());
  for (const char c : text) {
    while (c == '\n' && canonical.ends_with('\r')) canonical.pop_back();
    canonical += c;
  }
  return canonical;
}

std::string_view WithoutQuery(std::string_view url) { return url.substr(0, url.find('?')); }

Value JsonTree(const Value& value) {
  if (!value.IsString() || !value.AsString().starts_with('{')) return value;
  auto tree = ParseJson(value.AsString());
  return tree ? *tree : value;
}

Value CanonicalScalar(const PropertyNode& node, const Value& value) {
  if (node.type == ValueType::kInteger) {
    const std::optional<std::int64_t> number = IntegerOf(value);
    return number ? Value(*number) : value;
  }
  if (!value.IsString()) return value;
  switch (node.compare) {
    case Compare::kCaseFold:
      return FoldCase(value.AsString());
    case Compare::kText:
      return CanonicalText(value.AsString());
    case Compare::kDuration:
      return CanonicalDuration(value).value_or(value);
    case Compare::kUrl:
      return WithoutQuery(value.AsString());
    default:
      return value;
  }
}

bool ScalarsEqual(const PropertyNode& node, const Value& left, const Value& right) {
  if (left == right) return true;
  if (node.type == ValueType::kInteger) {
    const std::optional<std::int64_t> number = IntegerOf(left);
    return number && number == IntegerOf(right);
  }
  if (!left.IsString() || !right.IsString()) return false;
  if (node.compare == Compare::kExact) return false;
  if (node.compare == Compare::kCaseFold) return EqualFolded(left.AsString(), right.AsString());
  if (node.compare == Compare::kUrl) {
    return WithoutQuery(left.AsString()) == WithoutQuery(right.AsString());
  }
  return CanonicalScalar(node, left) == CanonicalScalar(node, right);
}

std::string KeyOf(const PropertyNode& list, const Value& item, std::string_view api_version) {
  const Value* key = item.Find(list.key);
  const PropertyNode* row = list.item == nullptr ? nullptr : list.item->FindMember(list.key);
  if (row == nullptr) return WriteSortedJson(key == nullptr ? Value() : *key);
  if (Present(*row, key) == nullptr) key = row->DefaultFor(api_version);
  if (key == nullptr) return "null";
  if (key->IsString() && row->compare == Compare::kExact && row->type == ValueType::kString) {
    return key->AsString();
  }
  const Value canonical = CanonicalScalar(*row, *key);
  return canonical.IsString() ? canonical.AsString() : WriteSortedJson(canonical);
}

const PropertyAlternative* ChosenAlternative(const PropertyNode& node, const Value& object) {
  for (const PropertyAlternative& alternative : node.alternatives) {
    const Value* member = object.Find(alternative.member);
    if (member != nullptr && !member->IsNull()) return &alternative;
  }
  return nullptr;
}

bool Excludes(const PropertyAlternative* chosen, std::string_view member) {
  if (chosen == nullptr || chosen->members.empty()) return false;
  return std::find(chosen->members.begin(), chosen->members.end(), member) == chosen->members.end();
}

namespace {

Value CanonicalPresent(const PropertyNode& node, const Value& value, std::string_view api_version);

/// The canonical form of the default; null where there is none.
Value CanonicalDefault(const PropertyNode& node, std::string_view api_version) {
  const Value* known = node.DefaultFor(api_version);
  return known == nullptr || known->IsNull() ? Value()
                                             : CanonicalPresent(node, *known, api_version);
}

/// True if the canonical object says nothing but what the service would fill in.
bool SaysNothing(const PropertyNode& node, const Value& object, std::string_view api_version) {
  const auto is_default = [&](const Member& member) {
    const PropertyNode* row = node.FindMember(member.name);
    if (row == nullptr) return false;
    if (row->DefaultFor(api_version) == nullptr)
      return ScalarsEqual(*row, row->filled, member.value);
    return member.value == CanonicalDefault(*row, api_version);
  };
  return std::all_of(object.AsObject().begin(), object.AsObject().end(), is_default);
}

Value CanonicalObject(const PropertyNode& node, const Value& object, std::string_view api_version) {
  Value canonical = Object{};
  const PropertyAlternative* chosen = ChosenAlternative(node, object);
  for (const PropertyNode& row : node.members) {
    const Value* member = object.Find(row.name);
    const bool absent = Present(row, member) == nullptr;
    if (absent && Excludes(chosen, row.name)) continue;
    Value value = Canonicalize(row, member, api_version);
    if (!value.IsNull()) canonical.Set(row.name, std::move(value));
  }
  if (node.open) {
    for (const Member& member : object.AsObject()) {
      if (node.FindMember(member.name) != nullptr || member.value.IsNull()) continue;
      canonical.Set(member.name, node.further == nullptr
                                     ? member.value
                                     : Canonicalize(*node.further, &member.value, api_version));
    }
  }
  const Value* own_default = node.DefaultFor(api_version);
  if (own_default == nullptr) return canonical.AsObject().empty() ? Value() : canonical;
  if (own_default->IsNull() && SaysNothing(node, canonical, api_version)) return Value();
  return canonical;
}

Value CanonicalList(const PropertyNode& node, const Array& items, std::string_view api_version) {
  std::vector<std::pair<std::string, Value>> keyed;  // sort key, canonical item
  for (const Value& item : items) {
    // An item is there even if it says nothing.
    Value canonical = item;
    if (node.item != nullptr && !item.IsNull()) {
      canonical = CanonicalPresent(*node.item, item, api_version);
    }
    std::string key;
    if (node.compare == Compare::kByKey) key = KeyOf(node, item, api_version);
    if (node.compare == Compare::kSet) key = WriteSortedJson(canonical);
    keyed.emplace_back(std::move(key), std::move(canonical));
  }
  if (node.compare != Compare::kList) {
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }
  if (node.compare == Compare::kSet) {
    const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
    keyed.erase(std::unique(keyed.begin(), keyed.end(), same), keyed.end());
  }
  Array list;
  list.reserve(keyed.size());
  for (auto& [key, canonical] : keyed) list.push_back(std::move(canonical));
  return list;
}

Value CanonicalPresent(const PropertyNode& node, const Value& value, std::string_view api_version) {
  if (node.secret != SecretUse::kNone && IsSecretRef(value)) return value;
  switch (node.compare) {
    case Compare::kJson:
      return JsonTree(value);
    case Compare::kObject:
      return value.IsObject() ? CanonicalObject(node, value, api_version) : value;
    case Compare::kList:
    case Compare::kSet:
    case Compare::kByKey:
      return value.IsArray() ? CanonicalList(node, value.AsArray(), api_version) : value;
    default:
      return CanonicalScalar(node, value);
  }
}

}  // namespace

Value Canonicalize(const PropertyNode& node, const Value* value, std::string_view api_version) {
  if (!node.returned || node.compare == Compare::kNone) return Value();
  const Value* present = Present(node, value);
  return present == nullptr ? CanonicalDefault(node, api_version)
                            : CanonicalPresent(node, *present, api_version);
}

}  // namespace reconciler::plan
