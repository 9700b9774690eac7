#include "reconciler/core/schema_keywords.h"

#include <algorithm>
#include <array>

namespace reconciler {
namespace {

template <class T, std::size_t N>
std::optional<T> FindWord(const std::array<std::pair<std::string_view, T>, N>& words,
                          const Value& word) {
  if (!word.IsString()) return std::nullopt;
  for (const auto& [name, value] : words) {
    if (name == word.AsString()) return value;
  }
  return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, ValueType>, 5> kTypes{{
    {"boolean", ValueType::kBoolean},
    {"integer", ValueType::kInteger},
    {"string", ValueType::kString},
    {"array", ValueType::kList},
    {"object", ValueType::kObject},
}};
constexpr std::array<std::pair<std::string_view, Cost>, 6> kCosts{{
    {"patch", Cost::kPatch},
    {"reboot", Cost::kReboot},
    {"scale", Cost::kScale},
    {"empty", Cost::kEmpty},
    {"replace", Cost::kReplace},
    {"arm", Cost::kArm},
}};
constexpr std::array<std::pair<std::string_view, Compare>, 10> kCompares{{
    {"exact", Compare::kExact},
    {"casefold", Compare::kCaseFold},
    {"text", Compare::kText},
    {"duration", Compare::kDuration},
    {"url", Compare::kUrl},
    {"json", Compare::kJson},
    {"object", Compare::kObject},
    {"list", Compare::kList},
    {"set", Compare::kSet},
    {"none", Compare::kNone},
}};

bool LooksLikeApiVersion(std::string_view text) {
  return text.size() >= 10 && text.substr(0, 2) == "20" && text[4] == '-' && text[7] == '-';
}

bool IsVersionMap(const Value& value) {
  if (!value.IsObject() || value.AsObject().empty()) return false;
  const Object& members = value.AsObject();
  return std::all_of(members.begin(), members.end(),
                     [](const Member& member) { return LooksLikeApiVersion(member.name); });
}

template <class T, class Convert>
bool ReadByVersion(const Value& value, ByVersion<T>& out, Convert convert) {
  out.entries.clear();
  if (!IsVersionMap(value)) {
    std::optional<T> single = convert(value);
    if (single) out.entries.emplace_back("", std::move(*single));
    return single.has_value();
  }
  for (const Member& member : value.AsObject()) {
    std::optional<T> entry = convert(member.value);
    if (!entry) return false;
    out.entries.emplace_back(member.name, std::move(*entry));
  }
  return true;
}

bool ReadText(const Value& value, std::string& out) {
  if (!value.IsString()) return false;
  out = value.AsString();
  return true;
}

bool ReadInt(const Value& value, std::optional<std::int64_t>& out) {
  if (!value.IsInt()) return false;
  out = value.AsInt();
  return true;
}

bool ReadCount(const Value& value, std::optional<std::size_t>& out) {
  if (!value.IsInt() || value.AsInt() < 0) return false;
  out = static_cast<std::size_t>(value.AsInt());
  return true;
}

bool ReadNames(const Value& value, std::vector<std::string>& out) {
  if (!value.IsArray()) return false;
  out.clear();
  for (const Value& name : value.AsArray()) {
    if (!name.IsString()) return false;
    out.push_back(name.AsString());
  }
  return true;
}

bool ReadCompare(const Value& value, PropertyNode& node) {
  if (!value.IsString()) return false;
  std::string_view word = value.AsString();
  constexpr std::string_view kEmptySuffix = "+empty";
  if (word.size() > kEmptySuffix.size() && word.ends_with(kEmptySuffix)) {
    node.empty_is_value = true;
    word.remove_suffix(kEmptySuffix.size());
  }
  constexpr std::string_view kKeyPrefix = "key:";
  if (word.starts_with(kKeyPrefix) && word.size() > kKeyPrefix.size()) {
    node.compare = Compare::kByKey;
    node.key = word.substr(kKeyPrefix.size());
    return true;
  }
  const std::optional<Compare> compare = FindWord(kCompares, Value(word));
  if (compare) node.compare = *compare;
  return compare.has_value();
}

bool ReadSecret(const Value& value, PropertyNode& node) {
  const bool always = value.IsBool() && value.AsBool();
  const bool maybe = value.IsString() && value.AsString() == "maybe";
  node.secret = always ? SecretUse::kAlways : SecretUse::kMaybe;
  return always || maybe;
}

bool ReadSince(const Value& value, PropertyNode& node) {
  if (value.IsString()) return ReadText(value, node.since);
  if (!value.IsObject()) return false;
  for (const Member& member : value.AsObject()) {
    if (!member.value.IsString()) return false;
    node.values_since.emplace_back(member.name, member.value.AsString());
  }
  return true;
}

bool ReadRange(const Value& value, PropertyNode& node) {
  if (!value.IsObject()) return false;
  for (const Member& member : value.AsObject()) {
    std::string* bound = member.name == "min"   ? &node.range_min
                         : member.name == "max" ? &node.range_max
                                                : nullptr;
    if (bound == nullptr || !ReadText(member.value, *bound)) return false;
  }
  return true;
}

using ReadKeyword = bool (*)(const Value&, PropertyNode&);
struct Keyword {
  std::string_view name;
  ReadKeyword read;  // false: the value is not of the keyword's form
};

bool Pass(const Value&, PropertyNode&) { return true; }

/// `["integer", "null"]` tells editors that null is legal, which the reader of specs knows anyway.
const Value& TypeBesideNull(const Value& type) {
  const bool has_null =
      type.IsArray() && type.AsArray().size() == 2 && type.AsArray()[1] == Value("null");
  return has_null ? type.AsArray().front() : type;
}

// Keywords with schemas inside, and $ref, are read by property_parse.cc.
constexpr std::array<Keyword, 36> kKeywords{{
    {"$schema", Pass},
    {"$id", Pass},
    {"$defs", Pass},
    {"$ref", Pass},
    {"properties", Pass},
    {"items", Pass},
    {"oneOf", Pass},
    {"additionalProperties", Pass},
    {"title", [](const Value& v, PropertyNode& n) { return ReadText(v, n.title); }},
    {"description", [](const Value& v, PropertyNode& n) { return ReadText(v, n.description); }},
    {"markdownDescription", Pass},  // of the description and the rest of the row, by a test
    {"examples",
     [](const Value& v, PropertyNode& n) {
       if (v.IsArray()) n.examples = v.AsArray();
       return v.IsArray();
     }},
    {"type",
     [](const Value& v, PropertyNode& n) {
       const std::optional<ValueType> type = FindWord(kTypes, TypeBesideNull(v));
       n.type = type.value_or(ValueType::kAny);
       return type.has_value();
     }},
    {"required", [](const Value& v, PropertyNode& n) { return ReadNames(v, n.required); }},
    {"x-required", [](const Value& v, PropertyNode& n) { return ReadNames(v, n.required); }},
    {"enum",
     [](const Value& v, PropertyNode& n) {
       n.allowed.clear();
       if (!v.IsArray()) return false;
       for (const Value& word : v.AsArray()) {
         if (!word.IsNull()) n.allowed.push_back(word);
       }
       return !n.allowed.empty();
     }},
    {"const",
     [](const Value& v, PropertyNode& n) {
       n.allowed = {v};
       return true;
     }},
    {"minimum", [](const Value& v, PropertyNode& n) { return ReadInt(v, n.minimum); }},
    {"maximum", [](const Value& v, PropertyNode& n) { return ReadInt(v, n.maximum); }},
    {"minLength", [](const Value& v, PropertyNode& n) { return ReadCount(v, n.length_min); }},
    {"maxLength", [](const Value& v, PropertyNode& n) { return ReadCount(v, n.length_max); }},
    {"minItems", [](const Value& v, PropertyNode& n) { return ReadCount(v, n.items_min); }},
    {"maxItems", [](const Value& v, PropertyNode& n) { return ReadCount(v, n.items_max); }},
    {"pattern",
     [](const Value& v, PropertyNode& n) {
       return ReadText(v, n.pattern) && n.pattern.size() > 2 && n.pattern.front() == '^' &&
              n.pattern.back() == '$';
     }},
    {"x-compare", ReadCompare},
    {"x-cost",
     [](const Value& v, PropertyNode& n) {
       return ReadByVersion(v, n.costs, [](const Value& word) { return FindWord(kCosts, word); });
     }},
    {"x-cost-note", [](const Value& v, PropertyNode& n) { return ReadText(v, n.cost_note); }},
    {"x-default",
     [](const Value& v, PropertyNode& n) {
       return ReadByVersion(v, n.defaults,
                            [](const Value& value) { return std::optional<Value>(value); });
     }},
    {"x-filled",
     [](const Value& v, PropertyNode& n) {
       n.filled = v;
       return true;
     }},
    {"x-beside",
     [](const Value& v, PropertyNode& n) {
       if (v.IsObject()) n.beside = v;
       return v.IsObject();
     }},
    {"x-returned",
     [](const Value& v, PropertyNode& n) {
       if (v.IsBool()) n.returned = v.AsBool();
       return v.IsBool();
     }},
    {"x-secret", ReadSecret},
    {"x-since", ReadSince},
    {"x-until", [](const Value& v, PropertyNode& n) { return ReadText(v, n.until); }},
    {"x-range", ReadRange},
    {"x-row",
     [](const Value& v, PropertyNode& n) {
       if (v.IsInt()) n.row = static_cast<int>(v.AsInt());
       return v.IsInt() && n.row > 0;
     }},
}};

}  // namespace

KeywordOutcome ReadKeyword(const Member& keyword, PropertyNode& node) {
  for (const Keyword& known : kKeywords) {
    if (known.name != keyword.name) continue;
    return known.read(keyword.value, node) ? KeywordOutcome::kRead : KeywordOutcome::kBadValue;
  }
  return KeywordOutcome::kUnknown;
}

}  // namespace reconciler
