#include "daemon/property_example.h"

#include <algorithm>

#include "reconciler/core/text.h"
#include "reconciler/spec/yaml_text.h"

namespace reconciler::daemon {
namespace {

const Value* NewestDefault(const PropertyNode& row) {
  const Value* value = row.DefaultFor("9999-12-31");
  return value == nullptr || value->IsNull() ? nullptr : value;
}

bool Holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether that member may stand in that way to write an object.
bool Takes(const PropertyAlternative& way, std::string_view name) {
  return way.members.empty() || Holds(way.members, name) || Holds(way.required, name);
}

/// Whether the row's own example can have that member beside its own.
bool ExampleTakes(const PropertyNode& row, std::string_view chosen) {
  if (row.examples.empty() || !row.examples.front().IsObject()) return false;
  if (row.alternatives.empty()) return true;
  const Object& members = row.examples.front().AsObject();
  return std::any_of(
      row.alternatives.begin(), row.alternatives.end(), [&](const PropertyAlternative& way) {
        return Takes(way, chosen) &&
               std::all_of(members.begin(), members.end(),
                           [&way](const Member& member) { return Takes(way, member.name); });
      });
}

/// What has to stand beside `chosen`.
std::vector<std::string> NamesBeside(const PropertyNode& row, std::string_view chosen) {
  std::vector<std::string> names = row.required;
  if (row.alternatives.empty()) return names;
  const PropertyAlternative* way = &row.alternatives.front();
  for (const PropertyAlternative& other : row.alternatives) {
    if (!Holds(other.members, chosen) && !Holds(other.required, chosen)) continue;
    way = &other;
    break;
  }
  names.insert(names.end(), way->required.begin(), way->required.end());
  return names;
}

/// The row's own example with `value` as the member `chosen`.
Object ChangeExample(const PropertyNode& row, std::string_view chosen, const Value& value) {
  Value changed = row.examples.front();
  if (Value* member = changed.Find(chosen); member != nullptr) {
    *member = value;
  } else {
    changed.AsObject().push_back({std::string(chosen), value});
  }
  return changed.AsObject();
}

/// What the row requires and `value` as the member `chosen`, in the order of the schema; or its own
/// example with that.
Object FillObject(const PropertyNode& row, std::string_view chosen, const Value& value) {
  if (!chosen.empty() && ExampleTakes(row, chosen)) return ChangeExample(row, chosen, value);
  const std::vector<std::string> names = NamesBeside(row, chosen);
  Object filled;
  for (const PropertyNode& member : row.members) {
    if (member.name == chosen) {
      filled.push_back({member.name, value});
    } else if (Holds(names, member.name)) {
      filled.push_back({member.name, ExampleOf(member)});
    }
  }
  return filled;
}

Value ExampleObject(const PropertyNode& row) {
  if (row.further != nullptr) return Object{{"name", ExampleOf(*row.further)}};
  Object filled = FillObject(row, "", Value());
  if (filled.empty() && !row.members.empty()) {
    const PropertyNode& first = row.members.front();
    filled.push_back({first.name, ExampleOf(first)});
  }
  return filled;
}

/// `value` as the member `name` of the row, within lists if the row is one.
Value Wrap(const PropertyNode& row, const std::string& name, Value value, bool fill) {
  if (row.item != nullptr) {
    return Array{Wrap(*row.item, name, std::move(value), fill)};
  }
  if (row.FindMember(name) == nullptr) return Object{{"name", std::move(value)}};  // a map
  if (!fill) return Object{{name, std::move(value)}};
  return FillObject(row, name, value);
}

/// Writes `beside` over `value`, member by member and item by item.
void Overlay(Value& value, const Value& beside) {
  if (beside.IsObject() && value.IsObject()) {
    for (const Member& member : beside.AsObject()) {
      if (value.Find(member.name) == nullptr) value.Set(member.name, member.value);
      Overlay(*value.Find(member.name), member.value);
    }
  } else if (beside.IsArray() && value.IsArray()) {
    Array& items = value.AsArray();
    for (std::size_t i = 0; i < beside.AsArray().size(); ++i) {
      if (i == items.size()) items.push_back(beside.AsArray()[i]);
      Overlay(items[i], beside.AsArray()[i]);
    }
  } else {
    value = beside;
  }
}

}  // namespace

Value ExampleOf(const PropertyNode& row) {
  if (!row.examples.empty()) return row.examples.front();
  if (row.secret == SecretUse::kAlways) return Object{{"secretRef", "name-in-configuration"}};
  const Value* by_default = NewestDefault(row);
  if (row.type == ValueType::kBoolean) return by_default == nullptr || !by_default->AsBool();
  if (!row.allowed.empty()) return row.allowed.front();
  if (row.type == ValueType::kList) return Array{ExampleOf(*row.item)};
  if (row.type == ValueType::kObject) return ExampleObject(row);
  if (by_default != nullptr) return *by_default;
  if (row.type == ValueType::kInteger) return row.minimum.value_or(1);
  return "text";
}

Value ExampleInContext(std::string_view kind, const PropertyPlace& place) {
  Value value = ExampleOf(*place.row);
  std::vector<PropertyPlace> above{DocumentPlace(kind)};
  const std::vector<std::string_view> steps = SplitText(place.path, '.');
  for (const std::string_view step : steps) {
    const std::string_view name = step.substr(0, step.find('['));
    for (const PropertyPlace& member : MembersOf(above.back())) {
      if (member.row->name != name) continue;
      above.push_back(member);
      break;
    }
  }
  for (std::size_t i = above.size() - 1; i-- > 0;) {
    const bool fill = !above[i].path.empty() && above[i].path != "spec";
    value = Wrap(*above[i].row, above[i + 1].row->name, std::move(value), fill);
  }
  for (const PropertyPlace& at : above) {
    if (!at.row->beside.IsNull()) Overlay(value, at.row->beside);
  }
  return value;
}

std::string ExampleYaml(std::string_view kind, const PropertyPlace& place) {
  constexpr std::size_t kLineMax = 66;
  return spec::WriteYaml(ExampleInContext(kind, place), *DocumentPlace(kind).row, {}, kLineMax);
}

}  // namespace reconciler::daemon
