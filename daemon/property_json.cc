#include "daemon/property_json.h"

#include "daemon/property_example.h"
#include "daemon/property_words.h"

namespace reconciler::daemon {
namespace {

Value TextOrNull(const std::string& text) { return text.empty() ? Value() : Value(text); }

template <class T>
Value NumberOrNull(const std::optional<T>& number) {
  return number ? Value(static_cast<std::int64_t>(*number)) : Value();
}

Value Names(const std::vector<std::string>& names) {
  Array list;
  for (const std::string& name : names) list.emplace_back(name);
  return list;
}

Value Limits(const PropertyNode& row) {
  return Object{{"itemsMax", NumberOrNull(row.items_max)},
                {"itemsMin", NumberOrNull(row.items_min)},
                {"lengthMax", NumberOrNull(row.length_max)},
                {"lengthMin", NumberOrNull(row.length_min)},
                {"max", row.range_max.empty() ? NumberOrNull(row.maximum) : Value(row.range_max)},
                {"min", row.range_min.empty() ? NumberOrNull(row.minimum) : Value(row.range_min)},
                {"pattern", TextOrNull(row.pattern)}};
}

Value Values(const PropertyNode& row) {
  Array values;
  for (const Value& value : row.allowed) {
    const bool is_text = value.IsString();
    const std::string since(is_text ? row.ValueSince(value.AsString()) : std::string_view());
    values.push_back(Object{{"since", TextOrNull(since)}, {"value", value}});
  }
  return values;
}

Value Costs(const PropertyNode& row) {
  Array costs;
  for (const auto& [since, cost] : row.costs.entries) {
    costs.push_back(Object{
        {"cost", CostName(cost)}, {"meaning", CostMeaning(cost)}, {"since", TextOrNull(since)}});
  }
  return costs;
}

Value Defaults(const PropertyNode& row) {
  Array defaults;
  for (const auto& [since, value] : row.defaults.entries) {
    defaults.push_back(Object{{"since", TextOrNull(since)}, {"value", value}});
  }
  return defaults;
}

Value Alternatives(const PropertyNode& row) {
  Array ways;
  for (const PropertyAlternative& way : row.alternatives) {
    ways.push_back(Object{{"members", Names(way.members)},
                          {"required", Names(way.required)},
                          {"title", TextOrNull(way.title)}});
  }
  return ways;
}

std::string_view SecretWord(SecretUse secret) {
  switch (secret) {
    case SecretUse::kAlways:
      return "always";
    case SecretUse::kMaybe:
      return "maybe";
    case SecretUse::kNone:
      break;
  }
  return "never";
}

Value ToJson(std::string_view kind, const PropertyPlace& place) {
  const PropertyNode& row = *place.row;
  const bool compares = place.in_spec && place.path != "spec";
  return Object{{"alternatives", Alternatives(place.Inner())},
                {"comparison", TextOrNull(compares ? CompareWords(row) : "")},
                {"costNote", TextOrNull(row.cost_note)},
                {"costs", Costs(row)},
                {"defaults", Defaults(row)},
                {"description", row.description},
                {"example", ExampleInContext(kind, place)},
                {"limits", Limits(row)},
                {"path", place.path},
                {"required", TextOrNull(RequiredWords(place))},
                {"returned", row.returned},
                {"secret", SecretWord(row.secret)},
                {"since", TextOrNull(place.since)},
                {"type", TypeWords(row)},
                {"until", TextOrNull(place.until)},
                {"values", Values(row.item == nullptr ? row : place.Inner())}};
}

}  // namespace

Value PropertiesToJson(std::string_view kind, const std::vector<PropertyPlace>& places,
                       bool recursive) {
  Array properties;
  for (const PropertyPlace& place : places) {
    std::vector<PropertyPlace> all = recursive ? AllBelow(place) : MembersOf(place);
    if (!recursive) all.insert(all.begin(), place);
    for (const PropertyPlace& below : all) properties.push_back(ToJson(kind, below));
  }
  return Object{{"formatVersion", "1"}, {"kind", kind}, {"properties", std::move(properties)}};
}

}  // namespace reconciler::daemon
