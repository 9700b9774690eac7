#include "daemon/property_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconciler/spec/yaml_text.h"

namespace reconciler::daemon {
namespace {

bool IsDuration(const PropertyNode& row) {
  return row.compare == Compare::kDuration || !row.range_min.empty() || !row.range_max.empty();
}

bool HasDefault(const Value* value) { return value != nullptr && !value->IsNull(); }

std::string Plural(const std::string& type) {
  if (type == "text" || type.find(' ') != std::string::npos) return type;
  return type + "s";
}

std::string Range(const std::string& least, const std::string& most, std::string_view unit) {
  if (least.empty() && most.empty()) return "";
  const std::string behind = unit.empty() ? "" : fmt::format(" {}", unit);
  if (most.empty()) return fmt::format("at least {}{}", least, behind);
  if (least.empty()) return fmt::format("at most {}{}", most, behind);
  return fmt::format("{} to {}{}", least, most, behind);
}

template <class T>
std::string Number(const std::optional<T>& bound) {
  return bound ? fmt::format("{}", *bound) : "";
}

/// The largest number of 32 bits is no limit that anybody asks for.
std::string Most(const PropertyNode& row) {
  return row.maximum && *row.maximum == INT32_MAX ? "" : Number(row.maximum);
}

std::string Lengths(const PropertyNode& row) {
  const bool has_least = row.length_min && *row.length_min > 0 && row.length_max;
  return Range(has_least ? Number(row.length_min) : "", Number(row.length_max), "characters");
}

}  // namespace

std::string TypeWords(const PropertyNode& row) {
  if (row.secret == SecretUse::kAlways) return "{secretRef: name}";
  if (row.secret == SecretUse::kMaybe) return "text or {secretRef: name}";
  switch (row.type) {
    case ValueType::kBoolean:
      return "boolean";
    case ValueType::kInteger:
      return "integer";
    case ValueType::kString:
      return IsDuration(row) ? "duration" : "text";
    case ValueType::kList:
      return "list of " + Plural(TypeWords(*row.item));
    case ValueType::kObject:
      if (row.further != nullptr) return "map of name to " + TypeWords(*row.further);
      return row.open ? "object of any form" : "object";
    case ValueType::kAny:
      break;
  }
  return row.allowed.empty() ? "any" : "text";
}

std::string ShortTypeWords(const PropertyNode& row) {
  if (row.secret == SecretUse::kAlways) return "secret";
  if (row.secret == SecretUse::kMaybe) return "text or secret";
  if (row.type == ValueType::kList) return "list of " + Plural(ShortTypeWords(*row.item));
  if (row.type == ValueType::kObject) return row.further != nullptr ? "map" : "object";
  return TypeWords(row);
}

std::string ValueWords(const PropertyNode& row) {
  if (row.item != nullptr) return ValueWords(*row.item);
  std::vector<std::string> words;
  for (const Value& value : row.allowed) {
    words.push_back(spec::FlowYaml(value));
    if (!value.IsString()) continue;
    const std::string_view since = row.ValueSince(value.AsString());
    if (!since.empty()) words.back() += fmt::format(" ({})", VersionsInWords(since, ""));
  }
  const bool fold = row.compare == Compare::kCaseFold && !words.empty();
  return fmt::format("{}{}", fmt::join(words, ", "), fold ? "; case does not matter" : "");
}

std::string LimitWords(const PropertyNode& row) {
  std::vector<std::string> words;
  const auto add = [&words](const std::string& text) {
    if (!text.empty()) words.push_back(text);
  };
  add(Range(Number(row.items_min), Number(row.items_max), "items"));
  add(Range(Number(row.minimum), Most(row), ""));
  add(Range(row.range_min, row.range_max, ""));
  if (!IsDuration(row)) add(Lengths(row));
  if (!row.pattern.empty() && !IsDuration(row)) add("matches `" + row.pattern + "`");
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string VersionMark(const PropertyNode& row) {
  if (row.since.empty() && row.until.empty()) return "";
  if (row.until.empty()) return fmt::format(" (since {})", row.since);
  if (row.since.empty()) return fmt::format(" (until {})", row.until);
  return fmt::format(" ({} to {})", row.since, row.until);
}

std::string RequiredWords(const PropertyPlace& place) {
  if (place.parent == nullptr) return "";
  const std::string& name = place.row->name;
  if (name == "*") return "";
  if (place.parent->IsRequired(name)) return "yes";
  std::vector<std::string> ways;
  bool is_way = false;
  for (const PropertyAlternative& way : place.parent->alternatives) {
    ways.push_back(way.member);
    is_way = is_way || way.member == name;
    const auto& needs = way.required;
    if (way.member != name && std::find(needs.begin(), needs.end(), name) != needs.end()) {
      return "with " + way.member;
    }
  }
  return is_way ? fmt::format("exactly one of {}", fmt::join(ways, ", ")) : "no";
}

std::string DefaultWords(const PropertyPlace& place) {
  const PropertyNode& row = *place.row;
  const std::string required = RequiredWords(place);
  if (row.secret == SecretUse::kAlways || required == "yes") return "";
  const auto& entries = row.defaults.entries;
  if (entries.empty()) {
    if (!place.in_spec || required != "no") return "";
    const std::string filled =
        row.filled.IsNull() ? ""
                            : fmt::format(" (it has filled in {})", spec::FlowYaml(row.filled));
    return fmt::format("left to the service{}: where it is absent it is not compared", filled);
  }
  std::vector<std::string> words;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    words.push_back(HasDefault(&entry->second) ? spec::FlowYaml(entry->second) : "nothing");
    const bool is_first = std::next(entry) == entries.rend();
    if (entries.size() == 1) break;
    words.back() += is_first ? " before" : " " + VersionsInWords(entry->first, "");
  }
  return fmt::format("{}", fmt::join(words, "; "));
}

std::string CompareWords(const PropertyNode& row) {
  if (!row.returned)
    return "by a keyed digest that is kept with the pool, since it is not returned";
  const std::string empty = row.empty_is_value ? "; an empty list is not an absent one" : "";
  switch (row.compare) {
    case Compare::kExact:
      return "exactly";
    case Compare::kCaseFold:
      return "without regard to case";
    case Compare::kText:
      return "as text; line ends and white space at the end do not count";
    case Compare::kDuration:
      return "by length: PT60M is PT1H";
    case Compare::kUrl:
      return "up to the query, which may be a secret";
    case Compare::kJson:
      return "as JSON, members in any order";
    case Compare::kObject:
      return "member by member";
    case Compare::kList:
      return "item by item, order matters" + empty;
    case Compare::kSet:
      return "items in any order" + empty;
    case Compare::kByKey:
      return fmt::format("items in any order, matched by {}{}", row.key, empty);
    case Compare::kNone:
      return "never: it goes along with the next call";
  }
  return "";
}

std::string CostMeaning(Cost cost) {
  switch (cost) {
    case Cost::kPatch:
      return "changed at any time, no node is disturbed";
    case Cost::kReboot:
      return "changed at any time, reaches nodes when they restart";
    case Cost::kScale:
      return "changed by a resize or autoscale call; nodes may come and go";
    case Cost::kEmpty:
      return "only while the pool has no nodes; this version shows it as blocked";
    case Cost::kReplace:
      return "only on a new pool; this version shows it as blocked";
    case Cost::kArm:
      return "only through the management plane; this version shows it as blocked";
  }
  return "";
}

std::vector<std::string> CostWords(const PropertyNode& row) {
  std::vector<std::string> lines;
  const auto& entries = row.costs.entries;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    // The newest stands alone; the others say before which version they held.
    const std::string before =
        entry == entries.rbegin() ? ""
                                  : fmt::format("before api-version {}, ", std::prev(entry)->first);
    lines.push_back(
        fmt::format("{}{}: {}", before, CostName(entry->second), CostMeaning(entry->second)));
  }
  return lines;
}

std::string SecretWords(const PropertyNode& row) {
  switch (row.secret) {
    case SecretUse::kAlways:
      return "yes: never written in a spec, never returned by the service";
    case SecretUse::kMaybe:
      return "if it is one, write {secretRef: name} in its place";
    case SecretUse::kNone:
      break;
  }
  return "";
}

std::vector<std::string> AlternativeWords(const PropertyNode& row) {
  std::vector<std::string> lines;
  for (const PropertyAlternative& way : row.alternatives) {
    const auto& names = way.members.empty() ? way.required : way.members;
    std::string line = way.title.empty() ? "" : way.title + ": ";
    for (const std::string& name : names) {
      const bool needed =
          std::find(way.required.begin(), way.required.end(), name) != way.required.end();
      if (&name != &names.front()) line += ", ";
      line += needed ? name : "[" + name + "]";
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace reconciler::daemon
